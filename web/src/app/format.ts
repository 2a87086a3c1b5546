// Numbers grouped, sizes in binary units, times relative.
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

export const formatNumber = (value: number | bigint): string => grouped.format(value);
/** For axes: 1.2M. */
export const formatShort = (value: number): string => short.format(value);

export function formatBytes(bytes: number): string {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
    const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
    return `${grouped.format(bytes / 1024 ** power)} ${units[power]}`;
}

export function formatDuration(seconds: number): string {
    if (seconds < 0.001) return `${grouped.format(seconds * 1e6)} µs`;
    if (seconds < 1) return `${grouped.format(seconds * 1e3)} ms`;
    if (seconds < 90) return `${grouped.format(seconds)} s`;
    if (seconds < 5400) return `${grouped.format(seconds / 60)} min`;
    if (seconds < 129_600) return `${grouped.format(seconds / 3600)} h`;
    return `${grouped.format(seconds / 86_400)} days`;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_557_600],
    ['month', 2_629_800],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
];

/** "3 minutes ago", "in 2 days". */
export function formatAgo(time: string | Date, now = Date.now()): string {
    const seconds = (new Date(time).getTime() - now) / 1000;
    for (const [unit, length] of STEPS) {
        if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
    }
    if (Math.abs(seconds) < 10) return 'just now';
    return seconds < 0 ? `${Math.trunc(-seconds)} s ago` : `in ${Math.trunc(seconds)} s`;
}

export const formatExact = (time: string | Date): string => exact.format(new Date(time));
export const formatDay = (time: string | Date): string => day.format(new Date(time));

/** "1 key", "2 keys". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
    `${formatNumber(count)} ${count === 1 ? one : many}`;
