// What was sent or tried, newest first; it is read again while something is on its way.
import { useEffect } from 'preact/hooks';
import { api } from '../app/api';
import { formatNumber } from '../app/format';
import { useShortcuts } from '../app/keyboard';
import { useList } from '../app/load';
import type { Delivery, Webhook } from '../app/resources';
import { setSearch, useSearch } from '../app/router';
import { Finder } from '../data/finder';
import '../data/data.css';
import { Badge, Button, CallSnippet, Empty, ErrorNotice, Show, StatusFilter, Table, Time, type Column } from '../ui';
import { NextTry, outcomeOf } from './attempts';
import { DeliveryDrawer } from './delivery-drawer';
import { DELIVERY_STATUS } from './status';

const PAGE = 100;
const AGAIN = 3000;

const columnsOf = (webhook: Webhook): Column<Delivery>[] => [
    {
        id: 'status',
        header: 'Status',
        width: 110,
        cell: (one) => <Badge tone={DELIVERY_STATUS[one.status] ?? 'grey'}>{one.status}</Badge>,
    },
    {
        id: 'type',
        header: 'Event',
        width: 180,
        cell: (one) => (
            <>
                <code>{one.type}</code>
                {one.test && <span class="quiet"> test</span>}
            </>
        ),
    },
    { id: 'subject', header: 'Of', width: 200, cell: (one) => <code>{one.subject}</code> },
    {
        id: 'attempts',
        header: 'Attempts',
        width: 90,
        align: 'end',
        cell: (one) => formatNumber(one.attempt_count),
    },
    { id: 'answer', header: 'Last answer', width: 150, cell: (one) => <LastAnswer delivery={one} /> },
    { id: 'at', header: 'Happened', width: 150, sort: 'id', cell: (one) => <Time value={one.occurred_at} /> },
    {
        id: 'next',
        header: 'Next try',
        width: 130,
        cell: (one) => <NextTry webhook={webhook} at={one.next_attempt_at} />,
    },
];

function LastAnswer({ delivery }: { delivery: Delivery }) {
    const last = delivery.attempts.reduce<Delivery['attempts'][number] | undefined>(
        (newest, one) => (newest === undefined || one.at > newest.at ? one : newest),
        undefined,
    );
    if (!last) return <span class="quiet">none yet</span>;
    const text = outcomeOf(last);
    return last.error === undefined ? <>{text}</> : <span title={last.error}>{text}</span>;
}

const isOpen = (one: Delivery) => one.status === 'retrying' || one.status === 'waiting';

export function Deliveries({ webhook }: { webhook: Webhook }) {
    const [status, setStatus] = useSearch('status');
    const [find] = useSearch('find');
    const [sort, setSort] = useSearch('sort');
    const [shown] = useSearch('delivery');
    const filters = { ...(status && { status }), ...(find && { 'subject[contains]': find }) };
    const query = { sort: sort || '-id', limit: PAGE, ...(Object.keys(filters).length > 0 && { filters }) };
    const deliveries = useList(
        `webhooks/${webhook.id}/deliveries?${status}&${find}&${sort}`,
        async (cursor, signal) =>
            (await api.get('/v1/webhooks/{webhook}/deliveries', {
                path: { webhook: webhook.id },
                query: { ...query, cursor },
                signal,
            })) as unknown as { data: Delivery[]; pagination: undefined },
    );
    const { data: rows, reload } = deliveries;
    // Reading anew forgets the later pages: who has gone on reads on in peace.
    const pending = rows !== undefined && rows.length <= PAGE && rows.some(isOpen);
    useEffect(() => {
        if (!pending) return undefined;
        const timer = setInterval(() => {
            if (!document.hidden) reload();
        }, AGAIN);
        return () => clearInterval(timer);
    }, [pending, reload]);
    useShortcuts('Deliveries', [
        { keys: 'r', label: 'Read the deliveries anew', run: reload },
        { keys: 'Escape', label: 'Close the delivery', run: () => setSearch({ delivery: null }) },
    ]);
    const filtered = status !== '' || find !== '';
    return (
        <>
            <div class="filters">
                <Finder label="Find by what it is about" />
                <StatusFilter statuses={Object.keys(DELIVERY_STATUS)} value={status} onChange={setStatus} />
                <Button icon="refresh" label="Read the deliveries anew" onClick={reload} />
            </div>
            <Show loaded={deliveries}>
                {(list) =>
                    list.length === 0 ? (
                        <Empty
                            title={filtered ? 'No delivery is like that' : 'Nothing was sent yet'}
                            action={
                                filtered && (
                                    <Button onClick={() => setSearch({ status: null, find: null })}>
                                        Show all deliveries
                                    </Button>
                                )
                            }
                        >
                            {!filtered && 'Deliveries appear within a second of their first attempt.'}
                        </Empty>
                    ) : (
                        <>
                            <Table
                                id="deliveries"
                                main
                                fill
                                label="Deliveries"
                                columns={columnsOf(webhook)}
                                rows={list}
                                keyOf={(one) => one.id}
                                selected={shown || undefined}
                                sort={sort || '-id'}
                                onSort={(next) => setSort(next)}
                                onOpen={(one) => setSearch({ delivery: one.id })}
                                onEnd={deliveries.more}
                                total={deliveries.total}
                            />
                            <div class="table-foot">
                                <Count shown={list.length} total={deliveries.total} least={deliveries.totalIsLeast} />
                            </div>
                        </>
                    )
                }
            </Show>
            <ErrorNotice error={deliveries.moreError} onRetry={reload} />
            <CallSnippet
                call={{
                    method: 'GET',
                    path: `/v1/webhooks/${webhook.id}/deliveries`,
                    query: { sort: query.sort, ...filters },
                }}
            />
            {shown && (
                <DeliveryDrawer
                    key={shown}
                    webhook={webhook}
                    id={shown}
                    onClose={() => setSearch({ delivery: null })}
                    onChanged={reload}
                />
            )}
        </>
    );
}

function Count({ shown, total, least }: { shown: number; total: number | undefined; least: boolean }) {
    const count = total ?? shown;
    const text = `${formatNumber(count)} ${count === 1 && !least ? 'delivery' : 'deliveries'}`;
    return <span>{least ? `At least ${text}` : text}</span>;
}
