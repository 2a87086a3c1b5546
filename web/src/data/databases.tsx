import { useState } from 'preact/hooks';
import type { Schemas } from '@credvault/client';
import { api } from '../app/api';
import { useCommands } from '../app/commands';
import { formatBytes, formatNumber, plural } from '../app/format';
import { useShortcuts } from '../app/keyboard';
import { invalidate, useAction, useLoad } from '../app/load';
import { navigate, useSearch } from '../app/router';
import { may } from '../app/session';
import { Button, CallSnippet, Confirm, Dialog, Empty, ErrorNotice, Menu, Page, Show, Table, TextField, Time, toast, type Column } from '../ui';
import { Finder } from './finder';
import { databasePath } from './places';
import './data.css';

type Database = Schemas['Database'];

// Lists leave sizes out: they are asked for by database, as rows come into sight.
function Statistic({ name, show }: { name: string; show: (statistics: Schemas['DatabaseStatistics']) => string }) {
    const loaded = useLoad(`databases/${name}`, async (signal) => (await api.get('/v1/databases/{database}', { path: { database: name }, signal })).data);
    const statistics = loaded.data?.statistics;
    if (loaded.error !== undefined) return <span class="quiet">unknown</span>;
    return <>{statistics ? show(statistics) : ''}</>;
}

export default function Databases() {
    const [find] = useSearch('find');
    const [creating, setCreating] = useState(false);
    const [deleting, setDeleting] = useState<string | undefined>();
    const list = useLoad(`databases?${find}`, (signal) =>
        api.get('/v1/databases', { query: { limit: 1000, sort: 'name', filters: find ? { 'name[contains]': find } : {} }, signal }));
    const manage = may('database:manage');
    useShortcuts('Databases', manage ? [{ keys: 'c', label: 'Create database', run: () => setCreating(true) }] : []);
    useCommands(manage ? [{ title: 'Create database', section: 'Data', icon: 'add', run: () => setCreating(true), key: 'c' }] : []);
    const columns: Column<Database>[] = [
        { id: 'name', header: 'Name', width: 240, cell: (row) => <a href={databasePath(row.name ?? '')} onClick={(event) => event.stopPropagation()}>{row.name}</a> },
        { id: 'collections', header: 'Collections', width: 110, align: 'end', cell: (row) => <Statistic name={row.name ?? ''} show={(s) => formatNumber(s.collections)} /> },
        { id: 'records', header: 'Records', width: 120, align: 'end', cell: (row) => <Statistic name={row.name ?? ''} show={(s) => formatNumber(s.records)} /> },
        { id: 'bytes', header: 'JSON text', width: 110, align: 'end', cell: (row) => <Statistic name={row.name ?? ''} show={(s) => formatBytes(s.record_bytes)} /> },
        { id: 'disk', header: 'On disk', width: 110, align: 'end', cell: (row) => <Statistic name={row.name ?? ''} show={(s) => formatBytes(s.bytes_on_disk)} /> },
        { id: 'created', header: 'Created', width: 150, cell: (row) => <Time value={row.created_at} /> },
        {
            id: 'more', header: '', name: 'Actions', width: 56, align: 'end',
            cell: (row) => manage && <Menu label={`Actions for ${row.name}`} icon="more" items={[{ label: 'Delete database', icon: 'trash', danger: true, run: () => setDeleting(row.name) }]} />,
        },
    ];
    return (
        <Page title="Data" about="Databases hold collections, collections hold records." fill
            actions={manage && <Button kind="primary" icon="add" onClick={() => setCreating(true)}>Create database</Button>}>
            <Finder label="Find databases by name" />
            <Show loaded={list}>
                {(answer) => (answer.data.length === 0
                    ? <NoDatabases find={find} manage={manage} create={() => setCreating(true)} />
                    : <>
                        <Table id="databases" label="Databases" columns={columns} rows={answer.data} keyOf={(row) => row.name ?? ''}
                            onOpen={(row) => navigate(databasePath(row.name ?? ''))} main fill />
                        <Shown count={answer.data.length} total={answer.pagination?.total} what="database" />
                    </>)}
            </Show>
            {creating && <CreateDatabase onClose={() => setCreating(false)} />}
            {deleting && <DeleteDatabase name={deleting} onClose={() => setDeleting(undefined)} />}
        </Page>
    );
}

export const Shown = ({ count, total, what }: { count: number; total: number | undefined; what: string }) => (
    <div class="table-foot">
        <span>{total !== undefined && total > count ? `The first ${formatNumber(count)} of ${plural(total, what)}. Find others by name.` : plural(count, what)}</span>
    </div>
);

function NoDatabases({ find, manage, create }: { find: string; manage: boolean; create: () => void }) {
    if (find) return <Empty title={`No database has “${find}” in its name`} />;
    return (
        <Empty title="No database yet" action={manage && <Button kind="primary" icon="add" onClick={create}>Create database</Button>}>
            {manage ? 'Create one, or load the sample data: ./credvault sample load' : 'Ask an admin of the workspace to create one.'}
        </Empty>
    );
}

function CreateDatabase({ onClose }: { onClose: () => void }) {
    const [name, setName] = useState('');
    const create = useAction(async () => {
        await api.post('/v1/databases', { body: { name } });
        invalidate('databases');
        onClose();
        navigate(databasePath(name));
    });
    return (
        <Dialog title="Create database" onClose={onClose} onSubmit={() => void create.run()}
            footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" type="submit" busy={create.busy}>Create database</Button></>}>
            <div class="stack">
                <TextField label="Name" name="name" error={create.error} value={name} onInput={setName} hint="1 to 64 letters, digits, _ and -, starting with a letter. It can't be changed later." />
                <ErrorNotice error={create.error} fields={['name']} />
                <CallSnippet call={{ method: 'POST', path: '/v1/databases', body: { name } }} />
            </div>
        </Dialog>
    );
}

export function DeleteDatabase({ name, onClose }: { name: string; onClose: () => void }) {
    const loaded = useLoad(`databases/${name}`, async (signal) => (await api.get('/v1/databases/{database}', { path: { database: name }, signal })).data);
    const statistics = loaded.data?.statistics;
    return (
        <Confirm title={`Delete database ${name}`} confirm="Delete database" repeat={name} onClose={onClose}
            onConfirm={async () => {
                await api.delete('/v1/databases/{database}', { path: { database: name } });
                invalidate('databases');
                toast(`The database ${name} was deleted`);
                navigate('/data');
            }}>
            <p>
                {statistics
                    ? `${plural(statistics.collections, 'collection')} with ${plural(statistics.records, 'record')} (${formatBytes(statistics.record_bytes)}) will be gone, with their indexes and changes.`
                    : 'All its collections and records will be gone.'} This can't be undone.
            </p>
            <CallSnippet call={{ method: 'DELETE', path: '/v1/databases/{database}', parameters: { database: name } }} />
        </Confirm>
    );
}
