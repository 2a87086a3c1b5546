import { useMemo } from 'preact/hooks';
import type { JsonObject } from '@credvault/client';
import { api } from '../app/api';
import { useLoad } from '../app/load';
import { Fields, type FieldInfo } from './fields';
import type { CollectionInfo } from './tab';

/** The fields of a collection, from its first records, its indexes and its schema. */
export function useFields(database: string, collection: string, info: CollectionInfo): FieldInfo[] {
    const loaded = useLoad(`databases/${database}/collections/${collection}/first`, async (signal) =>
        (await api.database(database).collection(collection).page<JsonObject>({ limit: 100, count: 'none' }, { signal })).data);
    return useMemo(() => {
        const fields = new Fields();
        fields.addCollection(info);
        fields.addRows((loaded.data ?? []).map((value) => ({ id: String(value['id']), value })));
        return fields.all;
    }, [loaded.data, info]);
}

export const useFieldNames = (database: string, collection: string, info: CollectionInfo): string[] =>
    useFields(database, collection, info).map((field) => field.path);
