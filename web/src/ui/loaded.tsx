import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Loaded } from '../app/load';
import { ErrorNotice } from './field';
import { Skeleton } from './values';

/**
 * What was loaded: nothing under 200 ms, a skeleton after, the error with a way to try again. What was there before
 * stays, with the error above it.
 */
export function Show<T>({
    loaded,
    lines,
    children,
}: {
    loaded: Loaded<T>;
    lines?: number;
    children: (data: T) => ComponentChildren;
}) {
    const { data, error, slow, reload } = loaded;
    return (
        <>
            {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
            {data === undefined && error === undefined && slow && <Skeleton lines={lines ?? 4} />}
            {data !== undefined && children(data)}
        </>
    );
}

/** A skeleton, once it takes more than 200 ms. */
export function Waiting({ lines = 4 }: { lines?: number }) {
    const [slow, setSlow] = useState(false);
    useEffect(() => {
        const timer = setTimeout(() => setSlow(true), 200);
        return () => clearTimeout(timer);
    }, []);
    return slow ? <Skeleton lines={lines} /> : null;
}
