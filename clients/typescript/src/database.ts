import type { Answer, CallOptions, CredVault } from './client.js';
import { ApiError, ConnectionError } from './errors.js';
import { parseJson, type JsonObject, type JsonValue } from './json.js';
import { eventsOf, linesOf } from './streams.js';
import { pause } from './transport.js';
import type { Filters } from './types.js';

/** A record as the API returns it. */
export type StoredRecord = JsonObject & { id: string };

export interface ListParameters {
    limit?: number;
    offset?: number;
    cursor?: string;
    sort?: string;
    fields?: string;
    count?: 'default' | 'exact' | 'none';
    filter?: JsonObject;
    filters?: Filters;
}

export interface Query {
    filter?: JsonObject;
    sort?: string | JsonObject;
    projection?: JsonObject;
    limit?: number;
    offset?: number;
    cursor?: string;
    count?: 'default' | 'exact' | 'none';
    timeout_ms?: number;
}

export interface Change {
    position: string;
    operation: 'insert' | 'update' | 'delete' | 'drop' | 'replace' | 'gap';
    collection?: string;
    id?: string;
    version?: number;
    time?: string;
    actor?: string;
    record?: JsonObject | null;
    record_state?: string;
    before?: JsonObject | null;
}

export interface ChangeParameters {
    /** A position, `oldest`, or `now` (where nothing is said). */
    since?: string;
    operations?: string;
    filter?: JsonObject;
    record?: boolean;
    before?: boolean;
    collection?: string;
}

export interface FollowOptions {
    signal?: AbortSignal;
    /** Told when the stream is open, and when it was lost and why; undefined where the server ended it. */
    onConnection?: (open: boolean, error?: unknown) => void;
}

type Path = { database: string; collection: string };
const RECORDS = '/v1/databases/{database}/collections/{collection}/records';

export class Database {
    constructor(
        private readonly client: CredVault,
        readonly name: string,
    ) {}

    collection(name: string): Collection {
        return new Collection(this.client, this.name, name);
    }

    /** The changes of all collections from now on, or from `since`; goes on by itself when the connection is lost. */
    changes(parameters: ChangeParameters = {}, options: FollowOptions = {}): AsyncGenerator<Change> {
        return follow(this.client, '/v1/databases/{database}/changes', { database: this.name }, parameters, options);
    }
}

/** Records of one collection. What is typed loosely here is typed by the caller: `insert<Order>(…)`. */
export class Collection {
    private readonly path: Path;

    constructor(
        private readonly client: CredVault,
        database: string,
        readonly name: string,
    ) {
        this.path = { database, collection: name };
    }

    /** One page of records. */
    page<T = StoredRecord>(query: ListParameters = {}, options: CallOptions = {}): Promise<Answer<T[]>> {
        return this.client.answer<T[]>('GET', RECORDS, { ...options, path: this.path, query: { ...query } });
    }

    /** All records that match, page by page. No snapshot: what is written meanwhile may or may not be in it. */
    async *list<T = StoredRecord>(query: ListParameters = {}, options: CallOptions = {}): AsyncGenerator<T> {
        let cursor = query.cursor;
        do {
            const page: Answer<T[]> = await this.page<T>(
                { ...query, ...(cursor === undefined ? {} : { cursor }) },
                options,
            );
            yield* page.data;
            cursor = page.pagination?.has_more ? page.pagination.next_cursor : undefined;
        } while (cursor !== undefined);
    }

    query<T = StoredRecord>(query: Query = {}, options: CallOptions = {}): Promise<Answer<T[]>> {
        return this.client.answer<T[]>('POST', this.at('query'), { ...options, path: this.path, body: query });
    }

    get<T = StoredRecord>(id: string, options: CallOptions = {}): Promise<Answer<T>> {
        return this.client.answer<T>('GET', `${RECORDS}/{id}`, { ...options, path: { ...this.path, id } });
    }

    /** One record, or an array of which all or none are inserted. */
    insert<T = StoredRecord>(records: object, options: CallOptions = {}): Promise<Answer<T>> {
        return this.client.answer<T>('POST', RECORDS, { ...options, path: this.path, body: records });
    }

    replace<T = StoredRecord>(id: string, record: object, options: CallOptions = {}): Promise<Answer<T>> {
        return this.client.answer<T>('PUT', `${RECORDS}/{id}`, {
            ...options,
            path: { ...this.path, id },
            body: record,
        });
    }

    /** A merge, or update operators where every key begins with `$`. */
    update<T = StoredRecord>(id: string, change: object, options: CallOptions = {}): Promise<Answer<T>> {
        return this.client.answer<T>('PATCH', `${RECORDS}/{id}`, {
            ...options,
            path: { ...this.path, id },
            body: change,
        });
    }

    delete(id: string, options: CallOptions = {}): Promise<Answer<undefined>> {
        return this.client.answer<undefined>('DELETE', `${RECORDS}/{id}`, { ...options, path: { ...this.path, id } });
    }

    aggregate<T = JsonValue>(
        pipeline: readonly object[],
        options: CallOptions & { limit?: number } = {},
    ): Promise<Answer<T[]>> {
        const { limit, ...rest } = options;
        return this.client.answer<T[]>('POST', this.at('aggregate'), {
            ...rest,
            path: this.path,
            body: { pipeline, limit },
        });
    }

    /** All records that match, as they come from the server; memory stays constant. */
    async *export<T = StoredRecord>(
        query: { filter?: JsonObject; sort?: string; fields?: string } = {},
        options: CallOptions = {},
    ): AsyncGenerator<T> {
        const response = await this.exportStream({ ...query, format: 'ndjson' }, options);
        if (response.body === null) return;
        for await (const line of linesOf(response.body)) if (line) yield parseJson(line) as T;
    }

    /** The same as a body to be written somewhere: NDJSON, a JSON array or CSV. */
    exportStream(
        query: {
            format?: 'ndjson' | 'json' | 'csv';
            filter?: JsonObject;
            sort?: string;
            fields?: string;
            delimiter?: string;
        } = {},
        options: CallOptions = {},
    ): Promise<Response> {
        return this.client.stream('GET', this.at('export'), { ...options, path: this.path, query: { ...query } });
    }

    /** Imports text, a file or a stream of `type`; the parameters are those of the API's `import`. */
    import<T = JsonObject>(
        data: BodyInit,
        type: 'application/x-ndjson' | 'application/json' | 'text/csv',
        query: Record<string, unknown> = {},
        options: CallOptions = {},
    ): Promise<Answer<T>> {
        const headers = { ...options.headers, 'Content-Type': type };
        return this.client.answer<T>('POST', this.at('import'), {
            ...options,
            headers,
            path: this.path,
            query,
            body: data,
        });
    }

    /** Changes from now on, or from `since`; goes on by itself when the connection is lost. */
    changes(parameters: ChangeParameters = {}, options: FollowOptions = {}): AsyncGenerator<Change> {
        return follow(this.client, this.at('changes'), this.path, parameters, options);
    }

    private at(call: string): string {
        return `/v1/databases/{database}/collections/{collection}/${call}`;
    }
}

// Each change comes at least once. Ends when the server ends the stream for good (the database is gone: 404) or when
// the signal is aborted.
async function* follow(
    client: CredVault,
    path: string,
    parameters: Record<string, string>,
    query: ChangeParameters,
    { signal, onConnection }: FollowOptions,
): AsyncGenerator<Change> {
    let position: string | undefined;
    for (let failures = 0; !signal?.aborted;) {
        // A signal of its own for each connection, so that those that are over leave nothing on the caller's.
        const connection = new AbortController();
        const stop = () => connection.abort(signal?.reason);
        signal?.addEventListener('abort', stop);
        try {
            const headers = { Accept: 'text/event-stream', ...(position ? { 'Last-Event-ID': position } : {}) };
            const response = await client.stream('GET', path, {
                headers,
                path: parameters,
                query: { ...query },
                signal: connection.signal,
            });
            if (response.body === null) return;
            onConnection?.(true);
            for await (const event of eventsOf(response.body)) {
                // What had come before it was aborted is not wanted either.
                if (signal?.aborted) return;
                failures = 0;
                position = event.id ?? position;
                if (event.data)
                    yield { ...(parseJson(event.data) as JsonObject), operation: event.event } as unknown as Change;
            }
            if (!signal?.aborted) onConnection?.(false);
        } catch (error) {
            if (signal?.aborted) return;
            // A connection that breaks while it is read is the stream's own error, a TypeError of fetch.
            if (error instanceof ApiError && error.status < 500 && error.status !== 429) throw error;
            if (!(error instanceof ApiError || error instanceof ConnectionError || error instanceof TypeError))
                throw error;
            onConnection?.(false, error);
        } finally {
            signal?.removeEventListener('abort', stop);
        }
        const { firstDelay, longestDelay } = client.transport.retry;
        await pause(Math.min(firstDelay * 2 ** failures++, longestDelay), signal).catch(() => {});
    }
}
