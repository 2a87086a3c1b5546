// Indexes of a collection: what there is, how far those are that are being built, and which are missed.
import { useEffect, useState } from 'preact/hooks';
import type { Schemas } from '@credvault/client';
import { api } from '../app/api';
import { formatNumber, plural } from '../app/format';
import { useShortcuts } from '../app/keyboard';
import { invalidate, useLoad } from '../app/load';
import { may } from '../app/session';
import {
    Badge,
    Button,
    Confirm,
    Empty,
    Menu,
    Notice,
    Progress,
    Section,
    Show,
    Table,
    Time,
    toast,
    type Column,
} from '../ui';
import { CreateIndex, type IndexDraft } from './create-index';
import { COLLECTION } from './places';
import type { TabProps } from './tab';

type Index = Schemas['Index'];
type Advice = Schemas['IndexAdvice'];

const POLL = 700;

export default function Indexes({ database, collection, info, reload }: TabProps) {
    const path = { database, collection };
    const [draft, setDraft] = useState<IndexDraft | undefined>();
    const [deleting, setDeleting] = useState<Index | undefined>();
    const list = useLoad(
        `databases/${database}/collections/${collection}/indexes`,
        async (signal) => (await api.get(`${COLLECTION}/indexes`, { path, query: { limit: 1000 }, signal })).data,
    );
    const advice = useLoad(
        `databases/${database}/collections/${collection}/index-advice`,
        async (signal) =>
            (await api.get(`${COLLECTION}/index-advice`, { path, query: { limit: 100, sort: '-examined' }, signal }))
                .data,
    );
    const building = list.data?.some((index) => index.status === 'building') ?? false;
    useEffect(() => {
        if (!building) return undefined;
        const timer = setInterval(list.reload, POLL);
        return () => {
            clearInterval(timer);
            reload();
        };
    }, [building]);
    const manage = may('database:manage');
    const create = (from: Partial<IndexDraft> = {}) =>
        setDraft({ name: '', fields: '', type: 'value', unique: false, sparse: false, ttl: '', language: '', ...from });
    useShortcuts('Indexes', manage ? [{ keys: 'c', label: 'Create index', run: () => create() }] : []);
    return (
        <>
            <Section
                title="Indexes"
                about="Queries use them when they are ready. The id needs none."
                actions={
                    manage && (
                        <Button kind="primary" icon="add" onClick={() => create()}>
                            Create index
                        </Button>
                    )
                }
            >
                <Show loaded={list}>
                    {(indexes) =>
                        indexes.length === 0 ? (
                            <Empty title="No index yet">
                                {advice.data?.length
                                    ? 'Queries have missed some: see below.'
                                    : 'When queries look at many more records than they return, the missing index shows up here.'}
                            </Empty>
                        ) : (
                            <Table
                                id="indexes"
                                label="Indexes"
                                columns={columnsOf(manage, setDeleting)}
                                rows={indexes}
                                keyOf={(row) => row.name ?? ''}
                                main
                            />
                        )
                    }
                </Show>
            </Section>
            <Section title="Advice" about="Indexes that queries have missed since the server started.">
                <Show loaded={advice}>
                    {(missed) =>
                        missed.length === 0 ? (
                            <p class="quiet">No query missed an index.</p>
                        ) : (
                            <ul class="advice">
                                {missed.map((one) => (
                                    <AdviceItem
                                        key={one.name}
                                        advice={one}
                                        create={
                                            manage
                                                ? () =>
                                                      create({
                                                          name: one.name,
                                                          fields: one.fields.join(', '),
                                                          type: one.type,
                                                      })
                                                : undefined
                                        }
                                    />
                                ))}
                            </ul>
                        )
                    }
                </Show>
            </Section>
            {draft && (
                <CreateIndex
                    database={database}
                    collection={collection}
                    info={info}
                    draft={draft}
                    onClose={() => setDraft(undefined)}
                    onDone={() => {
                        list.reload();
                        advice.reload();
                        reload();
                    }}
                />
            )}
            {deleting && (
                <Confirm
                    title={`Delete index ${deleting.name}`}
                    confirm="Delete index"
                    call={{
                        method: 'DELETE',
                        path: `${COLLECTION}/indexes/{index}`,
                        parameters: { ...path, index: deleting.name ?? '' },
                    }}
                    repeat={deleting.name ?? ''}
                    onClose={() => setDeleting(undefined)}
                    onConfirm={async () => {
                        await api.delete(`${COLLECTION}/indexes/{index}`, {
                            path: { ...path, index: deleting.name ?? '' },
                        });
                        invalidate(`databases/${database}/collections/${collection}`);
                        toast(`The index ${deleting.name} was deleted`);
                    }}
                >
                    <p>
                        No record is lost. Queries that used it look at more records from now on
                        {deleting.unique ? ', and values may occur twice' : ''}
                        {deleting.ttl_seconds !== undefined ? ', and records no longer expire' : ''}. It can be built
                        anew.
                    </p>
                </Confirm>
            )}
        </>
    );
}

const columnsOf = (manage: boolean, remove: (index: Index) => void): Column<Index>[] => [
    { id: 'name', header: 'Name', width: 180, cell: (row) => row.name },
    { id: 'fields', header: 'Fields', width: 190, cell: (row) => <span class="mono">{row.fields?.join(', ')}</span> },
    { id: 'type', header: 'Type', width: 72, cell: (row) => row.type },
    {
        id: 'rules',
        header: 'Rules',
        width: 150,
        cell: (row) =>
            [
                row.unique && 'unique',
                row.sparse && 'sparse',
                row.language && row.language,
                row.ttl_seconds !== undefined && `expires ${formatNumber(row.ttl_seconds)} s after`,
            ]
                .filter(Boolean)
                .join(', '),
    },
    { id: 'status', header: 'Status', width: 150, cell: (row) => <Status index={row} /> },
    { id: 'entries', header: 'Entries', width: 96, align: 'end', cell: (row) => formatNumber(row.entries ?? 0) },
    { id: 'created', header: 'Created', width: 116, cell: (row) => <Time value={row.created_at} /> },
    {
        id: 'more',
        header: '',
        name: 'Actions',
        width: 56,
        align: 'end',
        cell: (row) =>
            manage && (
                <Menu
                    label={`Actions for ${row.name}`}
                    icon="more"
                    items={[{ label: 'Delete index', icon: 'trash', danger: true, run: () => remove(row) }]}
                />
            ),
    },
];

function Status({ index }: { index: Index }) {
    if (index.status === 'ready') return <Badge tone="green">ready</Badge>;
    if (index.status === 'failed')
        return (
            <span title={index.failure}>
                <Badge tone="red">failed</Badge> {index.failure}
            </span>
        );
    const { records_done: done = 0, records_total: total = 0 } = index.progress ?? {};
    return (
        <span class="building">
            <Progress done={done} total={total} label={`Building ${index.name}`} />
            <span class="small quiet">{total > 0 ? `${Math.floor((done / total) * 100)}%` : 'building'}</span>
        </span>
    );
}

function AdviceItem({ advice, create }: { advice: Advice; create: (() => void) | undefined }) {
    const perQuery = advice.queries > 0 ? advice.examined / advice.queries : 0;
    const returned = advice.queries > 0 ? advice.returned / advice.queries : 0;
    return (
        <li>
            <Notice>
                <p>
                    <code>{advice.fields.join(', ')}</code>
                    {advice.type !== 'value' && ` (${advice.type})`}
                </p>
                <p>
                    {plural(advice.queries, 'query', 'queries')} looked at {formatNumber(Math.round(perQuery))} records
                    each to return {formatNumber(Math.round(returned))}, {formatNumber(Math.round(advice.elapsed_ms))}{' '}
                    ms together; the last <Time value={advice.last_seen_at} />, as in{' '}
                    <code class="advice-filter">{advice.filter}</code>
                </p>
                {create && (
                    <div>
                        <Button compact icon="add" onClick={create}>
                            Create this index
                        </Button>
                    </div>
                )}
            </Notice>
        </li>
    );
}
