import { ApiError, ConnectionError } from '@credvault/client';

/** What an error says about a field: the API's own words. */
export const wrongIn = (error: unknown, name: string): string | undefined =>
    error instanceof ApiError ? error.about(name) : undefined;

/** What happened and what to do. */
export function describeError(error: unknown): string {
    if (error instanceof ConnectionError) return `${error.message}. Check that it is running and that you are online, then try again.`;
    if (error instanceof ApiError && error.status === 429 && error.retryAfter !== undefined) {
        return `${error.message} Try again in ${Math.ceil(error.retryAfter)} s.`;
    }
    return error instanceof Error ? error.message : String(error);
}
