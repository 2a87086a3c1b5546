import { useState } from 'preact/hooks';
import { api } from '../../app/api';
import { useCommands } from '../../app/commands';
import { plural } from '../../app/format';
import { useShortcuts } from '../../app/keyboard';
import { useList, useLoad } from '../../app/load';
import type { ApiKey } from '../../app/resources';
import { setSearch, useSearch } from '../../app/router';
import {
    Badge,
    Button,
    CallSnippet,
    Empty,
    ErrorNotice,
    Page,
    Show,
    StatusFilter,
    Table,
    Time,
    type Column,
} from '../../ui';
import { KeyDrawer, STATUS } from './key-drawer';
import { KeyForm } from './key-form';
import { KeySecret } from './secret';
import { ALL_SCOPES } from './scopes';
import './keys.css';

const columns: Column<ApiKey>[] = [
    { id: 'name', header: 'Name', width: 220, sort: 'name', cell: (key) => <strong>{key.name}</strong> },
    {
        id: 'prefix',
        header: 'Secret',
        width: 150,
        cell: (key) => (key.prefix ? <code>{key.prefix}…</code> : <span class="quiet">from the environment</span>),
    },
    {
        id: 'status',
        header: 'Status',
        width: 110,
        sort: 'status',
        cell: (key) => <Badge tone={STATUS[key.status] ?? 'grey'}>{key.status}</Badge>,
    },
    { id: 'scopes', header: 'May', width: 150, cell: (key) => <ScopesCell apiKey={key} /> },
    {
        id: 'used',
        header: 'Last used',
        width: 130,
        sort: 'last_used_at',
        cell: (key) => <Time value={key.last_used_at} />,
    },
    {
        id: 'expires',
        header: 'Expires',
        width: 130,
        sort: 'expires_at',
        cell: (key) => <Time value={key.expires_at} />,
    },
    {
        id: 'created',
        header: 'Created',
        width: 130,
        sort: 'created_at',
        cell: (key) => <Time value={key.created_at} />,
    },
];

function ScopesCell({ apiKey }: { apiKey: ApiKey }) {
    const text = apiKey.scopes.length === ALL_SCOPES.length ? 'everything' : plural(apiKey.scopes.length, 'scope');
    return (
        <span title={apiKey.scopes.join(', ')}>
            {text}
            {Object.keys(apiKey.restrictions).length > 0 && <span class="quiet">, restricted</span>}
        </span>
    );
}

export default function ApiKeys() {
    const [sort, setSort] = useSearch('sort');
    const [status, setStatus] = useSearch('status');
    const [shown] = useSearch('key');
    const [creating, setCreating] = useState(false);
    const [secret, setSecret] = useState<(ApiKey & { secret: string }) | undefined>();
    const query = { sort: sort || '-created_at', limit: 100, ...(status && { filters: { status } }) };
    const keys = useList(
        `api-keys?${status}&${sort}`,
        async (cursor, signal) =>
            (await api.get('/v1/api-keys', { query: { ...query, cursor }, signal })) as unknown as {
                data: ApiKey[];
                pagination: undefined;
            },
    );
    // A key that a link names may be on no page that has been read.
    const listed = keys.data?.find((key) => key.id === shown);
    const single = useLoad(
        shown && keys.data && !listed ? `api-keys/${shown}` : '',
        async (signal) => (await api.get('/v1/api-keys/{key}', { path: { key: shown }, signal })).data as ApiKey,
    );
    const open = listed ?? (shown ? single.data : undefined);
    const create = () => setCreating(true);
    useShortcuts('API keys', [
        { keys: 'c', label: 'Create key', run: create },
        { keys: 'Escape', label: 'Close the details', run: () => setSearch({ key: null }) },
    ]);
    useCommands([{ title: 'Create API key', section: 'API keys', icon: 'add', run: create }]);
    return (
        <Page
            title="API keys"
            about="What servers and scripts present. A key does what its scopes allow, where its restrictions allow it."
            actions={
                <Button kind="primary" icon="add" onClick={create}>
                    Create key
                </Button>
            }
            fill
        >
            <div class="filters">
                <StatusFilter statuses={Object.keys(STATUS)} value={status} onChange={setStatus} />
            </div>
            <ErrorNotice error={single.error} onRetry={single.reload} />
            <Show loaded={keys}>
                {(rows) =>
                    rows.length === 0 ? (
                        <Empty
                            title={status ? `No key is ${status}` : 'No keys yet'}
                            action={
                                status ? (
                                    <Button onClick={() => setStatus(null)}>Show all keys</Button>
                                ) : (
                                    <Button kind="primary" onClick={create}>
                                        Create key
                                    </Button>
                                )
                            }
                        >
                            {status
                                ? 'There are keys of other states.'
                                : 'A key lets a program use the API. Its secret is shown once, when it is made.'}
                        </Empty>
                    ) : (
                        <>
                            <Table
                                id="api-keys"
                                main
                                fill
                                label="API keys"
                                columns={columns}
                                rows={rows}
                                keyOf={(key) => key.id}
                                selected={shown || undefined}
                                sort={sort || '-created_at'}
                                onSort={(next) => setSort(next)}
                                onOpen={(key) => setSearch({ key: key.id })}
                                onEnd={keys.more}
                                total={keys.total}
                            />
                            <div class="table-foot">
                                <span>{plural(keys.total ?? rows.length, 'key')}</span>
                            </div>
                        </>
                    )
                }
            </Show>
            <ErrorNotice error={keys.moreError} onRetry={keys.reload} />
            <CallSnippet
                call={{ method: 'GET', path: '/v1/api-keys', query: { sort: query.sort, ...(status && { status }) } }}
            />
            {open && (
                <KeyDrawer key={open.id} apiKey={open} onClose={() => setSearch({ key: null })} onSecret={setSecret} />
            )}
            {creating && (
                <KeyForm
                    onClose={() => setCreating(false)}
                    onMade={(made) => {
                        setCreating(false);
                        setSecret(made);
                    }}
                />
            )}
            {secret && <KeySecret made={secret} onClose={() => setSecret(undefined)} />}
        </Page>
    );
}
