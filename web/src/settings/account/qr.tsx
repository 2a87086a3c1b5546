import { encode } from 'uqr';

/** Text as a QR code, dark on white in both colour schemes, since that is what cameras expect. */
export function QrCode({ text, label }: { text: string; label: string }) {
    const { data, size } = encode(text, { border: 4 });
    const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
    return (
        <svg
            role="img"
            aria-label={label}
            width="208"
            height="208"
            viewBox={`0 0 ${size} ${size}`}
            shape-rendering="crispEdges"
        >
            <rect width={size} height={size} fill="#fff" />
            <path d={path} fill="#000" />
        </svg>
    );
}
