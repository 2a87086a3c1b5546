// How a query is run, as a picture: where records come from, how many are looked at, and how many are left.
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Schemas } from '@credvault/client';
import { api } from '../app/api';
import { formatDuration } from '../app/format';
import { useShortcuts } from '../app/keyboard';
import { useLoad } from '../app/load';
import { setSearch, useSearch } from '../app/router';
import { may } from '../app/session';
import { Button, CallSnippet, Notice, Section, Show, TextField } from '../ui';
import { CreateIndex } from './create-index';
import { useFields } from './field-names';
import { FilterBar, focusFilter } from './filter-bar';
import { collectionPath, COLLECTION } from './places';
import { PlanPicture } from './plan-picture';
import type { TabProps } from './tab';
import { parsed } from './use-source';

type Explanation = Schemas['Explanation'];

export default function Explain({ database, collection, info, reload }: TabProps) {
    const [text, setText] = useSearch('filter');
    const [sort] = useSearch('sort');
    const [typed, setTyped] = useState(sort);
    useEffect(() => setTyped(sort), [sort]);
    const [creating, setCreating] = useState<Explanation | undefined>();
    const fields = useFields(database, collection, info);
    const { filter, wrong } = useMemo(() => parsed(text), [text]);
    const body = { ...(filter ? { filter } : {}), ...(sort ? { sort } : {}), limit: 200 };
    const loaded = useLoad(
        wrong ? '' : `explain/${database}/${collection}?${text}&${sort}`,
        async (signal) =>
            (await api.post(`${COLLECTION}/explain`, { path: { database, collection }, body: body as never, signal }))
                .data,
    );
    useShortcuts('Explain', [
        { keys: '/', label: 'Filter', run: focusFilter },
        { keys: 'r', label: 'Explain again', run: loaded.reload },
    ]);
    return (
        <>
            <FilterBar value={text} onApply={setText} fields={fields} error={wrong} label="Filter to explain">
                <Button href={collectionPath(database, collection, 'records', { filter: text, sort })}>
                    Show the records
                </Button>
            </FilterBar>
            <form
                class="sort-line"
                onSubmit={(event) => {
                    event.preventDefault();
                    setSearch({ sort: typed.trim() });
                }}
            >
                <TextField
                    label="Sort"
                    name="sort"
                    value={typed}
                    onInput={setTyped}
                    class="mono"
                    placeholder="-created_at, name"
                />
                <Button type="submit" disabled={typed.trim() === sort}>
                    Apply sort
                </Button>
            </form>
            <Show loaded={loaded}>
                {(plan) => (
                    <>
                        <Section
                            title="Plan"
                            about={`The first 200 records, in ${formatDuration(plan.elapsed_ms / 1000)}.`}
                            actions={
                                <Button compact kind="plain" icon="refresh" onClick={loaded.reload}>
                                    Explain again
                                </Button>
                            }
                        >
                            <PlanPicture plan={plan} total={info.statistics?.records} />
                            <p class="quiet">{plan.plan}</p>
                        </Section>
                        {plan.advised_index && (
                            <Notice tone="amber">
                                <p>
                                    An index of <code>{plan.advised_index.join(', ')}</code> would spare most of it.
                                </p>
                                {may('database:manage') && (
                                    <div>
                                        <Button compact icon="add" onClick={() => setCreating(plan)}>
                                            Create this index
                                        </Button>
                                    </div>
                                )}
                            </Notice>
                        )}
                    </>
                )}
            </Show>
            <CallSnippet
                call={{ method: 'POST', path: `${COLLECTION}/explain`, parameters: { database, collection }, body }}
            />
            {creating && (
                <CreateIndex
                    database={database}
                    collection={collection}
                    info={info}
                    onClose={() => setCreating(undefined)}
                    draft={{
                        name: '',
                        fields: creating.advised_index?.join(', ') ?? '',
                        type: creating.advised_type ?? 'value',
                        unique: false,
                        sparse: false,
                        ttl: '',
                        language: '',
                    }}
                    onDone={() => {
                        reload();
                        setTimeout(loaded.reload, 800);
                    }}
                />
            )}
        </>
    );
}
