import { api } from '../app/api';
import { useCommands } from '../app/commands';
import { plural } from '../app/format';
import { useShortcuts } from '../app/keyboard';
import { useList } from '../app/load';
import type { Webhook } from '../app/resources';
import { navigate, useSearch } from '../app/router';
import { may } from '../app/session';
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
} from '../ui';
import { nameOf, STATUS, webhookPath } from './status';
import '../settings/keys/keys.css';
import './webhooks.css';

const columns: Column<Webhook>[] = [
    {
        id: 'name',
        header: 'Webhook',
        width: 260,
        sort: 'description',
        cell: (webhook) => (
            <a href={webhookPath(webhook.id)} onClick={(event) => event.stopPropagation()}>
                {nameOf(webhook)}
            </a>
        ),
    },
    {
        id: 'status',
        header: 'Status',
        width: 110,
        sort: 'status',
        cell: (webhook) => <Badge tone={STATUS[webhook.status] ?? 'grey'}>{webhook.status}</Badge>,
    },
    { id: 'url', header: 'Sends to', width: 280, sort: 'url', cell: (webhook) => <code>{webhook.url}</code> },
    {
        id: 'events',
        header: 'Events',
        width: 220,
        cell: (webhook) => <code title={webhook.events.join(', ')}>{webhook.events.join(', ')}</code>,
    },
    { id: 'where', header: 'Of', width: 180, cell: (webhook) => <Where webhook={webhook} /> },
    {
        id: 'created',
        header: 'Created',
        width: 130,
        sort: 'created_at',
        cell: (webhook) => <Time value={webhook.created_at} />,
    },
];

function Where({ webhook }: { webhook: Webhook }) {
    if (!webhook.database && !webhook.filter) return <span class="quiet">all</span>;
    return (
        <>
            {webhook.database ? (
                <code>{[webhook.database, webhook.collection].filter(Boolean).join('/')}</code>
            ) : (
                <span class="quiet">all</span>
            )}
            {webhook.filter && <span class="quiet">, filtered</span>}
        </>
    );
}

const create = () => navigate('/webhooks/new');

export default function Webhooks() {
    const [sort, setSort] = useSearch('sort');
    const [status, setStatus] = useSearch('status');
    const manage = may('webhook:manage');
    const query = { sort: sort || '-created_at', limit: 100, ...(status && { filters: { status } }) };
    const webhooks = useList(
        `webhooks?${status}&${sort}`,
        async (cursor, signal) =>
            (await api.get('/v1/webhooks', { query: { ...query, cursor }, signal })) as unknown as {
                data: Webhook[];
                pagination: undefined;
            },
    );
    useShortcuts('Webhooks', manage ? [{ keys: 'c', label: 'Create webhook', run: create }] : []);
    useCommands(manage ? [{ title: 'Create webhook', section: 'Webhooks', icon: 'add', run: create, key: 'c' }] : []);
    return (
        <Page
            title="Webhooks"
            about="Addresses that are called when something happens: a record is written, an index is ready, a key is revoked."
            actions={
                manage && (
                    <Button kind="primary" icon="add" href="/webhooks/new">
                        Create webhook
                    </Button>
                )
            }
            fill
        >
            <div class="filters">
                <StatusFilter statuses={Object.keys(STATUS)} value={status} onChange={setStatus} />
            </div>
            <Show loaded={webhooks}>
                {(rows) =>
                    rows.length === 0 ? (
                        <None status={status} manage={manage} showAll={() => setStatus(null)} />
                    ) : (
                        <>
                            <Table
                                id="webhooks"
                                main
                                fill
                                label="Webhooks"
                                columns={columns}
                                rows={rows}
                                keyOf={(webhook) => webhook.id}
                                sort={sort || '-created_at'}
                                onSort={(next) => setSort(next)}
                                onOpen={(webhook) => navigate(webhookPath(webhook.id))}
                                onEnd={webhooks.more}
                                total={webhooks.total}
                            />
                            <div class="table-foot">
                                <span>{plural(webhooks.total ?? rows.length, 'webhook')}</span>
                            </div>
                        </>
                    )
                }
            </Show>
            <ErrorNotice error={webhooks.moreError} onRetry={webhooks.reload} />
            <CallSnippet
                call={{ method: 'GET', path: '/v1/webhooks', query: { sort: query.sort, ...(status && { status }) } }}
            />
        </Page>
    );
}

function None({ status, manage, showAll }: { status: string; manage: boolean; showAll: () => void }) {
    if (status)
        return (
            <Empty title={`No webhook is ${status}`} action={<Button onClick={showAll}>Show all webhooks</Button>}>
                There may be webhooks of other states.
            </Empty>
        );
    return (
        <Empty
            title="No webhooks yet"
            action={
                manage && (
                    <Button kind="primary" href="/webhooks/new">
                        Create webhook
                    </Button>
                )
            }
        >
            A webhook tells a server of yours of each write, signed, at least once, and tries again where it fails.
        </Empty>
    );
}
