import { useEffect, useMemo, useState } from 'preact/hooks';
import type { JsonObject } from '@credvault/client';
import { FilterError, parseFilter } from './filter-language';
import { RecordSource, type SourceQuery } from './record-source';

export interface Sourced {
    source: RecordSource;
    /** Whether it has been reading for so long that a skeleton should be seen. */
    slow: boolean;
    /** What the URL's filter is, as the API takes it. */
    filter: JsonObject | undefined;
    wrong: FilterError | undefined;
    /** Reads everything anew. */
    refresh: () => void;
}

export function parsed(text: string): { filter?: JsonObject | undefined; wrong?: FilterError } {
    try {
        return { filter: parseFilter(text) };
    } catch (error) {
        return { wrong: error as FilterError };
    }
}

/** The records that the URL asks for. */
export function useSource(
    database: string,
    collection: string,
    text: string,
    { sort, fromEnd, scans }: Pick<SourceQuery, 'sort' | 'fromEnd' | 'scans'>,
): Sourced {
    const [round, setRound] = useState(0);
    const [slow, setSlow] = useState(false);
    const { filter, wrong } = useMemo(() => parsed(text), [text]);
    const source = useMemo(
        () => new RecordSource({ database, collection, filter, sort, fromEnd, scans }),
        // An index that is ready meanwhile is for what is read next: the list stays where it is.
        [database, collection, text, sort, fromEnd, round],
    );
    useEffect(() => {
        if (wrong) return undefined;
        source.start();
        setSlow(false);
        const timer = setTimeout(() => setSlow(true), 200);
        return () => {
            clearTimeout(timer);
            source.stop();
        };
    }, [source]);
    // Follows what was read.
    source.version.value;
    return {
        source,
        slow: slow && !source.ready && source.error === undefined,
        filter,
        wrong,
        refresh: () => setRound((now) => now + 1),
    };
}
