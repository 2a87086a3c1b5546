// The server's own counters, asked for again and again: what happened between two answers.

export interface Sample {
    at: number;
    requests: number;
    errors: number;
    /** Upper bounds in seconds, and how many requests took at most so long. */
    bounds: number[];
    counts: number[];
    total: number;
}

const LINE = /^(\w+)(?:\{([^}]*)\})? (\S+)$/;

const labelsOf = (text: string | undefined): Record<string, string> =>
    Object.fromEntries([...(text ?? '').matchAll(/(\w+)="([^"]*)"/g)].map((found) => [found[1]!, found[2]!]));

// What watching does is no use of the server.
const WATCHING = ['getMetrics'];

/** Reads the text format of Prometheus. */
export function readMetrics(text: string, at: number): Sample {
    const buckets = new Map<number, number>();
    let requests = 0;
    let errors = 0;
    let total = 0;
    for (const line of text.split('\n')) {
        const [, name, labelText, valueText] = LINE.exec(line) ?? [];
        if (!name?.startsWith('credvault_request')) continue;
        const labels = labelsOf(labelText);
        const value = Number(valueText);
        if (WATCHING.includes(labels['operation'] ?? '')) continue;
        if (name === 'credvault_requests_total') {
            requests += value;
            if (Number(labels['status']) >= 400) errors += value;
        } else if (name === 'credvault_request_seconds_bucket' && labels['le'] !== '+Inf') {
            const bound = Number(labels['le']);
            buckets.set(bound, (buckets.get(bound) ?? 0) + value);
        } else if (name === 'credvault_request_seconds_count') {
            total += value;
        }
    }
    const bounds = [...buckets.keys()].sort((a, b) => a - b);
    return { at, requests, errors, bounds, counts: bounds.map((bound) => buckets.get(bound) ?? 0), total };
}

/**
 * The time in seconds within which the share of requests between two samples was answered, drawn evenly through its
 * bucket as Prometheus does it; undefined where there were none. `before` undefined: since the server was started.
 */
export function quantile(share: number, now: Sample, before?: Sample): number | undefined {
    const all = now.total - (before?.total ?? 0);
    if (all <= 0) return undefined;
    const wanted = share * all;
    let lower = 0;
    let below = 0;
    for (const [index, bound] of now.bounds.entries()) {
        const upTo = (now.counts[index] ?? 0) - (before?.counts[index] ?? 0);
        if (upTo >= wanted) return lower + (bound - lower) * (upTo === below ? 1 : (wanted - below) / (upTo - below));
        lower = bound;
        below = upTo;
    }
    return lower;
}
