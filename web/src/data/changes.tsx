// Changes of a collection as they happen.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Change } from '@credvault/client';
import { api } from '../app/api';
import { formatExact, plural } from '../app/format';
import { useShortcuts } from '../app/keyboard';
import { useSearch } from '../app/router';
import {
    Badge,
    Button,
    CallSnippet,
    Drawer,
    Empty,
    ErrorNotice,
    Id,
    JsonView,
    Pairs,
    Table,
    Time,
    type Column,
    type Tone,
} from '../ui';
import { COLLECTION, collectionPath } from './places';
import type { TabProps } from './tab';

/** Changes that are kept on the screen. */
const KEPT = 1000;
/** What goes on the screen at once, so that thousands a second do not stop it. */
const EVERY = 250;

const TONES: Record<string, Tone> = {
    insert: 'green',
    update: 'accent',
    delete: 'red',
    drop: 'red',
    replace: 'amber',
    gap: 'amber',
};
const OPERATIONS: readonly (readonly [string, string])[] = [
    ['', 'All changes'],
    ['insert', 'Inserts'],
    ['update', 'Updates'],
    ['delete', 'Deletes'],
];

interface Seen extends Change {
    key: string;
}

/** Follows the feed while it runs and the page is seen; goes on where it stopped. */
function useChanges(database: string, collection: string, operations: string, running: boolean) {
    const [seen, setSeen] = useState<readonly Seen[]>([]);
    const [count, setCount] = useState(0);
    const [error, setError] = useState<unknown>();
    const [live, setLive] = useState(false);
    const [lost, setLost] = useState<unknown>();
    const position = useRef<string | undefined>(undefined);
    const waiting = useRef<Seen[]>([]);
    const [visible, setVisible] = useState(!document.hidden);
    useEffect(() => {
        const look = () => setVisible(!document.hidden);
        document.addEventListener('visibilitychange', look);
        return () => document.removeEventListener('visibilitychange', look);
    }, []);
    useEffect(() => {
        if (!running || !visible) return undefined;
        const control = new AbortController();
        setError(undefined);
        setLive(false);
        setLost(undefined);
        const onConnection = (open: boolean, reason?: unknown) => {
            if (control.signal.aborted) return;
            setLive(open);
            setLost(open ? undefined : reason);
        };
        const follow = async () => {
            const parameters = {
                record: true,
                before: true,
                ...(operations ? { operations } : {}),
                ...(position.current ? { since: position.current } : {}),
            };
            for await (const change of api
                .database(database)
                .collection(collection)
                .changes(parameters, { signal: control.signal, onConnection })) {
                position.current = change.position;
                waiting.current.push({ ...change, key: `${change.position}` });
            }
        };
        follow().catch((problem: unknown) => {
            if (!control.signal.aborted) setError(problem);
        });
        const timer = setInterval(() => {
            const news = waiting.current;
            if (news.length === 0) return;
            waiting.current = [];
            setCount((now) => now + news.length);
            setSeen((now) => [...news.reverse(), ...now].slice(0, KEPT));
        }, EVERY);
        return () => {
            clearInterval(timer);
            control.abort();
        };
    }, [database, collection, operations, running, visible]);
    return {
        seen,
        count,
        error,
        live,
        lost,
        clear: () => {
            setSeen([]);
            setCount(0);
        },
    };
}

export default function Changes({ database, collection, info, reload }: TabProps) {
    const [operations, setOperations] = useSearch('operations');
    const [running, setRunning] = useState(true);
    const [open, setOpen] = useState<Seen | undefined>();
    const { seen, count, error, live, lost, clear } = useChanges(database, collection, operations, running);
    useShortcuts('Changes', [
        { keys: 'p', label: running ? 'Pause' : 'Go on', run: () => setRunning(!running) },
        { keys: 'Escape', label: 'Back', run: () => setOpen(undefined) },
    ]);
    useEffect(() => () => reload(), []);
    return (
        <>
            <div class="line">
                <select
                    class="input auto"
                    aria-label="Which changes"
                    value={operations}
                    onChange={(event) => setOperations(event.currentTarget.value)}
                >
                    {OPERATIONS.map(([value, label]) => (
                        <option key={value} value={value}>
                            {label}
                        </option>
                    ))}
                </select>
                <Button icon={running ? 'pause' : 'play'} onClick={() => setRunning(!running)}>
                    {running ? 'Pause' : 'Go on'}
                </Button>
                <Button kind="plain" onClick={clear} disabled={seen.length === 0}>
                    Clear list
                </Button>
                <span class="quiet" role="status">
                    {running ? (live ? 'Live' : 'Connecting') : 'Paused: changes meanwhile are shown when it goes on'}
                    {count > 0 ? `, ${plural(count, 'change')}` : ''}
                    {count > KEPT ? `, the latest ${KEPT} shown` : ''}
                </span>
            </div>
            <ErrorNotice
                error={error ?? (running ? lost : undefined)}
                onRetry={() => {
                    setRunning(false);
                    setTimeout(() => setRunning(true));
                }}
            />
            {seen.length === 0 ? (
                <Empty title="No change yet">
                    {!running
                        ? 'Paused.'
                        : live
                          ? 'Changes show up here as they are written, from now on.'
                          : 'Connecting.'}
                </Empty>
            ) : (
                <Table
                    id="changes"
                    label="Changes"
                    columns={COLUMNS}
                    rows={seen}
                    keyOf={(row) => row.key}
                    onOpen={setOpen}
                    selected={open?.key}
                    fill
                    main
                />
            )}
            <CallSnippet
                call={{
                    method: 'GET',
                    path: `${COLLECTION}/changes`,
                    parameters: { database, collection },
                    query: { record: true, ...(operations ? { operations } : {}) },
                    headers: { Accept: 'text/event-stream' },
                }}
            />
            {open && (
                <Drawer title={`${open.operation} ${open.id ?? ''}`} onClose={() => setOpen(undefined)}>
                    <div class="stack">
                        <Pairs
                            entries={[
                                ['When', open.time && `${formatExact(open.time)}`],
                                ['By', open.actor && <Id value={open.actor} />],
                                ['Version', open.version],
                                ['Position', <Id value={open.position} />],
                                ['Record', open.record_state && STATES[open.record_state]],
                            ]}
                        />
                        {open.before && (
                            <section aria-label="Before" class="stack-tight">
                                <h3>Before</h3>
                                <JsonView value={open.before} label="Before" />
                            </section>
                        )}
                        {open.record && (
                            <section aria-label="After" class="stack-tight">
                                <h3>{open.record_state === 'changed_since' ? 'As it is now' : 'After'}</h3>
                                <JsonView value={open.record} label="After" />
                            </section>
                        )}
                        {info.change_images === 'off' && (
                            <p class="quiet">
                                The log keeps no records.{' '}
                                <a href={collectionPath(database, collection, 'settings')}>Have it keep them</a>
                            </p>
                        )}
                        {open.id && open.operation !== 'delete' && (
                            <p>
                                <a href={collectionPath(database, collection, 'records', { record: open.id })}>
                                    Open the record
                                </a>
                            </p>
                        )}
                    </div>
                </Drawer>
            )}
        </>
    );
}

const STATES: Record<string, string> = {
    exact: 'as this change left it',
    changed_since: 'was changed again',
    deleted_since: 'was deleted since',
    deleted: 'was deleted by this change',
    too_large: 'too large to be sent along',
};

const COLUMNS: readonly Column<Seen>[] = [
    {
        id: 'operation',
        header: 'Change',
        width: 110,
        cell: (row) => <Badge tone={TONES[row.operation] ?? 'grey'}>{row.operation}</Badge>,
    },
    {
        id: 'id',
        header: 'Record',
        width: 240,
        cell: (row) =>
            row.operation === 'gap'
                ? 'Changes are missing here: this page was too slow'
                : row.id && <Id value={row.id} />,
    },
    { id: 'version', header: 'Version', width: 90, align: 'end', cell: (row) => row.version },
    { id: 'time', header: 'When', width: 150, cell: (row) => <Time value={row.time} absent="" /> },
    { id: 'actor', header: 'By', width: 260, cell: (row) => row.actor && <Id value={row.actor} /> },
];
