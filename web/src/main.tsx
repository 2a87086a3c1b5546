import { render } from 'preact';

render(<h1>CredVault</h1>, document.getElementById('app')!);
