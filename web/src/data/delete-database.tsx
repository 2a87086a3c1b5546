import { api } from '../app/api';
import { formatBytes, plural } from '../app/format';
import { invalidate, useLoad } from '../app/load';
import { navigate } from '../app/router';
import { Confirm, toast } from '../ui';

export function DeleteDatabase({ name, onClose }: { name: string; onClose: () => void }) {
    const loaded = useLoad(
        `databases/${name}`,
        async (signal) => (await api.get('/v1/databases/{database}', { path: { database: name }, signal })).data,
    );
    const statistics = loaded.data?.statistics;
    return (
        <Confirm
            title={`Delete database ${name}`}
            confirm="Delete database"
            repeat={name}
            call={{ method: 'DELETE', path: '/v1/databases/{database}', parameters: { database: name } }}
            onClose={onClose}
            onConfirm={async () => {
                await api.delete('/v1/databases/{database}', { path: { database: name } });
                toast(`The database ${name} was deleted`);
                navigate('/data');
                invalidate('databases');
            }}
        >
            <p>
                {statistics
                    ? `${plural(statistics.collections, 'collection')} with ${plural(statistics.records, 'record')} (${formatBytes(statistics.record_bytes)}) will be gone, with their indexes and changes.`
                    : 'All its collections and records will be gone.'}{' '}
                This can't be undone.
            </p>
        </Confirm>
    );
}
