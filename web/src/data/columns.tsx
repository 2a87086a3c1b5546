// Which columns the table of records has: the fields seen, less those that were hidden.
import { useState } from 'preact/hooks';
import { Id, type Column } from '../ui';
import type { MenuItem } from '../ui';
import { Cell } from './cells';
import type { Fields } from './fields';
import { fieldText } from './filter-language';
import type { Row } from './record-source';

/** Columns that are shown where nothing was chosen. */
const SHOWN = 16;
const PLATFORM = ['created_at', 'updated_at', '_version'];

export interface ColumnChoice {
    chosen: readonly string[] | undefined;
    items: (fields: Fields) => MenuItem[];
}

const namesOf = (fields: Fields) => ['id', ...fields.top.filter((name) => name !== 'id' && !PLATFORM.includes(name)), ...PLATFORM];

const shownOf = (fields: Fields, chosen: readonly string[] | undefined): string[] => {
    const names = namesOf(fields);
    if (chosen) return names.filter((name) => chosen.includes(name));
    return [...names.slice(0, -PLATFORM.length).slice(0, SHOWN), 'updated_at'];
};

export function useColumns(database: string, collection: string): ColumnChoice {
    const key = `credvault.columns.${database}/${collection}`;
    const [chosen, setChosen] = useState<string[] | undefined>(() => JSON.parse(localStorage.getItem(key) ?? 'null') as string[] | null ?? undefined);
    const set = (next: string[] | undefined) => {
        setChosen(next);
        if (next) localStorage.setItem(key, JSON.stringify(next));
        else localStorage.removeItem(key);
    };
    return {
        chosen,
        items: (fields) => {
            const shown = shownOf(fields, chosen);
            return [
                ...namesOf(fields).map((name) => ({
                    label: name, checked: shown.includes(name),
                    run: () => {
                        const next = shown.includes(name) ? shown.filter((entry) => entry !== name) : [...shown, name];
                        if (next.length > 0) set(next);
                    },
                })),
                'rule',
                { label: 'Show the usual columns', run: () => set(undefined) },
            ];
        },
    };
}

export function columnsOf(fields: Fields, choice: ColumnChoice): Column<Row>[] {
    return shownOf(fields, choice.chosen).map((name): Column<Row> => {
        if (name === 'id') return { id: 'id', header: 'id', width: 210, sort: 'id', cell: (row) => <Id value={row.id} /> };
        const types = fields.find(name)?.types;
        const number = types?.has('number') && [...types].every((type) => type === 'number' || type === 'null');
        const time = name === 'created_at' || name === 'updated_at';
        return {
            id: name, header: name, width: time ? 130 : widthOf(name, types), ...(number ? { align: 'end' as const } : {}),
            // A sort takes names without spaces or commas in them only.
            ...(/[,\s]/.test(name) ? {} : { sort: name }),
            cell: (row) => <Cell value={row.value[name]} time={time} />,
        };
    });
}

function widthOf(name: string, types: Set<string> | undefined): number {
    if (types?.has('object') || types?.has('array')) return 220;
    const least = fieldText(name).length * 8 + 40;
    return Math.max(least, types?.has('string') ? 150 : 100);
}
