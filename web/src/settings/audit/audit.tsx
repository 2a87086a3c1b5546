import { useState } from 'preact/hooks';
import type { JsonValue } from '@credvault/client';
import { api } from '../../app/api';
import { formatNumber, plural } from '../../app/format';
import { useShortcuts } from '../../app/keyboard';
import { useAction, useList, useLoad } from '../../app/load';
import type { AuditEntry } from '../../app/resources';
import { search, setSearch } from '../../app/router';
import {
    Badge,
    Button,
    CallSnippet,
    Drawer,
    Empty,
    ErrorNotice,
    Id,
    Notice,
    Page,
    Pairs,
    Show,
    Table,
    Time,
    type Column,
    type Tone,
} from '../../ui';
import { actionWords } from '../audit-words';
import { Difference } from './difference';
import '../keys/keys.css';

const OUTCOMES: Record<string, Tone> = { success: 'green', refused: 'red', failed: 'red', interrupted: 'amber' };

const columns: Column<AuditEntry>[] = [
    { id: 'at', header: 'When', width: 130, cell: (entry) => <Time value={entry.at} /> },
    {
        id: 'action',
        header: 'What',
        width: 220,
        cell: (entry) => (
            <>
                <span title={entry.action}>{actionWords(entry.action)}</span>
                {entry.count !== undefined && entry.count > 1 && (
                    <span class="quiet"> × {formatNumber(entry.count)}</span>
                )}
            </>
        ),
    },
    {
        id: 'outcome',
        header: 'Outcome',
        width: 120,
        cell: (entry) => <Badge tone={OUTCOMES[entry.outcome] ?? 'grey'}>{entry.outcome}</Badge>,
    },
    {
        id: 'actor',
        header: 'Who',
        width: 200,
        cell: (entry) => (entry.actor ? <Id value={entry.actor} /> : <span class="quiet">without a credential</span>),
    },
    { id: 'target', header: 'Where', width: 260, cell: (entry) => <code>{entry.target}</code> },
    { id: 'address', header: 'Address', width: 130, cell: (entry) => <code>{entry.address}</code> },
];

const FILTERS = ['outcome', 'action', 'actor', 'from', 'to'] as const;

function filtersOf(parameters: URLSearchParams) {
    const value = (name: string) => parameters.get(name) ?? '';
    return {
        ...(value('outcome') && { outcome: value('outcome') }),
        ...(value('action') && { action: value('action') }),
        ...(value('actor') && { actor: value('actor') }),
        ...(value('from') && { 'at[gte]': `${value('from')}T00:00:00Z` }),
        ...(value('to') && { 'at[lt]': new Date(Date.parse(`${value('to')}T00:00:00Z`) + 86_400_000).toISOString() }),
    };
}

export default function AuditLog() {
    const parameters = search.value;
    const filters = filtersOf(parameters);
    const shown = parameters.get('entry') ?? '';
    const list = useList(
        `audit?${JSON.stringify(filters)}`,
        async (cursor, signal) =>
            (await api.get('/v1/audit-logs', {
                query: { sort: '-seq', limit: 200, cursor, filters },
                signal,
            })) as unknown as { data: AuditEntry[]; pagination: undefined },
    );
    const listed = list.data?.find((entry) => entry.id === shown);
    const single = useLoad(
        shown && list.data && !listed ? `audit/${shown}` : '',
        async (signal) =>
            (await api.get('/v1/audit-logs', { query: { limit: 1, filters: { id: shown } }, signal })).data[0] as
                AuditEntry | undefined,
    );
    const open = listed ?? (shown ? single.data : undefined);
    const close = () => setSearch({ entry: null });
    useShortcuts('Audit log', [
        { keys: '/', label: 'Filter', run: () => document.getElementById('audit-action')?.focus() },
        { keys: 'Escape', label: 'Close the details', run: close },
    ]);
    const filtered = Object.keys(filters).length > 0;
    return (
        <Page title="Audit log" about="Who changed what, who was refused, and from where." fill actions={<Verify />}>
            <Filters />
            <Show loaded={list}>
                {(rows) =>
                    rows.length === 0 ? (
                        <Empty
                            title={filtered ? 'Nothing matches' : 'Nothing has happened yet'}
                            action={
                                filtered && (
                                    <Button
                                        onClick={() =>
                                            setSearch(Object.fromEntries(FILTERS.map((name) => [name, null])))
                                        }
                                    >
                                        Show all entries
                                    </Button>
                                )
                            }
                        />
                    ) : (
                        <>
                            <Table
                                id="audit"
                                main
                                fill
                                label="Audit log"
                                columns={columns}
                                rows={rows}
                                keyOf={(entry) => entry.id}
                                selected={shown || undefined}
                                onOpen={(entry) => setSearch({ entry: entry.id })}
                                onEnd={list.more}
                                total={list.total}
                            />
                            <div class="table-foot">
                                <span>
                                    {list.total === undefined
                                        ? plural(rows.length, 'entry', 'entries')
                                        : `${list.totalIsLeast ? 'at least ' : ''}${plural(list.total, 'entry', 'entries')}`}
                                    , newest first
                                </span>
                            </div>
                        </>
                    )
                }
            </Show>
            <ErrorNotice error={list.moreError ?? single.error} onRetry={list.reload} />
            <CallSnippet call={{ method: 'GET', path: '/v1/audit-logs', query: { sort: '-seq', ...filters } }} />
            {open && <EntryDrawer key={open.id} entry={open} onClose={close} />}
        </Page>
    );
}

function Filters() {
    const value = (name: string) => search.value.get(name) ?? '';
    const set = (name: string) => (event: { currentTarget: { value: string } }) =>
        setSearch({ [name]: event.currentTarget.value.trim() });
    return (
        <div class="filters">
            <select class="input" aria-label="Outcome" value={value('outcome')} onChange={set('outcome')}>
                <option value="">Any outcome</option>
                {Object.keys(OUTCOMES).map((name) => (
                    <option key={name} value={name}>
                        {name}
                    </option>
                ))}
            </select>
            <input
                id="audit-action"
                class="input"
                aria-label="Action"
                placeholder="Action, as createApiKey"
                value={value('action')}
                onChange={set('action')}
                spellcheck={false}
            />
            <input
                class="input"
                aria-label="Who"
                placeholder="Key or user, as key_…"
                value={value('actor')}
                onChange={set('actor')}
                spellcheck={false}
            />
            <label class="line">
                From <input class="input" type="date" value={value('from')} onChange={set('from')} />
            </label>
            <label class="line">
                To <input class="input" type="date" value={value('to')} onChange={set('to')} />
            </label>
        </div>
    );
}

function Verify() {
    const [result, setResult] = useState<{ sound: boolean; entries: number; problems: string[] } | undefined>();
    const action = useAction(async () => setResult((await api.get('/v1/audit-logs/verification')).data));
    return (
        <>
            {result && (
                <span role="status">
                    <Badge tone={result.sound ? 'green' : 'red'}>
                        {result.sound
                            ? `The chain of ${plural(result.entries, 'entry', 'entries')} is sound`
                            : 'The chain is broken'}
                    </Badge>
                </span>
            )}
            {result && !result.sound && (
                <Notice tone="red">
                    {result.problems.map((problem) => (
                        <p key={problem}>{problem}</p>
                    ))}
                </Notice>
            )}
            <ErrorNotice error={action.error} />
            <Button busy={action.busy} onClick={() => void action.run()}>
                Verify chain
            </Button>
        </>
    );
}

function EntryDrawer({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
    return (
        <Drawer title={actionWords(entry.action)} onClose={onClose}>
            <div class="stack">
                <Pairs
                    entries={[
                        [
                            'When',
                            <>
                                <Time value={entry.at} /> <span class="quiet">{entry.at}</span>
                            </>,
                        ],
                        [
                            'Outcome',
                            <>
                                <Badge tone={OUTCOMES[entry.outcome] ?? 'grey'}>{entry.outcome}</Badge> {entry.status}{' '}
                                {entry.code && <code>{entry.code}</code>}
                            </>,
                        ],
                        ['Times', entry.count === undefined ? undefined : formatNumber(entry.count)],
                        [
                            'Who',
                            entry.actor ? <Id value={entry.actor} /> : <span class="quiet">Without a credential</span>,
                        ],
                        ['Session', entry.session ? <Id value={entry.session} /> : undefined],
                        ['Address', entry.address && <code>{entry.address}</code>],
                        ['Operation', <code>{entry.action}</code>],
                        ['Where', entry.target && <Id value={entry.target} />],
                        ['Request', entry.request_id ? <Id value={entry.request_id} /> : undefined],
                        ['Number', formatNumber(entry.seq)],
                        ['Hash', entry.hash ? <Id value={entry.hash} short={20} /> : undefined],
                    ]}
                />
                {(entry.before !== undefined || entry.after !== undefined) && (
                    <Difference
                        before={entry.before as JsonValue | undefined}
                        after={entry.after as JsonValue | undefined}
                    />
                )}
            </div>
        </Drawer>
    );
}
