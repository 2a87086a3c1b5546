import { ApiError, ConnectionError, errorOf, isCode } from './errors.js';

export interface RetryOptions {
    /** How often a call is sent at most, the first time included. 1 never repeats. */
    attempts: number;
    /** Milliseconds before the second attempt; doubles with each further one. From a half to all of it is waited. */
    firstDelay: number;
    /** The longest wait in milliseconds. Where Retry-After asks for more, the error is thrown instead. */
    longestDelay: number;
}

export interface ClientOptions {
    /** Where the server is, without a path. In a browser: the page's own origin where it is left out. */
    url?: string;
    /** An API key. */
    apiKey?: string;
    /** An access token of a signed-in user, or what gives the one that holds now. */
    accessToken?: string | (() => string | Promise<string>);
    /** In a browser, on the server's own origin: the session is kept in cookies, and refreshed when it has run out. */
    cookie?: boolean;
    /** The workspace to act in, where it is not the session's or the key's own. */
    workspace?: string;
    retry?: Partial<RetryOptions>;
    /** Milliseconds after which a call without an answer ends; 0 waits for ever. Streams have no such bound. */
    timeout?: number;
    fetch?: typeof fetch;
}

export interface Call {
    method: string;
    /** Path and query string. */
    target: string;
    headers: Record<string, string>;
    body?: BodyInit | undefined;
    /** Whether sending it again does no harm. */
    repeatable: boolean;
    stream?: boolean | undefined;
    signal?: AbortSignal | undefined;
}

const RETRY: RetryOptions = { attempts: 4, firstDelay: 250, longestDelay: 20_000 };
const SAFE = ['GET', 'HEAD'];
// What may be gone by the next attempt. 408: the server did not take the request.
const TRANSIENT = [408, 429, 502, 503, 504];
// Nothing was done, whatever was asked for.
const UNDONE = [408, 429];

/** Sends calls: credentials, time limits, repetition. */
export class Transport {
    readonly url: string;
    readonly retry: RetryOptions;
    /** Of a session in cookies: what calls that change something send along. */
    csrfToken: string | undefined;
    /** Told when a session in cookies is over and can't be refreshed. */
    onSignedOut: (() => void) | undefined;
    private readonly send: typeof fetch;
    private refreshing: Promise<boolean> | undefined;

    constructor(private readonly options: ClientOptions) {
        this.url = (options.url ?? globalThis.location?.origin ?? '').replace(/\/+$/, '');
        this.retry = { ...RETRY, ...options.retry };
        this.send = options.fetch ?? ((...args) => globalThis.fetch(...args));
    }

    /** The answer to the call, whose status is below 400. Throws ApiError, ConnectionError, or the signal's reason. */
    async call(call: Call): Promise<Response> {
        for (let attempt = 1; ; attempt++) {
            try {
                return await this.once(call);
            } catch (error) {
                const delay = this.delayAfter(error, call, attempt);
                if (delay === undefined) throw error;
                await pause(delay, call.signal);
            }
        }
    }

    private async once(call: Call): Promise<Response> {
        const response = await this.attempt(call);
        if (response.ok) return response;
        const error = await errorOf(response);
        if (!this.options.cookie || call.target.startsWith('/v1/auth/log') || call.target === '/v1/auth/refresh')
            throw error;
        // The CSRF token goes with the access token, which another tab may have refreshed.
        if (isCode(error, 'CSRF_TOKEN_REQUIRED') && (await this.readCsrfToken())) return this.again(call);
        if (isCode(error, 'UNAUTHENTICATED') && (await this.refresh())) return this.again(call);
        throw error;
    }

    private async again(call: Call): Promise<Response> {
        const response = await this.attempt(call);
        if (!response.ok) throw await errorOf(response);
        return response;
    }

    private async attempt(call: Call): Promise<Response> {
        const limit = new AbortController();
        const milliseconds = this.options.timeout ?? 60_000;
        const timer = milliseconds > 0 ? setTimeout(() => limit.abort(), milliseconds) : undefined;
        const abort = () => limit.abort(call.signal?.reason);
        if (call.signal?.aborted) abort();
        call.signal?.addEventListener('abort', abort);
        try {
            const response = await this.send(this.url + call.target, {
                method: call.method,
                headers: { ...(await this.credentials(call.method)), ...call.headers },
                signal: limit.signal,
                credentials: this.options.cookie ? 'same-origin' : 'omit',
                // What a browser keeps is no answer to what holds now.
                cache: 'no-store',
                ...(call.body === undefined ? {} : { body: call.body }),
                // fetch wants it said that a stream is sent before the answer is read.
                ...(isStream(call.body) ? { duplex: 'half' } : {}),
            } as RequestInit);
            return call.stream ? response : await whole(response);
        } catch (error) {
            if (call.signal?.aborted) throw call.signal.reason ?? error;
            if (limit.signal.aborted)
                throw new ConnectionError(`No answer within ${milliseconds / 1000} s`, { cause: error });
            throw new ConnectionError(`The server can't be reached`, { cause: error });
        } finally {
            clearTimeout(timer);
            // A stream's signal goes on to hold while it is read.
            if (!call.stream) call.signal?.removeEventListener('abort', abort);
        }
    }

    private async credentials(method: string): Promise<Record<string, string>> {
        const { apiKey, accessToken, workspace, cookie } = this.options;
        const headers: Record<string, string> = {};
        if (apiKey) headers['Authorization'] = `ApiKey ${apiKey}`;
        if (accessToken) {
            headers['Authorization'] = `Bearer ${typeof accessToken === 'string' ? accessToken : await accessToken()}`;
        }
        if (workspace) headers['X-CredVault-Workspace'] = workspace;
        if (cookie && this.csrfToken && !SAFE.includes(method)) headers['X-CSRF-Token'] = this.csrfToken;
        return headers;
    }

    // Milliseconds to wait before the next attempt; undefined where there is none.
    private delayAfter(error: unknown, call: Call, attempt: number): number | undefined {
        if (attempt >= this.retry.attempts || call.signal?.aborted || isStream(call.body)) return undefined;
        const { firstDelay, longestDelay } = this.retry;
        const backOff = Math.min(firstDelay * 2 ** (attempt - 1), longestDelay) * (0.5 + Math.random() / 2);
        if (error instanceof ConnectionError) return call.repeatable ? backOff : undefined;
        if (!(error instanceof ApiError) || !TRANSIENT.includes(error.status)) return undefined;
        if (!call.repeatable && !UNDONE.includes(error.status)) return undefined;
        if (error.retryAfter === undefined) return backOff;
        return error.retryAfter * 1000 <= longestDelay ? Math.max(error.retryAfter * 1000, backOff) : undefined;
    }

    private async readCsrfToken(): Promise<boolean> {
        const response = await this.attempt({ method: 'GET', target: '/v1/auth/me', headers: {}, repeatable: true });
        if (!response.ok) return false;
        this.csrfToken = ((await response.json()) as { data: { csrf_token?: string } }).data.csrf_token;
        return this.csrfToken !== undefined;
    }

    /** New tokens for a session in cookies; false where it is over. One call at a time, over all tabs. */
    refresh(): Promise<boolean> {
        this.refreshing ??= exclusively('credvault-refresh', () => this.refreshOnce()).finally(() => {
            this.refreshing = undefined;
        });
        return this.refreshing;
    }

    private async refreshOnce(): Promise<boolean> {
        // Another tab may have done it while this one waited.
        if (await this.readCsrfToken()) return true;
        const response = await this.attempt({
            method: 'POST',
            target: '/v1/auth/refresh',
            headers: { 'Content-Type': 'application/json' },
            body: '{"cookie":true}',
            repeatable: true,
        });
        if (response.ok) {
            this.csrfToken = ((await response.json()) as { data: { csrf_token?: string } }).data.csrf_token;
            return true;
        }
        if (response.status < 500 && response.status !== 429) this.onSignedOut?.();
        return false;
    }
}

const isStream = (body: unknown) => typeof ReadableStream !== 'undefined' && body instanceof ReadableStream;

// The answer with its body read, so that the time limit and broken connections count for the body, too.
async function whole(response: Response): Promise<Response> {
    if (response.body === null) return response;
    const body = await response.arrayBuffer();
    const empty = [204, 205, 304].includes(response.status);
    return new Response(empty ? null : body, response);
}

/** Resolves after so many milliseconds; rejects with the signal's reason when that is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        const stop = () => {
            clearTimeout(timer);
            reject(signal?.reason);
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener('abort', stop);
            resolve();
        }, milliseconds);
        if (signal?.aborted) stop();
        else signal?.addEventListener('abort', stop);
    });
}

function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const locks = (globalThis.navigator as Navigator | undefined)?.locks;
    return locks ? (locks.request(name, work) as Promise<T>) : work();
}
