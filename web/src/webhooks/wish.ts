// What the form holds, and what of it the API is told.
import { stringifyJson, type JsonObject } from '@credvault/client';
import type { Webhook } from '../app/resources';
import { parseFilter } from '../data/filter-language';

export interface Wish {
    description: string;
    url: string;
    events: string[];
    database: string;
    collection: string;
    /** In the language of the filter bar, or JSON. */
    filter: string;
    payload: 'record' | 'changed' | 'ids';
    format: 'standard' | 'cloudevents';
    signature: 'v1' | 'v1a';
    /** "Name: value", one a line. */
    headers: string;
    perSecond: string;
    concurrency: string;
    enabled: boolean;
}

export function wishOf(webhook: Webhook | undefined): Wish {
    return {
        description: webhook?.description ?? '',
        url: webhook?.url ?? '',
        events: webhook?.events ?? ['document.*'],
        database: webhook?.database ?? '',
        collection: webhook?.collection ?? '',
        filter: webhook?.filter ? stringifyJson(webhook.filter) : '',
        payload: (webhook?.payload ?? 'record') as Wish['payload'],
        format: (webhook?.format ?? 'standard') as Wish['format'],
        signature: (webhook?.signature ?? 'v1') as Wish['signature'],
        headers: Object.entries(webhook?.headers ?? {})
            .map(([name, value]) => `${name}: ${String(value)}`)
            .join('\n'),
        perSecond: webhook?.max_per_second ? String(webhook.max_per_second) : '',
        concurrency: String(webhook?.max_concurrency ?? 10),
        enabled: webhook?.status !== 'disabled',
    };
}

/** What is wrong with the lines of headers. */
export function problemInHeaders(text: string): string | undefined {
    const bad = text.split('\n').find((line) => line.trim() !== '' && !/^[^:\s]+\s*:/.test(line.trim()));
    return bad === undefined ? undefined : `'${bad.trim()}' is no header field: write Name: value`;
}

function headersOf(text: string): Record<string, string> {
    const lines = text.split('\n').filter((line) => line.includes(':'));
    return Object.fromEntries(
        lines.map((line) => {
            const at = line.indexOf(':');
            return [line.slice(0, at).trim(), line.slice(at + 1).trim()] as const;
        }),
    );
}

/** The same lines without what only the receiver is to know: for what is copied and passed on. */
export const withoutSecrets = (text: string): string =>
    text.replace(/^([^:\n]*(?:auth|cookie|key|pass|secret|token)[^:\n]*):.*$/gim, '$1: …');

export function filterOf(text: string): { filter: JsonObject | undefined; problem: Error | undefined } {
    try {
        return { filter: parseFilter(text), problem: undefined };
    } catch (error) {
        return { filter: undefined, problem: error as Error };
    }
}

const numberOf = (text: string): number | string => (/^\d+$/.test(text.trim()) ? Number(text) : text);

/** The body that makes such a webhook: what is as by default is left out. */
export function bodyOf(wish: Wish): JsonObject {
    const { filter } = filterOf(wish.filter);
    const headers = headersOf(wish.headers);
    return {
        url: wish.url.trim(),
        events: wish.events,
        ...(wish.description !== '' && { description: wish.description }),
        ...(wish.database !== '' && { database: wish.database }),
        ...(wish.collection !== '' && { collection: wish.collection }),
        ...(filter && { filter }),
        ...(wish.payload !== 'record' && { payload: wish.payload }),
        ...(wish.format !== 'standard' && { format: wish.format }),
        ...(wish.signature !== 'v1' && { signature: wish.signature }),
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(wish.perSecond.trim() !== '' && { max_per_second: numberOf(wish.perSecond) }),
        ...(wish.concurrency.trim() !== '10' && { max_concurrency: numberOf(wish.concurrency) }),
        ...(!wish.enabled && { enabled: false }),
    };
}

/** What has to be sent so that a webhook that was as `before` becomes as `wish` says: what has changed. */
export function changesOf(before: Wish, wish: Wish): JsonObject {
    const { filter } = filterOf(wish.filter);
    const all: [keyof Wish, string, JsonObject[string]][] = [
        ['description', 'description', wish.description],
        ['url', 'url', wish.url.trim()],
        ['events', 'events', wish.events],
        ['database', 'database', wish.database],
        ['collection', 'collection', wish.collection],
        ['filter', 'filter', filter ?? {}],
        ['payload', 'payload', wish.payload],
        ['format', 'format', wish.format],
        ['headers', 'headers', headersOf(wish.headers)],
        ['perSecond', 'max_per_second', wish.perSecond.trim() === '' ? 0 : numberOf(wish.perSecond)],
        ['concurrency', 'max_concurrency', numberOf(wish.concurrency.trim() || '10')],
        ['enabled', 'enabled', wish.enabled],
    ];
    const changed = all.filter(([name]) => JSON.stringify(before[name]) !== JSON.stringify(wish[name]));
    return Object.fromEntries(changed.map(([, member, value]) => [member, value]));
}
