// The URL holds the state: which screen, and in the query string what it shows. Links are plain <a href>.
import { computed, signal } from '@preact/signals';

const read = () => ({ path: location.pathname, search: location.search, hash: location.hash });

const current = signal(read());

export const path = computed(() => current.value.path);
export const search = computed(() => new URLSearchParams(current.value.search));

/** Asked before the screen changes; false stays (unsaved work). */
let guard: (() => boolean) | undefined;

export function setLeaveGuard(ask: (() => boolean) | undefined): void {
    guard = ask;
}

/** Goes to a path of the dashboard. `replace` leaves no entry in the history. */
export function navigate(target: string, { replace = false }: { replace?: boolean } = {}): void {
    const url = new URL(target, location.origin);
    if (url.pathname !== location.pathname && guard && !guard()) return;
    if (url.href === location.href) replace = true;
    history[replace ? 'replaceState' : 'pushState'](null, '', url);
    current.value = read();
}

/** Changes parameters of the query string; null, undefined and '' remove one. */
export function setSearch(
    changes: Record<string, string | null | undefined>,
    options: { replace?: boolean } = {},
): void {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === undefined || value === '') next.delete(name);
        else next.set(name, value);
    }
    const text = next.toString();
    navigate(location.pathname + (text ? `?${text}` : ''), options);
}

/** A parameter of the query string, for components: [value, set]. */
export function useSearch(name: string): [string, (value: string | null, options?: { replace?: boolean }) => void] {
    return [search.value.get(name) ?? '', (value, options) => setSearch({ [name]: value }, options)];
}

/** The named parts of the path where it is of the pattern, as in '/data/:database/:collection?'; else undefined. */
export function match(pattern: string, target: string): Record<string, string> | undefined {
    const wanted = pattern.split('/').filter(Boolean);
    const given = target.split('/').filter(Boolean);
    const found: Record<string, string> = {};
    if (given.length > wanted.length) return undefined;
    for (const [index, part] of wanted.entries()) {
        const value = given[index];
        if (value === undefined) {
            if (part.endsWith('?')) continue;
            return undefined;
        }
        if (!part.startsWith(':')) {
            if (part !== value) return undefined;
            continue;
        }
        try {
            found[part.replace(/^:|\?$/g, '')] = decodeURIComponent(value);
        } catch {
            return undefined;
        }
    }
    return found;
}

// Pages that the dashboard does not draw itself.
const ELSEWHERE = ['/api-docs', '/v1/', '/metrics', '/healthz', '/readyz'];

function followLink(event: MouseEvent): void {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (
        !link ||
        event.defaultPrevented ||
        event.button !== 0 ||
        event.metaKey ||
        event.ctrlKey ||
        event.shiftKey ||
        event.altKey
    )
        return;
    if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (ELSEWHERE.some((prefix) => link.pathname.startsWith(prefix))) return;
    // A place on this page, as that of "Skip to content".
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    event.preventDefault();
    navigate(link.href);
}

export function startRouter(): void {
    addEventListener('popstate', () => {
        current.value = read();
    });
    document.addEventListener('click', followLink);
}
