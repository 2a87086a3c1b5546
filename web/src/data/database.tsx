import { useState } from 'preact/hooks';
import type { Schemas } from '@credvault/client';
import { api } from '../app/api';
import { useCommands } from '../app/commands';
import { formatBytes, formatNumber, plural } from '../app/format';
import { useShortcuts } from '../app/keyboard';
import { invalidate, useAction, useLoad } from '../app/load';
import { navigate, useSearch } from '../app/router';
import { may } from '../app/session';
import { Button, CallSnippet, Dialog, Empty, ErrorNotice, Menu, Page, Show, Table, TextField, Time, type Column } from '../ui';
import { DeleteCollection } from './delete-collection';
import { DeleteDatabase, Shown } from './databases';
import { Finder } from './finder';
import { collectionPath } from './places';
import './data.css';

type Collection = Schemas['Collection'];

export default function DatabaseScreen({ params }: { params: Record<string, string> }) {
    const database = params['database'] ?? '';
    const [find] = useSearch('find');
    const [asked, setAsked] = useState<'create' | 'delete' | undefined>();
    const [deleting, setDeleting] = useState<Collection | undefined>();
    const info = useLoad(`databases/${database}`, async (signal) => (await api.get('/v1/databases/{database}', { path: { database }, signal })).data);
    const list = useLoad(`databases/${database}/collections?${find}`, (signal) =>
        api.get('/v1/databases/{database}/collections', { path: { database }, query: { limit: 1000, sort: 'name', filters: find ? { 'name[contains]': find } : {} }, signal }));
    const manage = may('database:manage');
    const create = () => setAsked('create');
    useShortcuts('Collections', manage ? [{ keys: 'c', label: 'Create collection', run: create }] : []);
    useCommands(manage ? [{ title: 'Create collection', section: 'Data', icon: 'add', run: create, key: 'c' }] : []);
    const statistics = info.data?.statistics;
    return (
        <Page title={database} crumbs={[['Data', '/data']]} fill
            about={statistics && `${plural(statistics.collections, 'collection')}, ${plural(statistics.records, 'record')}, ${formatBytes(statistics.record_bytes)} of JSON text, ${formatBytes(statistics.bytes_on_disk)} on disk`}
            actions={manage && (
                <>
                    <Menu label="More" icon="more" class="button plain only-icon" items={[{ label: 'Delete database', icon: 'trash', danger: true, run: () => setAsked('delete') }]} />
                    <Button kind="primary" icon="add" onClick={create}>Create collection</Button>
                </>
            )}>
            <Finder label="Find collections by name" />
            <Show loaded={list}>
                {(answer) => (answer.data.length === 0
                    ? <NoCollections find={find} manage={manage} create={create} />
                    : <>
                        <Table id="collections" label="Collections" columns={columnsOf(database, manage, setDeleting)} rows={answer.data} keyOf={(row) => row.name ?? ''}
                            onOpen={(row) => navigate(collectionPath(database, row.name ?? ''))} main fill />
                        <Shown count={answer.data.length} total={answer.pagination?.total} what="collection" />
                    </>)}
            </Show>
            {asked === 'create' && <CreateCollection database={database} onClose={() => setAsked(undefined)} />}
            {asked === 'delete' && <DeleteDatabase name={database} onClose={() => setAsked(undefined)} />}
            {deleting && <DeleteCollection database={database} collection={deleting} onClose={() => setDeleting(undefined)} />}
        </Page>
    );
}

const columnsOf = (database: string, manage: boolean, remove: (row: Collection) => void): Column<Collection>[] => [
    { id: 'name', header: 'Name', width: 240, cell: (row) => <a href={collectionPath(database, row.name ?? '')} onClick={(event) => event.stopPropagation()}>{row.name}</a> },
    { id: 'records', header: 'Records', width: 120, align: 'end', cell: (row) => formatNumber(row.statistics?.records ?? 0) },
    { id: 'bytes', header: 'JSON text', width: 120, align: 'end', cell: (row) => formatBytes(row.statistics?.record_bytes ?? 0) },
    { id: 'indexes', header: 'Indexes', width: 100, align: 'end', cell: (row) => formatNumber(row.indexes?.length ?? 0) },
    { id: 'schema', header: 'Schema', width: 110, cell: (row) => ({ off: '', warn: 'Warns', error: 'Refuses' })[row.validation?.mode ?? 'off'] },
    { id: 'created', header: 'Created', width: 150, cell: (row) => <Time value={row.created_at} /> },
    {
        id: 'more', header: '', name: 'Actions', width: 56, align: 'end',
        cell: (row) => manage && <Menu label={`Actions for ${row.name}`} icon="more" items={[{ label: 'Delete collection', icon: 'trash', danger: true, run: () => remove(row) }]} />,
    },
];

function NoCollections({ find, manage, create }: { find: string; manage: boolean; create: () => void }) {
    if (find) return <Empty title={`No collection has “${find}” in its name`} />;
    return (
        <Empty title="No collection yet" action={manage && <Button kind="primary" icon="add" onClick={create}>Create collection</Button>}>
            {manage ? 'Create one, then insert records or import a file.' : 'Ask an admin of the workspace to create one.'}
        </Empty>
    );
}

function CreateCollection({ database, onClose }: { database: string; onClose: () => void }) {
    const [name, setName] = useState('');
    const create = useAction(async () => {
        await api.post('/v1/databases/{database}/collections', { path: { database }, body: { name } });
        invalidate('databases');
        onClose();
        navigate(collectionPath(database, name));
    });
    return (
        <Dialog title="Create collection" onClose={onClose} onSubmit={() => void create.run()}
            footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" type="submit" busy={create.busy}>Create collection</Button></>}>
            <div class="stack">
                <TextField label="Name" name="name" error={create.error} value={name} onInput={setName} hint="1 to 64 letters, digits, _ and -, starting with a letter. It can't be changed later." />
                <ErrorNotice error={create.error} fields={['name']} />
                <CallSnippet call={{ method: 'POST', path: '/v1/databases/{database}/collections', parameters: { database }, body: { name } }} />
            </div>
        </Dialog>
    );
}
