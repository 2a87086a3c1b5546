export default function Tab() { return <p>This part is not there yet.</p>; }
