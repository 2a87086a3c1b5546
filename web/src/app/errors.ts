import { ApiError, ConnectionError } from '@credvault/client';

/** What an error says about a field, or about something in it: the API's own words. */
export function wrongIn(error: unknown, name: string): string | undefined {
    if (!(error instanceof ApiError)) return undefined;
    const inside = (field: string | undefined) => field === name || (field?.startsWith(`${name}.`) ?? false);
    const details = error.details.filter((detail) => inside(detail.field));
    if (details.length > 0) return details.map((detail) => detail.message).join(' ');
    return inside(error.field) ? error.message : undefined;
}

/** Whether the same call may succeed later: it is the server's fault or the network's, not that of what was asked. */
export const mayPass = (error: unknown): boolean =>
    error !== undefined && !(error instanceof ApiError && error.status < 500 && error.status !== 429);

/** What happened and what to do. */
export function describeError(error: unknown): string {
    if (error instanceof ConnectionError)
        return `${error.message}. Check that it is running and that you are online, then try again.`;
    if (error instanceof ApiError && error.status === 429 && error.retryAfter !== undefined) {
        return `${error.message} Try again in ${Math.ceil(error.retryAfter)} s.`;
    }
    return error instanceof Error ? error.message : String(error);
}
