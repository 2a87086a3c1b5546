// Finds databases and collections by name, for Ctrl/⌘ K.
import { api } from '../app/api';
import { addSearcher, type Command } from '../app/commands';
import { may } from '../app/session';
import { collectionPath, databasePath } from './places';

/** Databases whose collections are looked through, and how many of each are told. */
const DATABASES = 20;
const COLLECTIONS = 5;

addSearcher(async (text, signal): Promise<Command[]> => {
    if (!may('metadata:read')) return [];
    const all = (
        await api.get('/v1/databases', { query: { limit: 1000, count: 'none', fields: 'name' }, signal })
    ).data.map((database) => database.name ?? '');
    const found = all
        .filter((name) => name.toLowerCase().includes(text.toLowerCase()))
        .slice(0, 10)
        .map((name): Command => ({ title: name, section: 'Databases', icon: 'data', href: databasePath(name) }));
    const lists = await Promise.all(
        all.slice(0, DATABASES).map(async (database) => {
            const answer = await api.get('/v1/databases/{database}/collections', {
                path: { database },
                query: {
                    limit: COLLECTIONS,
                    count: 'none',
                    fields: 'name',
                    filter: { name: { $regex: escaped(text), $options: 'i' } } as never,
                },
                signal,
            });
            return answer.data.map((collection): Command => ({
                title: `${database} / ${collection.name}`,
                section: 'Collections',
                icon: 'data',
                href: collectionPath(database, collection.name ?? ''),
            }));
        }),
    );
    return [...found, ...lists.flat()];
});

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
