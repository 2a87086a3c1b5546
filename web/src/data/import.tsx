// Import by dropping a file, with preview, types and progress; export.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JsonObject, Schemas } from '@credvault/client';
import { formatBytes } from '../app/format';
import { useAction } from '../app/load';
import { may } from '../app/session';
import {
    Button,
    CallSnippet,
    ErrorNotice,
    Notice,
    Progress,
    Section,
    SelectField,
    Table,
    toast,
    type Column,
} from '../ui';
import { Cell } from './cells';
import { Export } from './export';
import { previewAgain, previewOf, type Format, type Preview } from './import-preview';
import { ImportJobs } from './import-jobs';
import { COLLECTION } from './places';
import type { TabProps } from './tab';
import { uploader } from './upload';

const TYPES: Record<Format, 'application/x-ndjson' | 'application/json' | 'text/csv'> = {
    ndjson: 'application/x-ndjson',
    json: 'application/json',
    csv: 'text/csv',
};
const CONFLICTS = [
    ['error', 'Is reported as failed'],
    ['skip', 'Is left out'],
    ['replace', 'Replaces the stored one'],
    ['merge', 'Is merged into it'],
] as const;

export default function Import(props: TabProps) {
    const [file, setFile] = useState<File | undefined>();
    const [round, setRound] = useState(0);
    return (
        <>
            {may('database:write') && (
                <Section title="Import" about="NDJSON, a JSON array or CSV, also compressed by gzip or zstd. Any size.">
                    {file ? (
                        <ImportFile
                            key={`${file.name}/${file.size}`}
                            {...props}
                            file={file}
                            onClose={() => setFile(undefined)}
                            onSent={() => {
                                setFile(undefined);
                                setRound(round + 1);
                            }}
                        />
                    ) : (
                        <Drop onFile={setFile} />
                    )}
                    <ImportJobs key={round} {...props} />
                </Section>
            )}
            <Export {...props} />
        </>
    );
}

function Drop({ onFile }: { onFile: (file: File) => void }) {
    const [over, setOver] = useState(false);
    const input = useRef<HTMLInputElement>(null);
    // A file that misses the field must not take the page's place.
    useEffect(() => {
        const stop = (event: DragEvent) => event.preventDefault();
        addEventListener('dragover', stop);
        addEventListener('drop', stop);
        return () => {
            removeEventListener('dragover', stop);
            removeEventListener('drop', stop);
        };
    }, []);
    return (
        <div
            class={`drop ${over ? 'over' : ''}`}
            onDragOver={(event) => {
                event.preventDefault();
                setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
                event.preventDefault();
                setOver(false);
                const file = event.dataTransfer?.files[0];
                if (file) onFile(file);
            }}
        >
            <p>Drop a file here, or</p>
            <Button onClick={() => input.current?.click()}>Choose file</Button>
            <input
                ref={input}
                type="file"
                hidden
                aria-label="File to import"
                accept=".ndjson,.jsonl,.json,.csv,.tsv,.gz,.zst"
                onChange={(event) => {
                    const file = event.currentTarget.files?.[0];
                    if (file) onFile(file);
                }}
            />
        </div>
    );
}

function ImportFile({
    database,
    collection,
    file,
    onClose,
    onSent,
}: TabProps & { file: File; onClose: () => void; onSent: () => void }) {
    const [preview, setPreview] = useState<Preview | undefined>();
    const [conflict, setConflict] = useState('error');
    const [types, setTypes] = useState<Record<string, string>>({});
    const [sent, setSent] = useState<[number, number] | undefined>();
    const [readError, setReadError] = useState<unknown>();
    const control = useRef(new AbortController());
    useEffect(() => {
        previewOf(file).then(setPreview, setReadError);
    }, [file]);
    useEffect(() => () => control.current.abort(), []);
    const again = (changes: Partial<Pick<Preview, 'format' | 'delimiter'>>) => {
        if (preview) previewAgain(file, preview, changes).then(setPreview, setReadError);
    };
    const query = preview ? queryOf(preview, conflict, types) : {};
    const headers: Record<string, string> = preview?.encoding ? { 'Content-Encoding': preview.encoding } : {};
    const send = useAction(async () => {
        if (!preview) return;
        setSent([0, file.size]);
        try {
            const client = await uploader((done, total) => setSent([done, total]));
            await client
                .database(database)
                .collection(collection)
                .import<Schemas['Job']>(file, TYPES[preview.format], query, {
                    headers,
                    signal: control.current.signal,
                });
            toast(`${file.name} was received and is being imported`);
            onSent();
        } finally {
            setSent(undefined);
        }
    });
    return (
        <form
            class="stack"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                if (preview) void send.run();
            }}
        >
            <p>
                <strong>{file.name}</strong> <span class="quiet">{formatBytes(file.size)}</span>
            </p>
            <ErrorNotice error={readError} />
            {preview && (
                <>
                    <div class="form-line">
                        <SelectField
                            label="Format"
                            value={preview.format}
                            onChange={(format) => again({ format: format as Format })}
                            options={[
                                ['ndjson', 'NDJSON: a record a line'],
                                ['json', 'JSON array'],
                                ['csv', 'CSV'],
                            ]}
                        />
                        {preview.format === 'csv' && (
                            <SelectField
                                label="Delimiter"
                                value={preview.delimiter}
                                onChange={(delimiter) => again({ delimiter })}
                                options={[
                                    [',', 'Comma'],
                                    [';', 'Semicolon'],
                                    ['tab', 'Tab'],
                                    ['|', 'Bar'],
                                ]}
                            />
                        )}
                        <SelectField
                            label="A record whose id is taken"
                            name="on_conflict"
                            error={send.error}
                            value={conflict}
                            onChange={setConflict}
                            options={CONFLICTS}
                        />
                    </div>
                    {preview.problem && (
                        <Notice tone="red" live>
                            <p>{preview.problem}. Choose another format, or mend the file.</p>
                        </Notice>
                    )}
                    {preview.encoding === 'zstd' && (
                        <Notice>
                            <p>Browsers can't look into zstd: no preview.</p>
                        </Notice>
                    )}
                    {preview.columns.length > 0 && (
                        <PreviewTable
                            preview={preview}
                            types={types}
                            setType={(name, type) => setTypes({ ...types, [name]: type })}
                        />
                    )}
                </>
            )}
            <ErrorNotice error={send.error} fields={['on_conflict']} />
            {sent && (
                <div class="stack-tight" role="status">
                    <span>
                        {sent[0] >= sent[1] && sent[1] > 0
                            ? 'Sent; the server is storing it'
                            : `${formatBytes(sent[0])} of ${formatBytes(sent[1])} sent. Stay on this page until all is sent.`}
                    </span>
                    <Progress done={sent[0]} total={sent[1]} label="Sending the file" />
                </div>
            )}
            <div class="line">
                <Button kind="primary" type="submit" busy={send.busy} disabled={!preview}>
                    Import file
                </Button>
                <Button
                    onClick={() => {
                        control.current.abort();
                        onClose();
                    }}
                >
                    Cancel
                </Button>
            </div>
            <CallSnippet
                call={{
                    method: 'POST',
                    path: `${COLLECTION}/import`,
                    parameters: { database, collection },
                    query,
                    headers: { 'Content-Type': TYPES[preview?.format ?? 'ndjson'], ...headers },
                    body: exampleOf(preview),
                }}
            />
        </form>
    );
}

function queryOf(preview: Preview, conflict: string, types: Record<string, string>): Record<string, unknown> {
    const chosen = Object.entries(types)
        .filter(([, type]) => type !== '')
        .map(([name, type]) => `${name}:${type}`)
        .join(',');
    return {
        job: true,
        ...(conflict !== 'error' ? { on_conflict: conflict } : {}),
        ...(preview.format === 'csv' && preview.delimiter !== ',' ? { delimiter: preview.delimiter } : {}),
        ...(preview.format === 'csv' && chosen ? { types: chosen } : {}),
    };
}

// The first lines stand for the file.
function exampleOf(preview: Preview | undefined): string {
    if (!preview) return '';
    const records = preview.records.slice(0, 2);
    if (preview.format === 'json') return JSON.stringify(records, jsonSafe);
    if (preview.format === 'ndjson') return records.map((record) => JSON.stringify(record, jsonSafe)).join('\n');
    const delimiter = preview.delimiter === 'tab' ? '\t' : preview.delimiter;
    const cell = (text: string) =>
        /["\n\r]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
    const names = preview.columns.map((column) => column.name);
    return [names, ...records.map((record) => names.map((name) => String(record[name] ?? '')))]
        .map((row) => row.map(cell).join(delimiter))
        .join('\n');
}

const jsonSafe = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);

function PreviewTable({
    preview,
    types,
    setType,
}: {
    preview: Preview;
    types: Record<string, string>;
    setType: (name: string, type: string) => void;
}) {
    const columns = preview.columns.slice(0, 60).map((column): Column<JsonObject> => ({
        id: column.name,
        header: column.name,
        width: 150,
        cell: (row) => <Cell value={row[column.name]} />,
    }));
    return (
        <div class="stack-tight">
            <h3>The first records</h3>
            <Table
                id="import-preview"
                label="The first records of the file"
                columns={columns}
                rows={preview.records}
                keyOf={(row) => String(preview.records.indexOf(row))}
            />
            {preview.format === 'csv' ? (
                <fieldset class="field">
                    <legend>Types of the columns</legend>
                    <div class="types">
                        {preview.columns.slice(0, 200).map((column) => (
                            <label key={column.name}>
                                <span class="cut mono">{column.name}</span>
                                <select
                                    class="input"
                                    value={types[column.name] ?? ''}
                                    disabled={column.name === 'id'}
                                    onChange={(event) => setType(column.name, event.currentTarget.value)}
                                >
                                    <option value="">found: {column.type}</option>
                                    {['string', 'int', 'double', 'bool', 'json'].map((type) => (
                                        <option key={type} value={type}>
                                            {type}
                                        </option>
                                    ))}
                                </select>
                            </label>
                        ))}
                    </div>
                </fieldset>
            ) : (
                <p class="quiet small">
                    {preview.columns.map((column) => `${column.name}: ${column.type}`).join(', ')}
                </p>
            )}
        </div>
    );
}
