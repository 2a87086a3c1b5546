// Where the screens of "Data" are.
const part = encodeURIComponent;

export const databasePath = (database: string): string => `/data/${part(database)}`;

export type Tab = 'records' | 'pipeline' | 'indexes' | 'explain' | 'schema' | 'import' | 'changes' | 'settings';

/** A tab of a collection, with what it shows. */
export function collectionPath(database: string, collection: string, tab: Tab = 'records', query: Record<string, string> = {}): string {
    const path = `${databasePath(database)}/${part(collection)}${tab === 'records' ? '' : `/${tab}`}`;
    const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
    return text ? `${path}?${text}` : path;
}

export const COLLECTION = '/v1/databases/{database}/collections/{collection}';
