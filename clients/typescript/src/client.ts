import { parseJson, stringifyJson } from './json.js';
import { Transport, type Call, type ClientOptions } from './transport.js';
import type {
    BodyOf,
    Filters,
    ItemOf,
    Method,
    Pagination,
    PathParameters,
    PathWith,
    QueryParameters,
    ResultOf,
} from './types.js';
import { Database } from './database.js';

type QueryObject = Record<string, unknown> & { filters?: Filters | undefined };

/** What goes along with a call, beside path, query and body. */
export interface CallOptions {
    signal?: AbortSignal;
    /** The record or resource must still be as it was: its ETag. */
    ifMatch?: string;
    ifNoneMatch?: string;
    /**
     * Makes repeating a POST that writes safe for 24 hours. Where nothing is said, calls that take one get one, so that
     * they can be repeated; false sends none.
     */
    idempotencyKey?: string | false;
    headers?: Record<string, string>;
}

type Needed<Name extends string, T> = [T] extends [never]
    ? {}
    : {} extends T
      ? { [K in Name]?: T }
      : { [K in Name]: T };

/** Path parameters, query parameters and body as the operation has them. */
export type Input<P extends PathWith<M>, M extends Method> = CallOptions &
    Needed<'path', PathParameters<P, M>> &
    Needed<'query', QueryParameters<P, M>> &
    ([BodyOf<P, M>] extends [never] ? {} : { body?: BodyOf<P, M> | RawJson });

// The input may be left out where nothing in it is required.
type Inputs<P extends PathWith<M>, M extends Method> =
    {} extends Input<P, M> ? [input?: Input<P, M>] : [input: Input<P, M>];

/** A successful answer. */
export interface Answer<T> {
    data: T;
    status: number;
    headers: Headers;
    /** For `ifMatch` and `ifNoneMatch`. */
    etag: string | undefined;
    requestId: string | undefined;
    pagination: Pagination | undefined;
    /** The body as it came: numbers as they were written. */
    text: string;
}

/** JSON text that is sent as it stands. */
export class RawJson {
    constructor(readonly text: string) {}
}

interface AnyInput extends CallOptions {
    path?: Record<string, string>;
    query?: QueryObject;
    body?: unknown;
}

// POST calls that take an Idempotency-Key, and those that change nothing; the tests compare them with the document.
const KEYED = [
    /^\/v1\/databases(\/[^/]+\/(collections(\/[^/]+\/(indexes|records|update|delete|bulk|import))?|transactions))?$/,
    /^\/v1\/(api-keys(\/[^/]+\/rotate)?|data-rules|webhooks(\/[^/]+\/rotate)?|workspaces)$/,
];
const READING = /\/(query|count|distinct|explain|validate)$/;

// Unlikely to come twice; it is no secret. Node 18 and pages that came without TLS have no crypto.randomUUID.
function newKey(): string {
    const part = () => Math.random().toString(36).slice(2).padEnd(11, '0');
    return globalThis.crypto?.randomUUID?.() ?? `${Date.now().toString(36)}-${part()}-${part()}`;
}

/** Whether the POST takes an Idempotency-Key that the client sends by itself. An import as a job takes none. */
export const isKeyed = (path: string, query: Record<string, unknown> = {}): boolean =>
    KEYED.some((pattern) => pattern.test(path)) && !(path.endsWith('/import') && String(query['job']) === 'true');

/**
 * The API of a CredVault server. Methods take paths as the OpenAPI document has them, with their parameters typed:
 * `client.get('/v1/databases/{database}', { path: { database: 'shop' } })`. They throw ApiError and ConnectionError.
 */
export class CredVault {
    readonly transport: Transport;

    constructor(options: ClientOptions = {}) {
        this.transport = new Transport(options);
    }

    get<P extends PathWith<'get'>>(path: P, ...[input]: Inputs<P, 'get'>): Promise<Answer<ResultOf<P, 'get'>>> {
        return this.answer('GET', path, input as AnyInput);
    }

    post<P extends PathWith<'post'>>(path: P, ...[input]: Inputs<P, 'post'>): Promise<Answer<ResultOf<P, 'post'>>> {
        return this.answer('POST', path, input as AnyInput);
    }

    put<P extends PathWith<'put'>>(path: P, ...[input]: Inputs<P, 'put'>): Promise<Answer<ResultOf<P, 'put'>>> {
        return this.answer('PUT', path, input as AnyInput);
    }

    patch<P extends PathWith<'patch'>>(path: P, ...[input]: Inputs<P, 'patch'>): Promise<Answer<ResultOf<P, 'patch'>>> {
        return this.answer('PATCH', path, input as AnyInput);
    }

    delete<P extends PathWith<'delete'>>(
        path: P,
        ...[input]: Inputs<P, 'delete'>
    ): Promise<Answer<ResultOf<P, 'delete'>>> {
        return this.answer('DELETE', path, input as AnyInput);
    }

    /** The pages of a list, one call each, until the last. */
    async *pages<P extends PathWith<'get'>>(
        path: P,
        ...[input]: Inputs<P, 'get'>
    ): AsyncGenerator<Answer<ItemOf<P>[]>> {
        const first = (input ?? {}) as AnyInput;
        let cursor = first.query?.['cursor'];
        do {
            const query = { ...first.query, cursor };
            const page = await this.answer<ItemOf<P>[]>('GET', path, { ...first, query });
            yield page;
            cursor = page.pagination?.has_more ? page.pagination.next_cursor : undefined;
        } while (cursor !== undefined);
    }

    /** All items of a list, page by page. */
    async *list<P extends PathWith<'get'>>(path: P, ...inputs: Inputs<P, 'get'>): AsyncGenerator<ItemOf<P>> {
        for await (const page of this.pages(path, ...inputs)) yield* page.data;
    }

    database(name: string): Database {
        return new Database(this, name);
    }

    /** The answer to any call of the API, JSON both ways, without types. */
    async answer<T>(method: string, path: string, input: AnyInput = {}): Promise<Answer<T>> {
        const response = await this.transport.call(this.prepare(method, path, input));
        const text = await response.text();
        const json = /\bjson\b/.test(response.headers.get('Content-Type') ?? '') && text ? parseJson(text) : undefined;
        const envelope = (json ?? {}) as { data?: T; pagination?: Pagination };
        return {
            data: (json !== undefined && 'data' in envelope ? envelope.data : (json ?? (text || undefined))) as T,
            status: response.status,
            headers: response.headers,
            etag: response.headers.get('ETag') ?? undefined,
            requestId: response.headers.get('X-Request-Id') ?? undefined,
            pagination: envelope.pagination,
            text,
        };
    }

    /** An answer whose body is still to be read. */
    stream(method: string, path: string, input: AnyInput = {}): Promise<Response> {
        return this.transport.call({ ...this.prepare(method, path, input), stream: true });
    }

    private prepare(method: string, path: string, input: AnyInput): Call {
        const target = targetOf(path, input.path, input.query);
        const headers: Record<string, string> = { ...input.headers };
        if (input.ifMatch) headers['If-Match'] = input.ifMatch;
        if (input.ifNoneMatch) headers['If-None-Match'] = input.ifNoneMatch;
        const keyed = method === 'POST' && isKeyed(path, input.query);
        const key = input.idempotencyKey ?? (keyed ? newKey() : false);
        if (key) headers['Idempotency-Key'] = key;
        const body = bodyOf(input.body, headers);
        const repeatable =
            ['GET', 'PUT', 'DELETE'].includes(method) || Boolean(key) || (method === 'POST' && READING.test(path));
        return { method, target, headers, body, repeatable, signal: input.signal };
    }
}

function bodyOf(body: unknown, headers: Record<string, string>): BodyInit | undefined {
    if (body === undefined || 'Content-Type' in headers) return body as BodyInit | undefined;
    headers['Content-Type'] = 'application/json';
    return body instanceof RawJson ? body.text : stringifyJson(body);
}

/** Path and query string: parameters percent-encoded, lists with commas, filters by field as they are called. */
export function targetOf(path: string, parameters: Record<string, string> = {}, query: QueryObject = {}): string {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = parameters[name];
        if (value === undefined) throw new TypeError(`The path parameter '${name}' is missing`);
        return encodeURIComponent(value);
    });
    const { filters, ...named } = query;
    const pairs = [...Object.entries(named), ...Object.entries(filters ?? {})]
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(queryText(value))}`);
    return pairs.length > 0 ? `${filled}?${pairs.join('&')}` : filled;
}

function queryText(value: unknown): string {
    if (Array.isArray(value)) return value.map(String).join(',');
    return typeof value === 'object' ? stringifyJson(value) : String(value);
}
