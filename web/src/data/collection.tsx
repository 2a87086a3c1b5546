// One collection: its tabs, each with a URL of its own.
import type { ComponentType } from 'preact';
import { api } from '../app/api';
import { formatBytes, plural } from '../app/format';
import { useLoad, type Loaded } from '../app/load';
import { may } from '../app/session';
import { CodeMissing, Page, Show, Skeleton, Tabs, useCode } from '../ui';
import { COLLECTION, collectionPath, databasePath, type Tab } from './places';
import type { CollectionInfo, TabProps } from './tab';
import './data.css';

const TABS: Record<Tab, () => Promise<{ default: ComponentType<TabProps> }>> = {
    records: () => import('./records'),
    pipeline: () => import('./pipeline'),
    indexes: () => import('./indexes'),
    explain: () => import('./explain'),
    schema: () => import('./schema'),
    import: () => import('./import'),
    changes: () => import('./changes'),
    settings: () => import('./collection-settings'),
};

const LABELS: readonly (readonly [Tab, string, string?])[] = [
    ['records', 'Records'],
    ['pipeline', 'Pipeline', 'query:execute'],
    ['indexes', 'Indexes'],
    ['explain', 'Explain', 'query:execute'],
    ['schema', 'Schema'],
    ['import', 'Import and export'],
    ['changes', 'Changes'],
    ['settings', 'Settings'],
];

export default function CollectionScreen({ params }: { params: Record<string, string> }) {
    const database = params['database'] ?? '';
    const collection = params['collection'] ?? '';
    const tab = params['tab'] ?? 'records';
    const loaded: Loaded<CollectionInfo> = useLoad(
        `databases/${database}/collections/${collection}`,
        async (signal) => (await api.get(COLLECTION, { path: { database, collection }, signal })).data,
    );
    const load = Object.hasOwn(TABS, tab) ? TABS[tab as Tab] : undefined;
    const statistics = loaded.data?.statistics;
    const filled = tab === 'records' || tab === 'changes';
    return (
        <Page
            title={collection}
            crumbs={[
                ['Data', '/data'],
                [database, databasePath(database)],
            ]}
            fill={filled}
            about={statistics && `${plural(statistics.records, 'record')}, ${formatBytes(statistics.record_bytes)}`}
        >
            <Tabs
                label="Parts of the collection"
                items={LABELS.filter(([, , scope]) => !scope || may(scope)).map(
                    ([id, text]) => [text, collectionPath(database, collection, id)] as const,
                )}
            />
            <Show loaded={loaded} lines={6}>
                {(info) =>
                    load === undefined ? (
                        <p>
                            There is no part “{tab}”.{' '}
                            <a href={collectionPath(database, collection)}>Go to the records</a>
                        </p>
                    ) : (
                        <Content
                            key={`${database}/${collection}/${tab}`}
                            load={load}
                            database={database}
                            collection={collection}
                            info={info}
                            reload={loaded.reload}
                        />
                    )
                }
            </Show>
        </Page>
    );
}

function Content({ load, ...props }: TabProps & { load: (typeof TABS)[Tab] }) {
    const { code, failed, slow } = useCode(load);
    if (code) return <code.default {...props} />;
    if (failed) return <CodeMissing what="The code of this part" />;
    return slow ? <Skeleton lines={6} /> : null;
}
