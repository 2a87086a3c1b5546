// Reading from the server: what was read stays on the screen while it is read again.
import { signal } from '@preact/signals';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';

export interface Loaded<T> {
    data: T | undefined;
    error: unknown;
    /** Whether it has been loading for so long that a skeleton should be seen. */
    slow: boolean;
    loading: boolean;
    reload: () => void;
    /** Shows a change before the server has confirmed it. */
    set: (data: T) => void;
}

const SLOW = 200;
const cache = new Map<string, unknown>();
const generation = signal(0);
const stale = new Set<string>();

/** Has everything whose key begins with the prefix read again. */
export function invalidate(prefix: string): void {
    stale.clear();
    stale.add(prefix);
    for (const key of cache.keys()) if (key.startsWith(prefix)) stale.add(key);
    generation.value++;
}

/** Forgets everything: another user or workspace. */
export function forgetLoaded(): void {
    cache.clear();
    generation.value++;
}

/**
 * What `load` gives, read when the component appears and when the key changes; '' reads nothing. The key is what is
 * shown, such as 'api-keys?sort=-created_at': coming back shows at once what was there.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
    const [state, setState] = useState<{
        key: string;
        data?: T | undefined;
        error?: unknown;
        loading: boolean;
        slow: boolean;
    }>(() => ({ key, data: cache.get(key) as T | undefined, loading: key !== '', slow: false }));
    const [round, setRound] = useState(0);
    const latest = useRef(load);
    latest.current = load;
    const seen = generation.value;

    useEffect(() => {
        if (key === '') return undefined;
        const control = new AbortController();
        setState({ key, data: cache.get(key) as T | undefined, loading: true, slow: false });
        const timer = setTimeout(() => setState((now) => ({ ...now, slow: true })), SLOW);
        latest
            .current(control.signal)
            .then(
                (data) => {
                    if (control.signal.aborted) return;
                    cache.set(key, data);
                    setState({ key, data, loading: false, slow: false });
                },
                (error: unknown) => {
                    if (control.signal.aborted) return;
                    setState((now) => ({ key, data: now.data, error, loading: false, slow: false }));
                },
            )
            .finally(() => clearTimeout(timer));
        return () => {
            clearTimeout(timer);
            control.abort();
        };
    }, [key, round, seen]);

    const reload = useCallback(() => setRound((now) => now + 1), []);
    const set = useCallback(
        (data: T) => {
            cache.set(key, data);
            setState((now) => ({ ...now, data }));
        },
        [key],
    );
    // Between a change of the key and the effect the state is still the old key's.
    const fresh =
        state.key === key
            ? state
            : { data: cache.get(key) as T | undefined, error: undefined, loading: key !== '', slow: false };
    return { data: fresh.data, error: fresh.error, slow: fresh.slow, loading: fresh.loading, reload, set };
}

export interface Action<A extends unknown[]> {
    /** Resolves to whether it succeeded; the error is kept in `error`. */
    run: (...args: A) => Promise<boolean>;
    busy: boolean;
    error: unknown;
    clear: () => void;
}

/** Something that changes the server: one at a time, with what went wrong. */
export function useAction<A extends unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
    const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: undefined });
    const latest = useRef(work);
    latest.current = work;
    const busy = useRef(false);
    const run = useCallback(async (...args: A) => {
        if (busy.current) return false;
        busy.current = true;
        setState({ busy: true, error: undefined });
        try {
            await latest.current(...args);
            setState({ busy: false, error: undefined });
            return true;
        } catch (error) {
            setState({ busy: false, error });
            return false;
        } finally {
            busy.current = false;
        }
    }, []);
    const clear = useCallback(() => setState({ busy: false, error: undefined }), []);
    return { run, busy: state.busy, error: state.error, clear };
}

export interface List<T> extends Loaded<T[]> {
    /** Rows there are in all; undefined where it is not known. */
    total: number | undefined;
    /** Whether there are at least so many. */
    totalIsLeast: boolean;
    /** Reads the next page; undefined at the end. */
    more: (() => void) | undefined;
    /** Why the next page could not be read. */
    moreError: unknown;
}

interface Page<T> {
    data: T[];
    pagination: { total?: number; total_relation?: string; has_more: boolean; next_cursor?: string } | undefined;
}

/** A list by cursor, page after page. `read` is asked for the page at the cursor, undefined for the first. */
export function useList<T>(
    key: string,
    read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
): List<T> {
    const first = useLoad(key, (signal) => read(undefined, signal));
    const [later, setLater] = useState<{ of: unknown; rows: T[]; cursor: string | undefined; error?: unknown }>({
        of: undefined,
        rows: [],
        cursor: undefined,
    });
    const reading = useRef(false);
    const page = first.data;
    const state =
        later.of === page
            ? later
            : {
                  of: page,
                  rows: [] as T[],
                  cursor: page?.pagination?.has_more ? page.pagination.next_cursor : undefined,
              };
    const more =
        state.cursor === undefined
            ? undefined
            : () => {
                  if (reading.current) return;
                  reading.current = true;
                  const control = new AbortController();
                  read(state.cursor, control.signal)
                      .then(
                          (next) =>
                              setLater({
                                  of: page,
                                  rows: [...state.rows, ...next.data],
                                  cursor: next.pagination?.has_more ? next.pagination.next_cursor : undefined,
                              }),
                          (error: unknown) => setLater({ ...state, cursor: undefined, error }),
                      )
                      .finally(() => {
                          reading.current = false;
                      });
              };
    const rows = useMemo(() => (page ? [...page.data, ...state.rows] : undefined), [page, state.rows]);
    return {
        ...first,
        data: rows,
        set: (next) => {
            if (page) first.set({ ...page, data: next });
        },
        total: page?.pagination?.total,
        totalIsLeast: page?.pagination?.total_relation === 'gte',
        more,
        moreError: 'error' in state ? state.error : undefined,
    };
}
