// One collection: its tabs, each with a URL of its own.
import { lazy, Suspense } from 'preact/compat';
import { api } from '../app/api';
import { formatBytes, plural } from '../app/format';
import { useLoad, type Loaded } from '../app/load';
import { may } from '../app/session';
import { Page, Show, Skeleton, Tabs } from '../ui';
import { COLLECTION, collectionPath, databasePath, type Tab } from './places';
import type { CollectionInfo } from './tab';
import './data.css';

const TABS = {
    records: lazy(() => import('./records')),
    pipeline: lazy(() => import('./pipeline')),
    indexes: lazy(() => import('./indexes')),
    explain: lazy(() => import('./explain')),
    schema: lazy(() => import('./schema')),
    import: lazy(() => import('./import')),
    changes: lazy(() => import('./changes')),
    settings: lazy(() => import('./collection-settings')),
};

const LABELS: readonly (readonly [Tab, string, string?])[] = [
    ['records', 'Records'], ['pipeline', 'Pipeline', 'query:execute'], ['indexes', 'Indexes'], ['explain', 'Explain', 'query:execute'],
    ['schema', 'Schema'], ['import', 'Import and export'], ['changes', 'Changes'], ['settings', 'Settings'],
];

export default function CollectionScreen({ params }: { params: Record<string, string> }) {
    const database = params['database'] ?? '';
    const collection = params['collection'] ?? '';
    const tab = params['tab'] ?? 'records';
    const loaded: Loaded<CollectionInfo> = useLoad(`databases/${database}/collections/${collection}`, async (signal) =>
        (await api.get(COLLECTION, { path: { database, collection }, signal })).data);
    const Content = TABS[tab as Tab];
    const statistics = loaded.data?.statistics;
    const filled = tab === 'records' || tab === 'changes';
    return (
        <Page title={collection} crumbs={[['Data', '/data'], [database, databasePath(database)]]} fill={filled}
            about={statistics && `${plural(statistics.records, 'record')}, ${formatBytes(statistics.record_bytes)}`}>
            <Tabs label="Parts of the collection" items={LABELS.filter(([, , scope]) => !scope || may(scope)).map(([id, text]) => [text, collectionPath(database, collection, id)] as const)} />
            <Show loaded={loaded} lines={6}>
                {(info) => (Content === undefined
                    ? <p>There is no part “{tab}”. <a href={collectionPath(database, collection)}>Go to the records</a></p>
                    : (
                        <Suspense fallback={<Skeleton lines={6} />}>
                            <Content key={`${database}/${collection}`} database={database} collection={collection} info={info} reload={loaded.reload} />
                        </Suspense>
                    ))}
            </Show>
        </Page>
    );
}
