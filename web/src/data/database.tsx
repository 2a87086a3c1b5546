import { useState } from 'preact/hooks';
import type { Schemas } from '@credvault/client';
import { api } from '../app/api';
import { formatBytes, formatNumber, plural } from '../app/format';
import { useLoad } from '../app/load';
import { useSearch } from '../app/router';
import { may } from '../app/session';
import { Button, Menu, Page, type ApiCall, type Column } from '../ui';
import { DeleteCollection } from './delete-collection';
import { DeleteDatabase } from './delete-database';
import { CreatePlace, createText, LISTED, placeColumns, PlaceList, useCreation } from './place-list';
import { collectionPath } from './places';
import './data.css';

type Collection = Schemas['Collection'];

const COLUMNS: readonly Column<Collection>[] = [
    {
        id: 'records',
        header: 'Records',
        width: 120,
        align: 'end',
        cell: (row) => formatNumber(row.statistics?.records ?? 0),
    },
    {
        id: 'bytes',
        header: 'JSON text',
        width: 120,
        align: 'end',
        cell: (row) => formatBytes(row.statistics?.record_bytes ?? 0),
    },
    {
        id: 'indexes',
        header: 'Indexes',
        width: 100,
        align: 'end',
        cell: (row) => formatNumber(row.indexes?.length ?? 0),
    },
    {
        id: 'schema',
        header: 'Schema',
        width: 110,
        cell: (row) => ({ off: '', warn: 'Warns', error: 'Refuses' })[row.validation?.mode ?? 'off'],
    },
];

export default function DatabaseScreen({ params }: { params: Record<string, string> }) {
    const database = params['database'] ?? '';
    const [find] = useSearch('find');
    const [asked, setAsked] = useState<'create' | 'delete' | undefined>();
    const [deleting, setDeleting] = useState<Collection | undefined>();
    const info = useLoad(
        `databases/${database}`,
        async (signal) => (await api.get('/v1/databases/{database}', { path: { database }, signal })).data,
    );
    const list = useLoad(`databases/${database}/collections?${find}`, (signal) =>
        api.get('/v1/databases/{database}/collections', {
            path: { database },
            query: { limit: LISTED, sort: 'name', filters: find ? { 'name[contains]': find } : {} },
            signal,
        }),
    );
    const manage = may('database:manage');
    const create = () => setAsked('create');
    const pathOf = (name: string) => collectionPath(database, name);
    const call = (method: string): ApiCall => ({
        method,
        path: '/v1/databases/{database}/collections',
        parameters: { database },
    });
    useCreation('collection', manage, create);
    const statistics = info.data?.statistics;
    return (
        <Page
            title={database}
            crumbs={[['Data', '/data']]}
            fill
            about={
                statistics &&
                `${plural(statistics.collections, 'collection')}, ${plural(statistics.records, 'record')}, ${formatBytes(statistics.record_bytes)} of JSON text, ${formatBytes(statistics.bytes_on_disk)} on disk`
            }
            actions={
                manage && (
                    <>
                        <Menu
                            label="More"
                            icon="more"
                            class="button plain only-icon"
                            items={[
                                {
                                    label: 'Delete database',
                                    icon: 'trash',
                                    danger: true,
                                    run: () => setAsked('delete'),
                                },
                            ]}
                        />
                        <Button kind="primary" icon="add" onClick={create}>
                            {createText('collection')}
                        </Button>
                    </>
                )
            }
        >
            <PlaceList
                what="collection"
                list={list}
                columns={placeColumns('collection', pathOf, COLUMNS, manage ? setDeleting : undefined)}
                pathOf={pathOf}
                call={call('GET')}
                none="Create one, then insert records or import a file."
                create={manage ? create : undefined}
            />
            {asked === 'create' && (
                <CreatePlace
                    what="collection"
                    call={call('POST')}
                    create={(name) =>
                        api.post('/v1/databases/{database}/collections', { path: { database }, body: { name } })
                    }
                    pathOf={pathOf}
                    onClose={() => setAsked(undefined)}
                />
            )}
            {asked === 'delete' && <DeleteDatabase name={database} onClose={() => setAsked(undefined)} />}
            {deleting && (
                <DeleteCollection database={database} collection={deleting} onClose={() => setDeleting(undefined)} />
            )}
        </Page>
    );
}
