import { useState } from 'preact/hooks';
import type { Schemas } from '@credvault/client';
import { api } from '../app/api';
import { formatBytes, formatNumber } from '../app/format';
import { useLoad } from '../app/load';
import { useSearch } from '../app/router';
import { may } from '../app/session';
import { Button, Page, type ApiCall, type Column } from '../ui';
import { DeleteDatabase } from './delete-database';
import { CreatePlace, createText, LISTED, placeColumns, PlaceList, useCreation } from './place-list';
import { databasePath } from './places';
import './data.css';

type Database = Schemas['Database'];

const call = (method: string): ApiCall => ({ method, path: '/v1/databases' });

// Lists leave sizes out: they are asked for by database, as rows come into sight.
function Statistic({ name, show }: { name: string; show: (statistics: Schemas['DatabaseStatistics']) => string }) {
    const loaded = useLoad(
        `databases/${name}`,
        async (signal) => (await api.get('/v1/databases/{database}', { path: { database: name }, signal })).data,
    );
    const statistics = loaded.data?.statistics;
    if (loaded.error !== undefined) return <span class="quiet">unknown</span>;
    return <>{statistics ? show(statistics) : ''}</>;
}

const figure = (
    id: string,
    header: string,
    show: (statistics: Schemas['DatabaseStatistics']) => string,
): Column<Database> => ({
    id,
    header,
    width: 115,
    align: 'end',
    cell: (row) => <Statistic name={row.name ?? ''} show={show} />,
});

const FIGURES = [
    figure('collections', 'Collections', (of) => formatNumber(of.collections)),
    figure('records', 'Records', (of) => formatNumber(of.records)),
    figure('bytes', 'JSON text', (of) => formatBytes(of.record_bytes)),
    figure('disk', 'On disk', (of) => formatBytes(of.bytes_on_disk)),
];

export default function Databases() {
    const [find] = useSearch('find');
    const [creating, setCreating] = useState(false);
    const [deleting, setDeleting] = useState<string | undefined>();
    const list = useLoad(`databases?${find}`, (signal) =>
        api.get('/v1/databases', {
            query: { limit: LISTED, sort: 'name', filters: find ? { 'name[contains]': find } : {} },
            signal,
        }),
    );
    const manage = may('database:manage');
    const create = () => setCreating(true);
    useCreation('database', manage, create);
    return (
        <Page
            title="Data"
            about="Databases hold collections, collections hold records."
            fill
            actions={
                manage && (
                    <Button kind="primary" icon="add" onClick={create}>
                        {createText('database')}
                    </Button>
                )
            }
        >
            <PlaceList
                what="database"
                list={list}
                columns={placeColumns(
                    'database',
                    databasePath,
                    FIGURES,
                    manage ? (row) => setDeleting(row.name) : undefined,
                )}
                pathOf={databasePath}
                call={call('GET')}
                none="Create one, or load the sample data: ./credvault sample load"
                create={manage ? create : undefined}
            />
            {creating && (
                <CreatePlace
                    what="database"
                    call={call('POST')}
                    create={(name) => api.post('/v1/databases', { body: { name } })}
                    pathOf={databasePath}
                    onClose={() => setCreating(false)}
                />
            )}
            {deleting && <DeleteDatabase name={deleting} onClose={() => setDeleting(undefined)} />}
        </Page>
    );
}
