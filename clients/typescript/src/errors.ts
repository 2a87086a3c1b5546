import type { components } from './schema.js';
import { parseJson } from './json.js';

export type ErrorDetail = { field?: string; code: string; message: string };
export type ErrorBody = components['schemas']['Error'];

/** What the server answered with a status of 400 or above. */
export class ApiError extends Error {
    override readonly name = 'ApiError';

    constructor(
        /** The HTTP status. */
        readonly status: number,
        /** Stable and made for programs: RECORD_NOT_FOUND, DUPLICATE_KEY … */
        readonly code: string,
        message: string,
        /** The parameter, body field or header concerned. */
        readonly field: string | undefined,
        /** Where several fields are wrong, each of them. */
        readonly details: readonly ErrorDetail[],
        /** What the server's log shows it under. */
        readonly requestId: string | undefined,
        /** What was done before it failed, where work is done piece by piece. */
        readonly result: unknown,
        /** Seconds after which to try again. */
        readonly retryAfter: number | undefined,
    ) {
        super(message);
    }

    /** What is said about one field; the field's own message where the error has several. */
    about(field: string): string | undefined {
        const detail = this.details.find((entry) => entry.field === field);
        return detail?.message ?? (this.field === field ? this.message : undefined);
    }
}

/** No answer came: the server can't be reached, or did not answer in time. */
export class ConnectionError extends Error {
    override readonly name = 'ConnectionError';

    constructor(message: string, options?: { cause?: unknown }) {
        super(message, options);
    }
}

export function isCode(error: unknown, ...codes: string[]): error is ApiError {
    return error instanceof ApiError && codes.includes(error.code);
}

/** The error that an answer stands for, also where something before the server answered in its place. */
export async function errorOf(response: Response): Promise<ApiError> {
    const text = await response.text().catch(() => '');
    const requestId = response.headers.get('X-Request-Id') ?? undefined;
    const retryAfter = retryAfterOf(response.headers.get('Retry-After'));
    let body: Partial<ErrorBody> & { result?: unknown } = {};
    try {
        body = (parseJson(text) ?? {}) as typeof body;
    } catch {
        // A proxy's page; its status says enough.
    }
    return new ApiError(
        response.status,
        body.code ?? 'UNEXPECTED_ANSWER',
        body.message ?? `The answer was ${response.status} ${response.statusText}`.trim(),
        body.field,
        (body.details ?? []) as ErrorDetail[],
        body.request_id ?? requestId,
        body.result,
        retryAfter,
    );
}

/** Seconds, from seconds or an HTTP date. */
export function retryAfterOf(text: string | null): number | undefined {
    if (text === null) return undefined;
    const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
    return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
