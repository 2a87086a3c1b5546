// Credentials: kept for this tab alone, completed where the scheme is left out, and the dashboard's session where none is
// given.
import type { SentRequest, System } from './system';

const KEY = 'credvault.explorer.authorization';
// The dashboard's word that there is a session: its cookies are not for scripts.
const SIGNED_IN = 'credvault.signed-in';

interface Authorized {
    ApiKey?: { value?: string };
    Bearer?: { value?: string };
}

/** Remembers what is entered, until the tab is closed. */
export const keptForTheTab = (system: System) => ({
    afterLoad: () => restore(system),
    statePlugins: {
        auth: {
            wrapActions: Object.fromEntries(
                ['authorize', 'logout'].map((action) => [
                    action,
                    (original: (values: unknown) => void, system: System) => (values: unknown) => {
                        const result = original(values);
                        sessionStorage.setItem(KEY, JSON.stringify(system.authSelectors.authorized()?.toJS() ?? {}));
                        return result;
                    },
                ]),
            ),
        },
    },
});

function restore(system: System): void {
    try {
        const kept: object = JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
        if (Object.keys(kept).length > 0) system.authActions.authorize(kept);
    } catch {
        sessionStorage.removeItem(KEY);
    }
}

/** What goes into the field Authorization for the schemes that an operation takes. */
export function authorizationFor(system: System, schemes: string[]): string | undefined {
    const given: Authorized = system.authSelectors.authorized()?.toJS() ?? {};
    if (schemes.includes('Bearer') && given.Bearer?.value) return `Bearer ${given.Bearer.value}`;
    if (schemes.includes('ApiKey') && given.ApiKey?.value) return withScheme(given.ApiKey.value);
    return undefined;
}

/** A key alone is an API key. */
const withScheme = (value: string) => (/\s/.test(value.trim()) ? value.trim() : `ApiKey ${value.trim()}`);

let csrfToken: Promise<string | undefined> | undefined;

async function readCsrfToken(): Promise<string | undefined> {
    const response = await fetch('/v1/auth/me', { cache: 'no-store' });
    return response.ok ? (await response.json()).data.csrf_token : undefined;
}

/** For every request that Swagger UI sends. */
export async function complete(request: SentRequest): Promise<SentRequest> {
    const field = Object.keys(request.headers).find((name) => name.toLowerCase() === 'authorization');
    if (field) {
        request.headers[field] = withScheme(request.headers[field]!);
    } else if (request.method !== 'GET' && localStorage.getItem(SIGNED_IN) !== null && request.url.startsWith(location.origin)) {
        csrfToken ??= readCsrfToken();
        const token = await csrfToken;
        if (token) request.headers['X-CSRF-Token'] = token;
        else csrfToken = undefined;
    }
    return request;
}
