// The records of a collection as a list of any length: pages by cursor, of which those far from what is seen are
// forgotten and read again by their cursors. So record 1,000,000 costs what the first one does.
import { signal } from '@preact/signals';
import type { Answer, JsonObject } from '@credvault/client';
import { api } from '../app/api';

export interface Row {
    id: string;
    value: JsonObject;
}

export interface SourceQuery {
    database: string;
    collection: string;
    filter: JsonObject | undefined;
    /** As the API takes it; '' is by id. */
    sort: string;
    /** Begins with the last record and goes up from there. */
    fromEnd: boolean;
    /** Whether the server reads everything for each page, because no index gives the sort. */
    scans: boolean;
}

interface Slot {
    /** Where it begins; undefined for the first page. */
    cursor: string | undefined;
    next: string | undefined;
    length: number;
    limit: number;
    /** In the order in which they are read; undefined where they were forgotten. */
    rows: Row[] | undefined;
}

const FIRST_PAGE = 200;
const PAGE = 300;
/** The most that the server gives: as few pages as can be, where each costs the same. */
const SCAN_PAGE = 1000;
/** Pages whose rows are kept. */
const KEPT = 16;
/** Rows that must lie behind what is seen, so that scrolling does not meet the end. */
const AHEAD = 250;
/** Beyond so many rows the first ones leave the list: elements have a greatest height (Firefox: 17,895,698 px). */
const LONGEST = 400_000;

/** '-age,name' → 'age,-name'; by id where nothing is said. */
export const reversed = (sort: string): string =>
    (sort || 'id')
        .split(',')
        .map((key) => (key.startsWith('-') ? key.slice(1) : `-${key}`))
        .join(',');

export class RecordSource {
    /** Counts changes, for components to follow. */
    readonly version = signal(0);
    total: number | undefined;
    totalRelation: string | undefined;
    error: unknown;
    /** Whether all has been read, to the end (or, from the end, to the beginning). */
    complete = false;
    /** Whether the first page is there. */
    ready = false;
    /** Milliseconds that the latest page took. */
    elapsed = 0;
    /** Rows that have left the list at its beginning. */
    private dropped = 0;
    private slots: Slot[] = [];
    private reading = new Map<Slot, Promise<void>>();
    private control = new AbortController();
    private range: [number, number] = [0, 40];

    constructor(readonly query: SourceQuery) {}

    get length(): number {
        return this.slots.reduce((sum, slot) => sum + slot.length, 0);
    }

    /** The place of the first row among all records, as far as it is known. */
    get base(): number {
        if (!this.query.fromEnd) return this.dropped;
        return this.totalRelation === 'eq' && this.total !== undefined
            ? Math.max(0, this.total - this.length - this.dropped)
            : 0;
    }

    /** Where the first row stands, counted from where the list began. */
    get anchor(): number {
        return this.query.fromEnd ? -this.length - this.dropped : this.dropped;
    }

    slice(first: number, end: number): (Row | undefined)[] {
        const result: (Row | undefined)[] = [];
        const length = this.length;
        const last = Math.min(end, length);
        const [from, to] = this.query.fromEnd ? [length - last, length - first] : [first, last];
        let start = 0;
        for (const slot of this.slots) {
            for (let at = Math.max(from, start); at < Math.min(to, start + slot.length); at++)
                result.push(slot.rows?.[at - start]);
            start += slot.length;
            if (start >= to) break;
        }
        return this.query.fromEnd ? result.reverse() : result;
    }

    /** What the page shows of the list: reads what is missing, and ahead. */
    readonly show = (first: number, end: number): void => {
        this.range = [first, end];
        const length = this.length;
        const [from, to] = this.query.fromEnd ? [length - end, length - first] : [first, end];
        let start = 0;
        for (const slot of this.slots) {
            if (!slot.rows && start < to && start + slot.length > from) void this.read(slot);
            start += slot.length;
        }
        if (!this.complete && this.error === undefined && to > length - AHEAD) void this.readNext();
    };

    /** Reads the first page. */
    start(): void {
        void this.readNext();
        if (this.query.filter) void this.count();
    }

    stop(): void {
        this.control.abort();
    }

    /** After an error: once more. */
    readonly retry = (): void => {
        this.error = undefined;
        this.show(...this.range);
    };

    place(id: string): number {
        let start = 0;
        for (const slot of this.slots) {
            const at = slot.rows?.findIndex((row) => row.id === id) ?? -1;
            if (at >= 0) return this.query.fromEnd ? this.length - 1 - start - at : start + at;
            start += slot.length;
        }
        return -1;
    }

    find(id: string): Row | undefined {
        for (const slot of this.slots) {
            const row = slot.rows?.find((entry) => entry.id === id);
            if (row) return row;
        }
        return undefined;
    }

    /** Shows a record as it is now, in its old place. */
    replace(id: string, value: JsonObject): void {
        for (const slot of this.slots)
            if (slot.rows?.some((row) => row.id === id))
                slot.rows = slot.rows.map((row) => (row.id === id ? { id, value } : row));
        this.changed();
    }

    /** Shows a new record at the top until all is read anew; its place in the order may be another. Not where a filter may exclude it. */
    insert(id: string, value: JsonObject): void {
        const slot = this.query.fromEnd ? this.slots[this.slots.length - 1] : this.slots[0];
        if (!slot?.rows || this.query.filter || this.find(id)) return;
        if (this.query.fromEnd) slot.rows.push({ id, value });
        else slot.rows.unshift({ id, value });
        slot.length++;
        this.addToTotal(1);
    }

    /** Takes a record out; what is returned puts it back. */
    remove(id: string): () => void {
        for (const slot of this.slots) {
            const at = slot.rows?.findIndex((row) => row.id === id) ?? -1;
            const row = slot.rows?.[at];
            if (!slot.rows || !row) continue;
            slot.rows = slot.rows.filter((entry) => entry !== row);
            slot.length--;
            this.addToTotal(-1);
            return () => {
                slot.rows?.splice(at, 0, row);
                slot.length++;
                this.addToTotal(1);
            };
        }
        return () => {};
    }

    private addToTotal(by: number): void {
        if (this.total !== undefined && this.totalRelation === 'eq') this.total += by;
        this.changed();
    }

    private changed(): void {
        this.version.value++;
    }

    private readNext(): Promise<void> {
        const last = this.slots[this.slots.length - 1];
        if (last && last.length === 0 && this.reading.has(last)) return Promise.resolve();
        if (this.complete) return Promise.resolve();
        const slot: Slot = {
            cursor: last?.next,
            next: undefined,
            length: 0,
            limit: this.query.scans ? SCAN_PAGE : last ? PAGE : FIRST_PAGE,
            rows: undefined,
        };
        this.slots.push(slot);
        return this.read(slot);
    }

    private read(slot: Slot): Promise<void> {
        const running = this.reading.get(slot);
        if (running) return running;
        const work = this.fetch(slot).finally(() => {
            this.reading.delete(slot);
            this.changed();
        });
        this.reading.set(slot, work);
        return work;
    }

    private async fetch(slot: Slot): Promise<void> {
        const begin = performance.now();
        try {
            const page = await this.page(slot.cursor, slot.limit);
            this.elapsed = performance.now() - begin;
            this.take(slot, page);
        } catch (error) {
            if (this.control.signal.aborted) return;
            this.error = error;
            // The place of a page that was never read is asked for anew.
            if (slot.length === 0) this.slots = this.slots.filter((entry) => entry !== slot);
        }
    }

    private page(cursor: string | undefined, limit: number): Promise<Answer<JsonObject[]>> {
        const { database, collection, filter, sort, fromEnd } = this.query;
        // Counting what a filter finds may take longer than the page: it is asked for apart.
        const count = filter ? { count: 'none' as const } : {};
        const order = fromEnd ? reversed(sort) : sort;
        return api
            .database(database)
            .collection(collection)
            .page<JsonObject>(
                {
                    limit,
                    ...(order ? { sort: order } : {}),
                    ...(filter ? { filter } : {}),
                    ...(cursor ? { cursor } : {}),
                    ...count,
                },
                { signal: this.control.signal },
            );
    }

    private take(slot: Slot, page: Answer<JsonObject[]>): void {
        slot.rows = page.data.map((value) => ({ id: String(value['id']), value }));
        slot.length = slot.rows.length;
        const next = page.pagination?.has_more ? page.pagination.next_cursor : undefined;
        const at = this.slots.indexOf(slot);
        // Read again, it may end elsewhere: what was known behind it no longer follows.
        if (at < this.slots.length - 1 && slot.next !== next) this.slots = this.slots.slice(0, at + 1);
        slot.next = next;
        if (at === this.slots.length - 1 || next === undefined) this.complete = next === undefined;
        if (page.pagination?.total !== undefined && !this.query.filter) {
            this.total = page.pagination.total;
            this.totalRelation = page.pagination.total_relation;
        }
        this.ready = true;
        this.error = undefined;
        this.forget();
    }

    // Drops rows far from what is seen, and, of a very long list, its beginning.
    private forget(): void {
        const loaded = this.slots.filter((slot) => slot.rows);
        if (loaded.length > KEPT) {
            const length = this.length;
            const middle = this.query.fromEnd ? length - this.range[1] : this.range[0];
            let start = 0;
            const far = new Map<Slot, number>();
            for (const slot of this.slots) {
                far.set(slot, Math.abs(start + slot.length / 2 - middle));
                start += slot.length;
            }
            loaded.sort((a, b) => (far.get(b) ?? 0) - (far.get(a) ?? 0));
            for (const slot of loaded.slice(0, loaded.length - KEPT)) slot.rows = undefined;
        }
        if (this.length <= LONGEST) return;
        while (this.length > LONGEST / 2) this.dropped += this.slots.shift()?.length ?? 0;
    }

    private async count(): Promise<void> {
        const { database, collection, filter } = this.query;
        try {
            const page = await api
                .database(database)
                .collection(collection)
                .page({ limit: 1, fields: 'id', ...(filter ? { filter } : {}) }, { signal: this.control.signal });
            this.total = page.pagination?.total;
            this.totalRelation = page.pagination?.total_relation;
            this.changed();
        } catch {
            // The page itself tells what is wrong.
        }
    }
}
