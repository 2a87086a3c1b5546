// The records of a collection: as a table or as JSON, filtered and sorted as the URL says.
import { useMemo, useRef } from 'preact/hooks';
import { useCommands } from '../app/commands';
import { mayPass } from '../app/errors';
import { formatNumber, plural } from '../app/format';
import { useShortcuts } from '../app/keyboard';
import { setSearch, useSearch } from '../app/router';
import { may } from '../app/session';
import { Button, CallSnippet, Empty, ErrorNotice, Menu, Skeleton, Table, type ApiCall } from '../ui';
import { columnsOf, useColumns } from './columns';
import { collectionPath } from './places';
import { Fields } from './fields';
import { FilterBar, focusFilter } from './filter-bar';
import { JsonList } from './json-list';
import { RecordDrawer } from './record-drawer';
import type { RecordSource } from './record-source';
import { indexedFirst, SortAdvice } from './sort-advice';
import type { TabProps } from './tab';
import { useSource, type Sourced } from './use-source';

export default function Records({ database, collection, info, reload }: TabProps) {
    const [text, setText] = useSearch('filter');
    const [sort] = useSearch('sort');
    const [view, setView] = useSearch('view');
    const [from, setFrom] = useSearch('from');
    const [record] = useSearch('record');
    const scans = !indexedFirst(sort, info);
    const sourced = useSource(database, collection, text, { sort, fromEnd: from === 'end', scans });
    const { source } = sourced;
    const fields = useRef(new Fields());
    const seen = source.version.value;
    const known = useMemo(() => {
        fields.current.addCollection(info);
        fields.current.addRows(source.slice(0, 300));
        return fields.current.all;
    }, [source, seen, info]);
    const write = may('database:write');
    const open = (id: string) => setSearch({ record: id, edit: null }, { replace: record !== '' });
    const insert = () => setSearch({ record: null, insert: '1' });
    const renew = () => {
        sourced.refresh();
        reload();
    };
    useShortcuts('Records', [
        { keys: '/', label: 'Filter', run: focusFilter },
        { keys: 'r', label: 'Read the records anew', run: renew },
        { keys: 'v', label: 'Show as table or as JSON', run: () => setView(view === 'json' ? null : 'json') },
        ...(write
            ? [
                  {
                      keys: 'e',
                      label: 'Edit record',
                      run: () => {
                          const id = focusedRow();
                          if (id) setSearch({ record: id, edit: '1' });
                      },
                  },
                  { keys: 'c', label: 'Insert record', run: insert },
              ]
            : []),
    ]);
    useCommands(write ? [{ title: 'Insert record', section: collection, icon: 'add', run: insert, key: 'c' }] : []);
    const columns = useColumns(database, collection);
    const shown = columnsOf(fields.current, columns);
    const ofFilter = text !== '' && !mayPass(source.error);
    const empty = source.ready && source.length === 0;
    return (
        <>
            <FilterBar
                value={text}
                onApply={(next) => setSearch({ filter: next, from: null })}
                fields={known}
                error={sourced.wrong ?? (ofFilter ? source.error : undefined)}
            >
                <div class="switch" role="group" aria-label="Show as">
                    <Button
                        compact
                        kind={view === 'json' ? 'plain' : 'normal'}
                        aria-pressed={view !== 'json'}
                        onClick={() => setView(null)}
                    >
                        Table
                    </Button>
                    <Button
                        compact
                        kind={view === 'json' ? 'normal' : 'plain'}
                        aria-pressed={view === 'json'}
                        onClick={() => setView('json')}
                    >
                        JSON
                    </Button>
                </div>
                {view !== 'json' && (
                    <Menu class="button" items={columns.items(fields.current)}>
                        Columns
                    </Menu>
                )}
                <Button kind="plain" icon="refresh" label="Read anew" onClick={renew} />
                {write && (
                    <Button kind="primary" icon="add" onClick={insert}>
                        Insert record
                    </Button>
                )}
            </FilterBar>
            {!ofFilter && <ErrorNotice error={source.error} onRetry={source.retry} />}
            <SortAdvice sourced={sourced} info={info} database={database} collection={collection} reload={reload} />
            {sourced.slow && <Skeleton lines={8} />}
            {sourced.slow && scans && (
                <p class="quiet" role="status">
                    No index gives this sort: all records are read for it.
                </p>
            )}
            {empty && (
                <Nothing
                    filtered={text !== ''}
                    write={write}
                    insert={insert}
                    clear={() => setText(null)}
                    importPath={collectionPath(database, collection, 'import')}
                />
            )}
            {!empty && source.ready && view !== 'json' && (
                <Table
                    key={`${text}|${sort}|${from}`}
                    id={`records/${database}/${collection}`}
                    label="Records"
                    columns={shown}
                    rows={source}
                    base={source.base}
                    anchor={source.anchor}
                    total={source.totalRelation === 'eq' ? source.total : undefined}
                    onRange={source.show}
                    keyOf={(row) => row.id}
                    fill
                    main
                    sort={sort || 'id'}
                    onSort={(next) => setSearch({ sort: next === 'id' ? null : next, from: null })}
                    selected={record || undefined}
                    onOpen={(row) => open(row.id)}
                    startAtEnd={from === 'end'}
                />
            )}
            {!empty && source.ready && view === 'json' && <JsonList source={source} onOpen={open} />}
            {source.ready && (
                <Foot
                    source={source}
                    fromEnd={from === 'end'}
                    setFrom={setFrom}
                    call={callOf(database, collection, sourced, sort)}
                />
            )}
            <RecordDrawer database={database} collection={collection} info={info} source={source} reload={reload} />
        </>
    );
}

/** The id of the row that has the focus. */
const focusedRow = () => document.activeElement?.closest<HTMLElement>('tr[data-key]')?.dataset['key'];

const callOf = (database: string, collection: string, { filter }: Sourced, sort: string): ApiCall => ({
    method: 'POST',
    path: '/v1/databases/{database}/collections/{collection}/query',
    parameters: { database, collection },
    body: { ...(filter ? { filter } : {}), ...(sort ? { sort } : {}), limit: 200 },
});

function Foot({
    source,
    fromEnd,
    setFrom,
    call,
}: {
    source: RecordSource;
    fromEnd: boolean;
    setFrom: (value: string | null) => void;
    call: ApiCall;
}) {
    const { total, totalRelation, length, complete } = source;
    const exact = totalRelation === 'eq' ? total : complete ? length : undefined;
    const all =
        exact !== undefined
            ? plural(exact, 'record')
            : total !== undefined
              ? `${formatNumber(Math.max(total, length))}+ records`
              : `${formatNumber(length)}+ records`;
    return (
        <div class="table-foot">
            <span role="status">
                {all}
                {source.query.filter ? ' match' : ''}
                {complete ? '' : `, ${formatNumber(length)} read`}
            </span>
            <span class="line">
                <CallSnippet call={call} />
                {!complete && (
                    <Button compact kind="plain" onClick={() => setFrom(fromEnd ? null : 'end')}>
                        {fromEnd ? 'Go to the first' : 'Go to the last'}
                    </Button>
                )}
                {complete && fromEnd && (
                    <Button compact kind="plain" onClick={() => setFrom(null)}>
                        Go to the first
                    </Button>
                )}
            </span>
        </div>
    );
}

function Nothing({
    filtered,
    write,
    insert,
    clear,
    importPath,
}: {
    filtered: boolean;
    write: boolean;
    insert: () => void;
    clear: () => void;
    importPath: string;
}) {
    if (filtered)
        return (
            <Empty title="No record matches the filter" action={<Button onClick={clear}>Clear the filter</Button>} />
        );
    return (
        <Empty
            title="No record yet"
            action={
                write && (
                    <span class="line">
                        <Button kind="primary" icon="add" onClick={insert}>
                            Insert record
                        </Button>
                        <Button href={importPath}>Import a file</Button>
                    </span>
                )
            }
        >
            {write ? 'Insert one here, import a file, or send records to the API.' : 'Nobody has inserted one so far.'}
        </Empty>
    );
}
