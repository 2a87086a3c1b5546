// Who is signed in, and in which workspace.
import { computed, signal } from '@preact/signals';
import { ApiError, isCode, type Schemas } from '@credvault/client';
import { api } from './api';
import { forgetLoaded } from './load';
import { navigate, path } from './router';

export type Me = Schemas['Me'];
export type Role = Schemas['Membership']['role'];

/** undefined until it is known, null where nobody is signed in. */
export const me = signal<Me | null | undefined>(undefined);
/** Why it can't be known: the server is gone or fails. */
export const startError = signal<unknown>(undefined);

export const workspace = computed(() => me.value?.workspace);

// What each role may do, as src/access/role.cpp has it; the server decides, this only leaves out what would be refused.
const VIEWER = [
    'database:read',
    'metadata:read',
    'cluster:read',
    'integration:read',
    'intelligence:read',
    'webhook:read',
    'logs:read',
];
const DEVELOPER = [...VIEWER, 'database:write', 'query:execute', 'intelligence:execute'];

/** Whether the signed-in user's role has the scope. */
export function may(scope: string): boolean {
    const role = workspace.value?.role;
    if (role === 'owner') return true;
    if (role === 'admin') return scope !== 'billing:manage';
    return (role === 'developer' ? DEVELOPER : role === 'viewer' ? VIEWER : []).includes(scope);
}

// That there is a session, which its cookies don't tell: they are not for scripts.
const HINT = 'credvault.signed-in';

export async function readMe(): Promise<void> {
    if (localStorage.getItem(HINT) === null) {
        me.value = null;
        return;
    }
    try {
        const answer = await api.get('/v1/auth/me');
        api.transport.csrfToken = answer.data.csrf_token;
        startError.value = undefined;
        me.value = answer.data;
    } catch (error) {
        if (error instanceof ApiError && error.status === 401) {
            leave();
        } else if (isCode(error, 'ENROLMENT_REQUIRED')) {
            me.value = null;
        } else {
            startError.value = error;
        }
    }
}

/** After signing in: `target` is where the user wanted to go. */
export async function enter(signedIn: Schemas['SignedIn'], target = '/'): Promise<void> {
    api.transport.csrfToken = signedIn.csrf_token;
    localStorage.setItem(HINT, '1');
    forgetLoaded();
    await readMe();
    navigate(target, { replace: true });
}

export async function signOut(): Promise<void> {
    await api.post('/v1/auth/logout', { body: {} });
    leave();
}

/** Forgets the session; the sign-in screen brings back to where one was. */
export function leave(): void {
    api.transport.csrfToken = undefined;
    localStorage.removeItem(HINT);
    startError.value = undefined;
    forgetLoaded();
    me.value = null;
}

export async function switchWorkspace(id: string): Promise<void> {
    await api.post('/v1/workspaces/{workspace}/switch', { path: { workspace: id } });
    forgetLoaded();
    await readMe();
    if (path.value.startsWith('/data')) navigate('/data');
}

/** Where to go after signing in: what `to` names, a path of the dashboard and nothing else, or where one is. */
export function wantedPath(parameters: URLSearchParams): string {
    const to = parameters.get('to') ?? '';
    if (/^\/(?![/\\])/.test(to)) return to;
    if (path.value === '/sign-in') return '/';
    const rest = new URLSearchParams(parameters);
    rest.delete('after');
    return rest.size > 0 ? `${path.value}?${rest.toString()}` : path.value;
}

api.transport.onSignedOut = () => {
    if (me.peek()) leave();
};
