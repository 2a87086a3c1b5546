import type { Schemas } from '@credvault/client';

export type CollectionInfo = Schemas['Collection'];

/** What each tab of a collection is given. */
export interface TabProps {
    database: string;
    collection: string;
    info: CollectionInfo;
    /** Reads the collection's figures anew. */
    reload: () => void;
}
