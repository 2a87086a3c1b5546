// Line icons on a grid of 16, drawn for this dashboard.
const PATHS = {
    home: 'M2.5 7.5 8 3l5.5 4.5V13h-3.7V9.5H6.2V13H2.5z',
    data: 'M3 4.2C3 3 5.2 2.3 8 2.3s5 .7 5 1.9-2.2 1.9-5 1.9-5-.7-5-1.9zM3 4.2v7.6c0 1.2 2.2 1.9 5 1.9s5-.7 5-1.9V4.2M3 8c0 1.2 2.2 1.9 5 1.9s5-.7 5-1.9',
    webhook:
        'M8 5.2a2 2 0 1 0-1.8-1.1M7.2 5.8 4.9 9.6M4.1 10.2A2 2 0 1 0 6 12.5h4M9 5.5l2.2 3.8M11.6 9.4a2 2 0 1 1-1.4 3.6',
    settings: 'M3 4.5h6M12 4.5h1M3 8h1M7 8h6M3 11.5h5M11 11.5h2M9 3v3M4.5 6.5v3M8.5 10v3',
    search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3 13.5 13.5',
    menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
    close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
    copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
    check: 'M3 8.5l3.5 3.5L13 4.5',
    down: 'M3.5 6l4.5 4.5L12.5 6',
    right: 'M6 3.5 10.5 8 6 12.5',
    left: 'M10 3.5 5.5 8 10 12.5',
    up: 'M3.5 10 8 5.5l4.5 4.5',
    more: 'M3.2 8h.1M8 8h.1M12.8 8h.1',
    add: 'M8 3v10M3 8h10',
    link: 'M9 2.8h4.2V7M13 3 7.5 8.5M11 9v4H3V5h4',
    alert: 'M8 2.5 14.2 13.3H1.8zM8 6.5v3.2M8 11.5v.1',
    refresh: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.6h-2.6',
    user: 'M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM3 13.5c.5-2.4 2.4-3.6 5-3.6s4.5 1.2 5 3.6',
    edit: 'M3 13l.6-2.8 7.2-7.2 2.2 2.2-7.2 7.2zM9.5 4.3l2.2 2.2',
    play: 'M4.5 3v10l8-5z',
    pause: 'M5 3v10M11 3v10',
    trash: 'M2.8 4.5h10.4M6 4.5V2.8h4v1.7M4.2 4.5l.6 8.7h6.4l.6-8.7',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: whatever it says stands beside it in words, or in the label of its button. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
    return (
        <svg
            class="icon"
            width={size}
            height={size}
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width={name === 'more' ? 2.2 : 1.4}
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d={PATHS[name]} />
        </svg>
    );
}
