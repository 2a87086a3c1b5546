// The fields of a collection, as far as they are known: from the records seen, the indexes and the schema.
import type { JsonObject, JsonValue, Schemas } from '@credvault/client';
import type { Row } from './record-source';

export interface FieldInfo {
    /** With dots where it is in an object. */
    path: string;
    types: Set<string>;
    /** Some values that were seen. */
    values: JsonValue[];
    indexed: boolean;
}

const DEPTH = 3;
const VALUES = 24;
const MOST = 400;

export const typeOf = (value: JsonValue | undefined): string => {
    if (value === null || value === undefined) return 'null';
    if (Array.isArray(value)) return 'array';
    if (typeof value === 'bigint') return 'number';
    return typeof value;
};

export class Fields {
    private readonly known = new Map<string, FieldInfo>();
    private readonly seen = new WeakSet<object>();

    get all(): FieldInfo[] {
        return [...this.known.values()];
    }

    /** Fields of records themselves, in the order in which they were met. */
    top: string[] = [];

    addRows(rows: readonly (Row | undefined)[]): void {
        for (const row of rows) {
            if (!row || this.seen.has(row.value)) continue;
            this.seen.add(row.value);
            for (const name of Object.keys(row.value)) if (!this.top.includes(name) && this.top.length < MOST) this.top.push(name);
            this.addObject(row.value, '', 1);
        }
    }

    addCollection(collection: Schemas['Collection']): void {
        for (const index of collection.indexes ?? []) {
            for (const field of index.fields ?? []) this.field(field.replace(/^-/, '')).indexed = true;
        }
        const properties = (collection.validation?.schema as { properties?: Record<string, { type?: unknown; enum?: JsonValue[] }> } | undefined)?.properties ?? {};
        for (const [name, property] of Object.entries(properties)) {
            const info = this.field(name);
            if (typeof property.type === 'string') info.types.add(property.type === 'integer' ? 'number' : property.type);
            for (const value of property.enum ?? []) this.addValue(info, value);
        }
    }

    find(path: string): FieldInfo | undefined {
        return this.known.get(path);
    }

    private field(path: string): FieldInfo {
        let info = this.known.get(path);
        if (!info) {
            info = { path, types: new Set(), values: [], indexed: path === 'id' };
            if (this.known.size < MOST) this.known.set(path, info);
        }
        return info;
    }

    private addObject(object: JsonObject, before: string, depth: number): void {
        for (const [name, value] of Object.entries(object)) {
            const info = this.field(before + name);
            info.types.add(typeOf(value));
            const items = Array.isArray(value) ? value.slice(0, 5) : [value];
            for (const item of items) {
                if (typeof item !== 'object' || item === null) this.addValue(info, item);
                else if (!Array.isArray(item) && depth < DEPTH) this.addObject(item, `${before}${name}.`, depth + 1);
            }
        }
    }

    private addValue(info: FieldInfo, value: JsonValue): void {
        if (value === null || (typeof value === 'string' && value.length > 60)) return;
        if (info.values.length < VALUES && !info.values.includes(value)) info.values.push(value);
    }
}
