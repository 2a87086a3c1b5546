// What a workspace did and held, by day or by hour, as the server keeps it.
import { api } from '../app/api';

export interface Period {
    /** Seconds since 1970 of its beginning. Days and hours are those of UTC. */
    time: number;
    requests: number;
    errors: number;
    limited: number;
    /** In seconds; null where there were no calls, or where their times are not known. */
    p50: number | null;
    p95: number | null;
    p99: number | null;
    /** At its end; null where it is not known. */
    bytes: number | null;
    records: number | null;
}

const DAY = 86_400;
const HOUR = 3_600;

/** What may be looked at: the value in the address, and in words. */
export const RANGES = [
    ['1', '24 hours'],
    ['7', '7 days'],
    ['30', '30 days'],
    ['90', '90 days'],
] as const;
export const USUAL_RANGE = '1';

/** The range that an address asks for; the usual one where it names none. */
export const rangeOf = (asked: string | null | undefined): string =>
    RANGES.find(([value]) => value === asked)?.[0] ?? USUAL_RANGE;

export const byHour = (range: string): boolean => range === '1';
export const dayText = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

/** The call that a range is read by, and the beginnings of its periods. */
export function questionOf(range: string, now = Date.now() / 1000) {
    const length = byHour(range) ? HOUR : DAY;
    const count = byHour(range) ? 24 : Number(range);
    const last = Math.floor(now / length) * length;
    const times = Array.from({ length: count }, (_, index) => last - (count - 1 - index) * length);
    const group: 'hour' | 'day' = byHour(range) ? 'hour' : 'day';
    return { times, query: { from: dayText(times[0]!), to: dayText(last), group: [group] } };
}

/** All periods of the range, those of which the server knows nothing included. */
export async function readHistory(range: string, signal: AbortSignal): Promise<Period[]> {
    const { times, query } = questionOf(range);
    const { data } = await api.get('/v1/usage', { query, signal });
    const known = new Map(data.map((row) => [Date.parse(row.hour ?? row.day ?? '') / 1000, row]));
    const seconds = (ms: number | undefined) => (ms === undefined ? null : ms / 1000);
    return times.map((time) => {
        const row = known.get(time);
        return {
            time,
            requests: row?.requests ?? 0,
            errors: row?.errors ?? 0,
            limited: row?.limited ?? 0,
            p50: seconds(row?.latency_ms?.p50),
            p95: seconds(row?.latency_ms?.p95),
            p99: seconds(row?.latency_ms?.p99),
            bytes: row?.stored_bytes ?? null,
            records: row?.stored_records ?? null,
        };
    });
}
