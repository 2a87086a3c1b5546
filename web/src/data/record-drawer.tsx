// One record at the right of the list: to read, edit, delete; or a new one. The URL says which.
import { useEffect, useRef, useState } from 'preact/hooks';
import { RawJson, type JsonObject } from '@credvault/client';
import { api } from '../app/api';
import { useShortcuts } from '../app/keyboard';
import { useLoad } from '../app/load';
import { setLeaveGuard, setSearch, useSearch } from '../app/router';
import { may } from '../app/session';
import { Button, CallSnippet, Confirm, Drawer, JsonView, Pairs, Show, Time, toast, toastError } from '../ui';
import { dataOf, membersOf, objectOf } from './json-text';
import { COLLECTION } from './places';
import { EditRecord, InsertRecord } from './record-form';
import type { RecordSource } from './record-source';
import type { TabProps } from './tab';

export interface OpenRecord {
    /** As the API gave it. */
    text: string;
    value: JsonObject;
    etag: string | undefined;
}

interface DrawerProps extends TabProps {
    source: RecordSource;
}

export function RecordDrawer(props: DrawerProps) {
    const [record] = useSearch('record');
    const [insert] = useSearch('insert');
    if (insert) return <InsertDrawer {...props} />;
    if (record) return <OneRecord key={record} {...props} id={record} />;
    return null;
}

// Asks before edits are lost, on every way out.
function useEdits(close: () => void) {
    const [dirty, setDirty] = useState(false);
    const [asking, setAsking] = useState<(() => void) | undefined>();
    useEffect(() => {
        if (!dirty) return undefined;
        setLeaveGuard(() => confirm('Discard what you have edited?'));
        const stay = (event: BeforeUnloadEvent) => event.preventDefault();
        addEventListener('beforeunload', stay);
        return () => {
            setLeaveGuard(undefined);
            removeEventListener('beforeunload', stay);
        };
    }, [dirty]);
    const leave = (then: () => void) => (dirty ? setAsking(() => then) : then());
    const question = asking && (
        <Confirm
            title="Discard edits"
            confirm="Discard edits"
            call={undefined}
            onClose={() => setAsking(undefined)}
            onConfirm={() => {
                setDirty(false);
                asking();
                return Promise.resolve();
            }}
        >
            <p>What you have edited is not saved yet.</p>
        </Confirm>
    );
    return { setDirty, leave, tryClose: () => leave(close), question };
}

function InsertDrawer({ database, collection, info, source, reload }: DrawerProps) {
    const close = () => setSearch({ insert: null });
    const edits = useEdits(close);
    return (
        <Drawer title="Insert record" onClose={edits.tryClose}>
            <InsertRecord
                database={database}
                collection={collection}
                info={info}
                source={source}
                onEdit={edits.setDirty}
                onDone={(ids) => {
                    edits.setDirty(false);
                    reload();
                    setSearch({ insert: null, ...(ids.length === 1 ? { record: ids[0]! } : {}) });
                }}
            />
            {edits.question}
        </Drawer>
    );
}

function OneRecord({ database, collection, info, source, reload, id }: DrawerProps & { id: string }) {
    const [edit, setEdit] = useSearch('edit');
    const editing = edit === '1' && may('database:write');
    const setEditing = (on: boolean) => setEdit(on ? '1' : null, { replace: true });
    const loaded = useLoad<OpenRecord>(`records/${database}/${collection}/${id}`, async (signal) => {
        const answer = await api.database(database).collection(collection).get<JsonObject>(id, { signal });
        return { text: dataOf(answer.text), value: answer.data, etag: answer.etag };
    });
    const close = () => setSearch({ record: null, edit: null });
    const edits = useEdits(close);
    const write = may('database:write');
    const step = (by: number) => {
        const place = source.place(id);
        const next = place < 0 ? undefined : source.slice(place + by, place + by + 1)[0];
        if (place + by >= 0 && next) edits.leave(() => setSearch({ record: next.id, edit: null }, { replace: true }));
    };
    const body = useRef<HTMLDivElement>(null);
    const back = () => {
        if (editing)
            edits.leave(() => {
                edits.setDirty(false);
                setEditing(false);
            });
        else close();
    };
    const remove = () => {
        if (loaded.data) deleteWithUndo(database, collection, id, loaded.data, source, reload);
        close();
    };
    useShortcuts('Record', [
        { keys: 'Escape', label: 'Back', run: back },
        { keys: 'j', label: 'Next record', run: () => step(1) },
        { keys: 'k', label: 'Previous record', run: () => step(-1) },
        ...(write && !editing
            ? [
                  { keys: 'e', label: 'Edit record', run: () => setEditing(true) },
                  { keys: 'd', label: 'Delete record', run: remove },
              ]
            : []),
    ]);
    return (
        <Drawer title={<span class="mono">{id}</span>} onClose={edits.tryClose}>
            <div ref={body} class="stack">
                <Show loaded={loaded} lines={8}>
                    {(record) =>
                        editing ? (
                            <EditRecord
                                database={database}
                                collection={collection}
                                id={id}
                                record={record}
                                source={source}
                                info={info}
                                onEdit={edits.setDirty}
                                onCancel={back}
                                onDone={(next) => {
                                    edits.setDirty(false);
                                    setEditing(false);
                                    loaded.set(next);
                                }}
                            />
                        ) : (
                            <>
                                <div class="line line-apart">
                                    <span class="line">
                                        {write && (
                                            <Button compact icon="edit" onClick={() => setEditing(true)}>
                                                Edit record
                                            </Button>
                                        )}
                                        {write && (
                                            <Button compact icon="trash" onClick={remove}>
                                                Delete record
                                            </Button>
                                        )}
                                    </span>
                                    <span class="line">
                                        <Button
                                            compact
                                            kind="plain"
                                            icon="up"
                                            label="Previous record"
                                            onClick={() => step(-1)}
                                        />
                                        <Button
                                            compact
                                            kind="plain"
                                            icon="down"
                                            label="Next record"
                                            onClick={() => step(1)}
                                        />
                                    </span>
                                </div>
                                <JsonView value={record.value} label="The record" />
                                <Pairs
                                    entries={[
                                        ['Created', <Time value={record.value['created_at'] as string | undefined} />],
                                        ['Updated', <Time value={record.value['updated_at'] as string | undefined} />],
                                        ['Version', String(record.value['_version'] ?? '')],
                                    ]}
                                />
                                <CallSnippet
                                    call={{
                                        method: 'GET',
                                        path: `${COLLECTION}/records/{id}`,
                                        parameters: { database, collection, id },
                                    }}
                                />
                            </>
                        )
                    }
                </Show>
            </div>
            {edits.question}
        </Drawer>
    );
}

/**
 * Deletes at once, and says how to undo it: by inserting the record anew, which gives it the version 1. Who manages
 * databases may give it its old times.
 */
function deleteWithUndo(
    database: string,
    collection: string,
    id: string,
    record: OpenRecord,
    source: RecordSource,
    reload: () => void,
): void {
    const records = api.database(database).collection(collection);
    const putBack = source.remove(id);
    const keepsTimes = may('database:manage');
    const lost = ['_version', ...(keepsTimes ? [] : ['created_at', 'updated_at'])];
    const undo = () => {
        records.insert(new RawJson(objectOf(membersOf(record.text).filter(([name]) => !lost.includes(name))))).then(
            () => {
                putBack();
                reload();
                toast(`${id} is back, as version 1`);
            },
            (error: unknown) => toastError(`${id} was not inserted again`, error),
        );
    };
    records.delete(id, record.etag ? { ifMatch: record.etag } : {}).then(
        () => {
            reload();
            toast(`Deleted ${id}. Undo inserts it again as version 1${keepsTimes ? '' : ', with new times'}.`, {
                undo,
            });
        },
        (error: unknown) => {
            putBack();
            toastError(`${id} was not deleted`, error);
        },
    );
}
