// Code that is fetched when it is first shown. A server that is slow or gone keeps it away like anything else.
import { useEffect, useState } from 'preact/hooks';
import { ErrorNotice } from './field';

interface Code<T> {
    code: T | undefined;
    /** It could not be fetched. */
    failed: boolean;
    slow: boolean;
}

const SLOW = 200;
const known = new Map<() => Promise<unknown>, unknown>();

/** What `load` imports, once for all; the same function must stand for the same code. */
export function useCode<T>(load: (() => Promise<T>) | undefined): Code<T> {
    const [state, setState] = useState<{ of?: unknown; failed: boolean; slow: boolean }>({
        failed: false,
        slow: false,
    });
    useEffect(() => {
        if (!load || known.has(load)) return undefined;
        let gone = false;
        const tell = (failed: boolean, slow: boolean) => {
            if (!gone) setState({ of: load, failed, slow });
        };
        const timer = setTimeout(() => tell(false, true), SLOW);
        load()
            .then(
                (code) => {
                    known.set(load, code);
                    tell(false, false);
                },
                () => tell(true, false),
            )
            .finally(() => clearTimeout(timer));
        return () => {
            gone = true;
            clearTimeout(timer);
        };
    }, [load]);
    const mine = state.of === load;
    return {
        code: load && (known.get(load) as T | undefined),
        failed: mine && state.failed,
        slow: mine && state.slow,
    };
}

/** Browsers remember that a module could not be fetched: only a new page asks again. */
export function CodeMissing({ what }: { what: string }) {
    return (
        <ErrorNotice
            error={new Error(`${what} could not be fetched: the server is slow or gone, or another version by now.`)}
            onRetry={() => location.reload()}
        />
    );
}
