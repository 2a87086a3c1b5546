// What is slow about a list, and what to do: a sort that no index gives reads all records for each page.
import { useEffect, useState } from 'preact/hooks';
import { formatNumber, plural } from '../app/format';
import { may } from '../app/session';
import { Button, Notice } from '../ui';
import { CreateIndex } from './create-index';
import { collectionPath } from './places';
import type { TabProps } from './tab';
import type { Sourced } from './use-source';

type Info = TabProps['info'];

/** From so many records on a sort without an index is worth a word. */
const MANY = 20_000;
const SLOW_MS = 300;
const POLL_MS = 2_000;

const firstField = (sort: string) => sort.split(',')[0]?.replace(/^-/, '') ?? '';
const begins = (info: Info, field: string) =>
    (info.indexes ?? []).filter((index) => index.type === 'value' && index.fields?.[0]?.replace(/^-/, '') === field);

/** Whether an index may give the sort: one that begins with its first field. */
export function indexedFirst(sort: string, info: Info): boolean {
    const field = firstField(sort);
    return field === '' || field === 'id' || begins(info, field).some((index) => index.status === 'ready');
}

export function SortAdvice({
    sourced: { source },
    info,
    database,
    collection,
    reload,
}: TabProps & { sourced: Sourced }) {
    const [creating, setCreating] = useState(false);
    const { sort, filter } = source.query;
    const field = firstField(sort);
    const indexed = indexedFirst(sort, info);
    const building = !indexed && begins(info, field).some((index) => index.status === 'building');
    useEffect(() => {
        if (!building) return undefined;
        const timer = setInterval(reload, POLL_MS);
        return () => clearInterval(timer);
    }, [building]);
    const slow = source.ready && source.elapsed >= SLOW_MS;
    const records = info.statistics?.records ?? 0;
    if (indexed ? !(slow && filter) : !(slow || records >= MANY)) return null;
    const query = { filter: filter ? (new URLSearchParams(location.search).get('filter') ?? '') : '', sort };
    const explain = <a href={collectionPath(database, collection, 'explain', query)}>Explain the query</a>;
    return (
        <>
            <Notice tone="amber">
                {building && <p>The index that gives the sort by {field} is being built.</p>}
                {!building && indexed && (
                    <p>
                        A page took {formatNumber(Math.round(source.elapsed))} ms: the filter may lack an index.{' '}
                        {explain}
                    </p>
                )}
                {!building && !indexed && (
                    <div class="line wrap">
                        <p class="grow">
                            No index gives the sort by {field}: all{' '}
                            {filter ? 'that the filter finds' : plural(records, 'record')}{' '}
                            {filter || records !== 1 ? 'are' : 'is'} read for each page. {explain}
                        </p>
                        {may('database:manage') && (
                            <Button compact onClick={() => setCreating(true)}>
                                Create index
                            </Button>
                        )}
                    </div>
                )}
            </Notice>
            {creating && (
                <CreateIndex
                    database={database}
                    collection={collection}
                    info={info}
                    draft={{
                        name: '',
                        fields: sort.split(',').join(', '),
                        type: 'value',
                        unique: false,
                        sparse: false,
                        ttl: '',
                        language: '',
                    }}
                    onClose={() => setCreating(false)}
                    onDone={reload}
                />
            )}
        </>
    );
}
