// Credentials: kept for this tab alone, completed where the scheme is left out, and the dashboard's session where none is
// given.
import { ApiError, CredVault, type Schemas } from '@credvault/client';
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

const client = new CredVault({ cookie: true, retry: { attempts: 1 } });

/** Who is signed in to the dashboard, with a session that holds for the next call; undefined where nobody is. */
export async function readSession(): Promise<Schemas['Me'] | undefined> {
    if (localStorage.getItem(SIGNED_IN) === null) return undefined;
    try {
        return (await client.get('/v1/auth/me')).data;
    } catch (error) {
        // Another failure is the call's own to meet.
        if (error instanceof ApiError && error.status === 401) localStorage.removeItem(SIGNED_IN);
        return undefined;
    }
}

/** Whose calls they are where no credential is given, and what to do where they are nobody's. */
export async function tellSession(place: HTMLElement): Promise<void> {
    const me = await readSession();
    if (me) {
        const workspace = me.workspace ? `, in ${me.workspace.name}` : '';
        place.textContent = `Without a key, calls are yours: ${me.user.email}${workspace}.`;
        return;
    }
    const link = document.createElement('a');
    link.href = '/';
    link.textContent = 'sign in to the dashboard';
    place.replaceChildren('Calls need a key: press Authorize, or ', link, '.');
}

/** For every request that Swagger UI sends. */
export async function complete(request: SentRequest): Promise<SentRequest> {
    const field = Object.keys(request.headers).find((name) => name.toLowerCase() === 'authorization');
    if (field) {
        request.headers[field] = withScheme(request.headers[field]!);
    } else if (request.url.startsWith(location.origin)) {
        const token = (await readSession())?.csrf_token;
        if (token && request.method !== 'GET') request.headers['X-CSRF-Token'] = token;
    }
    return request;
}
