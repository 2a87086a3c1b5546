// Which database and collection, with the names that there are to choose from.
import { useId } from 'preact/hooks';
import { api } from '../app/api';
import { useLoad } from '../app/load';
import { TextField } from '../ui';
import type { Wish } from './wish';

const none = () => [] as string[];

export function PlaceFields({ wish, set, error }: { wish: Wish; set: (part: Partial<Wish>) => void; error: unknown }) {
    const id = useId();
    const databases = useLoad('database-names', (signal) =>
        api
            .get('/v1/databases', { query: { limit: 1000, sort: 'name', fields: 'name' }, signal })
            .then(({ data }) => data.map((one) => one.name ?? ''), none),
    );
    const known = databases.data?.includes(wish.database) ?? false;
    const collections = useLoad(known ? `collection-names/${wish.database}` : '', (signal) =>
        api
            .get('/v1/databases/{database}/collections', {
                path: { database: wish.database },
                query: { limit: 1000, sort: 'name', fields: 'name' },
                signal,
            })
            .then(({ data }) => data.map((one) => one.name ?? ''), none),
    );
    const options = (list: readonly string[] | undefined) =>
        (list ?? []).map((name) => <option key={name} value={name} />);
    return (
        <div class="two">
            <div>
                <TextField
                    label="Database"
                    name="database"
                    list={`${id}-databases`}
                    error={error}
                    value={wish.database}
                    onInput={(database) => set({ database, ...(database === '' && { collection: '' }) })}
                    placeholder="All"
                    hint="Events that happen outside of databases come all the same."
                />
                <datalist id={`${id}-databases`}>{options(databases.data)}</datalist>
            </div>
            <div>
                <TextField
                    label="Collection"
                    name="collection"
                    list={`${id}-collections`}
                    error={error}
                    value={wish.collection}
                    onInput={(collection) => set({ collection })}
                    placeholder="All"
                    disabled={wish.database === ''}
                />
                <datalist id={`${id}-collections`}>{options(collections.data)}</datalist>
            </div>
        </div>
    );
}
