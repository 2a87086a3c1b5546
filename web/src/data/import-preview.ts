// What a file holds, from its beginning: format, columns, first records, and what type each column seems to be.
import { parseJson, type JsonObject, type JsonValue } from '@credvault/client';
import { typeOf } from './fields';

export type Format = 'ndjson' | 'json' | 'csv';

export interface Preview {
    format: Format;
    /** gzip or zstd, as the name says. */
    encoding: 'gzip' | 'zstd' | undefined;
    delimiter: string;
    columns: { name: string; type: string }[];
    records: JsonObject[];
    /** What is wrong with the beginning already. */
    problem: string | undefined;
}

const READ = 256 * 1024;
const ROWS = 1000;
const SHOWN = 8;

export async function previewOf(file: File): Promise<Preview> {
    const encoding = /\.(gz|gzip)$/i.test(file.name) ? 'gzip' : /\.(zst|zstd)$/i.test(file.name) ? 'zstd' : undefined;
    const name = file.name.replace(/\.(gz|gzip|zst|zstd)$/i, '');
    if (encoding === 'zstd') return { format: formatOf(name, ''), encoding, delimiter: ',', columns: [], records: [], problem: undefined };
    const { text, whole } = await beginningOf(file, encoding);
    const format = formatOf(name, text);
    const preview: Preview = { format, encoding, delimiter: /\.tsv$/i.test(name) ? 'tab' : delimiterOf(text), columns: [], records: [], problem: undefined };
    return fill(preview, text, whole);
}

/** The same file, taken for another format or delimiter. */
export async function previewAgain(file: File, before: Preview, changes: Partial<Pick<Preview, 'format' | 'delimiter'>>): Promise<Preview> {
    if (before.encoding === 'zstd') return { ...before, ...changes };
    const { text, whole } = await beginningOf(file, before.encoding);
    return fill({ ...before, ...changes, columns: [], records: [], problem: undefined }, text, whole);
}

async function beginningOf(file: File, encoding: 'gzip' | undefined): Promise<{ text: string; whole: boolean }> {
    const decoder = new TextDecoder();
    if (!encoding) return { text: decoder.decode(await file.slice(0, READ).arrayBuffer()).replace(/^\uFEFF/, ''), whole: file.size <= READ };
    const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
    let text = '';
    let whole = false;
    while (text.length < READ && !whole) {
        const { done, value } = await reader.read();
        whole = done;
        if (value) text += decoder.decode(value, { stream: true });
    }
    await reader.cancel().catch(() => {});
    return { text, whole };
}

function formatOf(name: string, text: string): Format {
    if (/\.(csv|tsv)$/i.test(name)) return 'csv';
    if (/\.(ndjson|jsonl)$/i.test(name)) return 'ndjson';
    const first = text.trimStart()[0];
    if (first === '[') return 'json';
    if (first === '{') return 'ndjson';
    return /\.json$/i.test(name) ? 'json' : 'csv';
}

function delimiterOf(text: string): string {
    const line = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'));
    const counted = ([',', ';', '\t', '|'] as const).map((delimiter) => [delimiter, line.split(delimiter).length] as const);
    const best = counted.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
    return best === '\t' ? 'tab' : best;
}

function fill(preview: Preview, text: string, whole: boolean): Preview {
    try {
        if (preview.format === 'csv') return fromCsv(preview, text, whole);
        const records = preview.format === 'ndjson' ? fromLines(text, whole) : fromArray(text, whole);
        return { ...preview, records: records.slice(0, SHOWN), columns: columnsOf(records) };
    } catch (error) {
        return { ...preview, problem: error instanceof Error ? error.message : String(error) };
    }
}

function fromLines(text: string, whole: boolean): JsonObject[] {
    const lines = text.split('\n');
    if (!whole) lines.pop();
    return lines.slice(0, ROWS).flatMap((line, index) => (line.trim() ? [objectFrom(line, `Line ${index + 1}`)] : []));
}

function objectFrom(text: string, where: string): JsonObject {
    let value: JsonValue;
    try {
        value = parseJson(text);
    } catch {
        throw new Error(`${where} is no JSON: ${text.trim().slice(0, 80)}`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${where} is no object: ${text.trim().slice(0, 80)}`);
    return value;
}

// Of an array that is cut off: the objects that are whole.
function fromArray(text: string, whole: boolean): JsonObject[] {
    const found: JsonObject[] = [];
    let depth = 0;
    let begin = -1;
    let inText = false;
    if (!text.trimStart().startsWith('[')) {
        if (whole && text.trimStart().startsWith('{')) return [objectFrom(text, 'The file')];
        throw new Error('A JSON file holds an array of objects');
    }
    for (let at = text.indexOf('[') + 1; at < text.length && found.length < ROWS; at++) {
        const letter = text[at]!;
        if (inText) {
            if (letter === '\\') at++;
            else if (letter === '"') inText = false;
        } else if (letter === '"') inText = true;
        else if (letter === '{' || letter === '[') {
            if (depth++ === 0) begin = at;
        } else if ((letter === '}' || letter === ']') && --depth === 0) found.push(objectFrom(text.slice(begin, at + 1), `Item ${found.length + 1}`));
    }
    return found;
}

function columnsOf(records: readonly JsonObject[]): Preview['columns'] {
    const types = new Map<string, Set<string>>();
    for (const record of records) {
        for (const [name, value] of Object.entries(record)) {
            if (!types.has(name)) types.set(name, new Set());
            if (value !== null) types.get(name)!.add(typeOf(value));
        }
    }
    return [...types].map(([name, found]) => ({ name, type: [...found].join(' or ') || 'null' }));
}

/** Cells of CSV, as RFC 4180 has them. */
export function cellsOf(text: string, delimiter: string, most: number): string[][] {
    const rows: string[][] = [];
    let row: string[] = [];
    let cell = '';
    let quoted = false;
    for (let at = 0; at < text.length && rows.length < most; at++) {
        const letter = text[at]!;
        if (quoted) {
            if (letter === '"' && text[at + 1] === '"') cell += text[at++];
            else if (letter === '"') quoted = false;
            else cell += letter;
        } else if (letter === '"' && cell === '') quoted = true;
        else if (letter === delimiter) {
            row.push(cell);
            cell = '';
        } else if (letter === '\n') {
            row.push(cell.replace(/\r$/, ''));
            rows.push(row);
            row = [];
            cell = '';
        } else cell += letter;
    }
    if (cell !== '' || row.length > 0) rows.push([...row, cell]);
    return rows;
}

function fromCsv(preview: Preview, text: string, whole: boolean): Preview {
    const rows = cellsOf(text, preview.delimiter === 'tab' ? '\t' : preview.delimiter, ROWS + 1).filter((row) => row.length > 1 || row[0] !== '');
    // The last row may be cut off.
    if (!whole && rows.length <= ROWS) rows.pop();
    const [head, ...body] = rows;
    if (!head) return { ...preview, problem: 'The file is empty' };
    const columns = head.map((name, index) => ({ name, type: name === 'id' ? 'string' : csvType(body.map((row) => row[index] ?? '')) }));
    const records = body.slice(0, SHOWN).map((row): JsonObject => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ''])));
    return { ...preview, columns, records };
}

// As the server finds it: docs/api/import-export.md.
function csvType(cells: readonly string[]): string {
    const filled = cells.filter((cell) => cell !== '');
    if (filled.length === 0) return 'string';
    const all = (fits: (cell: string) => boolean) => filled.every(fits);
    if (all((cell) => /^-?(0|[1-9]\d*)$/.test(cell) && fitsLong(cell))) return 'int';
    if (all((cell) => /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(cell))) return 'double';
    if (all((cell) => cell === 'true' || cell === 'false')) return 'bool';
    if (all((cell) => /^[[{]/.test(cell) && isJson(cell))) return 'json';
    return 'string';
}

const fitsLong = (digits: string) => BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);

function isJson(text: string): boolean {
    try {
        JSON.parse(text);
        return true;
    } catch {
        return false;
    }
}
