import { api } from '../../app/api';
import { formatNumber, plural } from '../../app/format';
import { useLoad } from '../../app/load';
import type { Limits } from '../../app/resources';
import { useSearch } from '../../app/router';
import { may } from '../../app/session';
import { Quotas } from '../../home/quotas';
import { UsageCharts } from '../../home/usage';
import { dayText, rangeOf } from '../../home/usage-history';
import { Badge, CallSnippet, Empty, Id, Page, Progress, Section, Show, Table, type Column } from '../../ui';
import '../../home/home.css';

type Budget = Limits['requests'][number];

const CLASSES: Record<string, string> = {
    standard: 'All calls but those below',
    scan: 'What may read a whole collection',
    training: 'Training of models',
};

const share = (of: number | undefined, left: number | undefined, label: string) =>
    of === undefined ? (
        <span class="quiet">no limit</span>
    ) : (
        <div class="stack-tight">
            <span>
                {formatNumber(left ?? of)} of {formatNumber(of)} left
            </span>
            <Progress label={label} done={of - (left ?? of)} total={of} />
        </div>
    );

const budgetColumns: Column<Budget>[] = [
    { id: 'class', header: 'Class', width: 110, cell: (budget) => <code>{budget.class}</code> },
    { id: 'about', header: 'Counts', width: 220, cell: (budget) => CLASSES[budget.class] ?? '' },
    {
        id: 'limit',
        header: 'Each key or user',
        width: 160,
        cell: (budget) =>
            budget.limit === undefined ? (
                <span class="quiet">no limit</span>
            ) : (
                `${formatNumber(budget.limit)} in ${budget.window_seconds} s`
            ),
    },
    {
        id: 'left',
        header: 'You, right now',
        width: 130,
        cell: (budget) =>
            budget.remaining === undefined ? (
                <span class="quiet">no limit</span>
            ) : (
                `${formatNumber(budget.remaining)} left`
            ),
    },
    {
        id: 'workspace',
        header: 'The workspace',
        width: 160,
        cell: (budget) =>
            budget.workspace_limit === undefined ? (
                <span class="quiet">no limit</span>
            ) : (
                `${formatNumber(budget.workspace_limit)} in ${budget.window_seconds} s`
            ),
    },
    {
        id: 'workspace-left',
        header: 'Right now',
        width: 130,
        cell: (budget) =>
            budget.workspace_remaining === undefined ? (
                <span class="quiet">no limit</span>
            ) : (
                `${formatNumber(budget.workspace_remaining)} left`
            ),
    },
];

export default function LimitsAndUsage() {
    const limits = useLoad('limits', async (signal) => (await api.get('/v1/limits', { signal })).data);
    return (
        <Page title="Limits and usage" about="What the workspace’s tier allows, and what has been used.">
            <Show loaded={limits}>
                {(data) => (
                    <>
                        <Section
                            title="Tier"
                            about={
                                <>
                                    <Badge plain tone="accent">
                                        {data.tier}
                                    </Badge>{' '}
                                    {may('billing:manage') && <a href="/settings/workspace">Change tier</a>}
                                </>
                            }
                        >
                            <Quotas limits={data} />
                        </Section>
                        <Section title="Calls" about="Refused with 429 past the limit; Retry-After says when to go on.">
                            <Table
                                id="budgets"
                                label="Budgets"
                                columns={budgetColumns}
                                rows={data.requests}
                                keyOf={(budget) => budget.class}
                            />
                            {data.concurrency !== undefined && (
                                <div class="quota">
                                    <span>Calls in flight at once, of the workspace</span>
                                    {share(data.concurrency, undefined, 'In flight')}
                                </div>
                            )}
                        </Section>
                    </>
                )}
            </Show>
            {may('logs:read') && <UsageCharts />}
            {may('logs:read') && <ByKey />}
            <CallSnippet call={{ method: 'GET', path: '/v1/limits' }} />
        </Page>
    );
}

interface ByKeyRow {
    key?: string;
    requests: number;
    errors: number;
    limited: number;
}

const keyColumns: Column<ByKeyRow>[] = [
    {
        id: 'key',
        header: 'Key or user',
        width: 280,
        cell: (row) => (row.key ? <Id value={row.key} /> : <span class="quiet">without a credential</span>),
    },
    { id: 'requests', header: 'Calls', width: 120, align: 'end', cell: (row) => formatNumber(row.requests) },
    { id: 'errors', header: 'Errors', width: 120, align: 'end', cell: (row) => formatNumber(row.errors) },
    { id: 'limited', header: 'Past a limit', width: 120, align: 'end', cell: (row) => formatNumber(row.limited) },
];

function ByKey() {
    const [range] = useSearch('days');
    const days = Number(rangeOf(range));
    const from = dayText(Date.now() / 1000 - (days - 1) * 86_400);
    const usage = useLoad(
        `usage/keys?${days}`,
        async (signal) =>
            (await api.get('/v1/usage', { query: { from, group: ['key'] }, signal })).data.sort(
                (a, b) => b.requests - a.requests,
            ) as ByKeyRow[],
    );
    return (
        <Section title="By key and user" about={days === 1 ? 'Today, in UTC.' : `The last ${plural(days, 'day')}.`}>
            <Show loaded={usage}>
                {(rows) =>
                    rows.length === 0 ? (
                        <Empty title="No calls in this time" />
                    ) : (
                        <Table
                            id="usage-keys"
                            label="Usage by key and user"
                            columns={keyColumns}
                            rows={rows}
                            keyOf={(row) => row.key ?? ''}
                        />
                    )
                }
            </Show>
        </Section>
    );
}
