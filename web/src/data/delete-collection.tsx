import type { Schemas } from '@credvault/client';
import { api } from '../app/api';
import { formatBytes, plural } from '../app/format';
import { invalidate } from '../app/load';
import { navigate } from '../app/router';
import { Confirm, toast } from '../ui';
import { COLLECTION, databasePath } from './places';

export function DeleteCollection({
    database,
    collection,
    onClose,
}: {
    database: string;
    collection: Schemas['Collection'];
    onClose: () => void;
}) {
    const name = collection.name ?? '';
    const statistics = collection.statistics;
    const indexes = collection.indexes?.length ?? 0;
    return (
        <Confirm
            title={`Delete collection ${name}`}
            confirm="Delete collection"
            call={{ method: 'DELETE', path: COLLECTION, parameters: { database, collection: name } }}
            repeat={name}
            onClose={onClose}
            onConfirm={async () => {
                await api.delete(COLLECTION, { path: { database, collection: name } });
                toast(`The collection ${name} was deleted`);
                navigate(databasePath(database));
                invalidate('databases');
            }}
        >
            <p>
                {plural(statistics?.records ?? 0, 'record')} ({formatBytes(statistics?.record_bytes ?? 0)}) and{' '}
                {plural(indexes, 'index', 'indexes')} will be gone. This can't be undone.
            </p>
        </Confirm>
    );
}
