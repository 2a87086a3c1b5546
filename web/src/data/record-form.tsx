// Editing a record as JSON: only what its owner may change, and not over what somebody else wrote meanwhile.
import { useMemo, useState } from 'preact/hooks';
import { ApiError, isCode, parseJson, RawJson, type Answer, type JsonObject } from '@credvault/client';
import { api } from '../app/api';
import { useAction } from '../app/load';
import { Button, CallSnippet, ErrorNotice, JsonEditor, Notice, toast, type ApiCall } from '../ui';
import { Conflict } from './conflict';
import { Fields } from './fields';
import { dataOf, editableText, PLATFORM_FIELDS } from './json-text';
import { COLLECTION } from './places';
import type { OpenRecord } from './record-drawer';
import type { RecordSource } from './record-source';
import type { CollectionInfo } from './tab';

interface FormProps {
    database: string;
    collection: string;
    info: CollectionInfo;
    source: RecordSource;
    onEdit: (dirty: boolean) => void;
}

function useWords(source: RecordSource, info: CollectionInfo): string[] {
    return useMemo(() => {
        const fields = new Fields();
        fields.addCollection(info);
        fields.addRows(source.slice(0, 100));
        return fields.all
            .map((field) => field.path.split('.').pop()!)
            .filter((name, at, all) => all.indexOf(name) === at);
    }, [source, info]);
}

/** What is wrong with the text; undefined where it can be sent. */
function syntaxOf(text: string, array: boolean): string | undefined {
    try {
        const value = parseJson(text);
        if (typeof value === 'object' && value !== null && (array || !Array.isArray(value))) return undefined;
        return array ? 'Expected an object, or an array of objects' : 'Expected an object';
    } catch (error) {
        return `This is no JSON yet: ${error instanceof Error ? error.message : ''}`;
    }
}

/** Errors about fields within the record, each with its place. */
function Violations({ error }: { error: unknown }) {
    if (!(error instanceof ApiError) || error.details.length < 2) return <ErrorNotice error={error} />;
    return (
        <>
            <ErrorNotice error={error} />
            <ul class="violations" aria-label="What is wrong">
                {error.details.map((detail, index) => (
                    <li key={index}>
                        <code>{detail.field || '/'}</code> {detail.message}
                    </li>
                ))}
            </ul>
        </>
    );
}

// A collection whose schema only warns stores the record, and says so.
function tellWarnings(answer: Answer<unknown>, done: string): void {
    const warned = answer.headers.get('X-Schema-Violations');
    if (!warned) {
        toast(done);
        return;
    }
    const parsed = parseJson(warned) as { violations?: { pointer?: string; message?: string }[] };
    const first = parsed.violations?.[0];
    toast(`${done}. It is not as the schema wants it: ${first?.pointer ?? ''} ${first?.message ?? ''}`, {
        tone: 'red',
    });
}

/** Where one begins to write: within the braces. */
const PLACE = 4;

export function InsertRecord({
    database,
    collection,
    info,
    source,
    onEdit,
    onDone,
}: FormProps & { onDone: (ids: string[]) => void }) {
    const words = useWords(source, info);
    const [text, setText] = useState(() => templateOf(info));
    const wrong = syntaxOf(text, true);
    const insert = useAction(async () => {
        const answer = await api
            .database(database)
            .collection(collection)
            .insert<JsonObject | JsonObject[]>(new RawJson(text));
        const made = Array.isArray(answer.data) ? answer.data : [answer.data];
        tellWarnings(
            answer,
            made.length === 1 ? `Inserted ${String(made[0]?.['id'])}` : `Inserted ${made.length} records`,
        );
        onDone(made.map((record) => String(record['id'])));
        for (const record of made) source.insert(String(record['id']), record);
    });
    const submit = () => {
        if (!wrong) void insert.run();
    };
    return (
        <form
            class="stack"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                submit();
            }}
        >
            <p class="quiet">
                An object, or an array of objects of which all or none are inserted. Without <code>id</code> one is
                made.
            </p>
            <JsonEditor
                value={text}
                label="New record"
                words={words}
                minHeight={240}
                onSubmit={submit}
                autoFocus={PLACE}
                onInput={(next) => {
                    setText(next);
                    onEdit(true);
                }}
            />
            {wrong && (
                <p class="quiet small" role="status">
                    {wrong}
                </p>
            )}
            <Violations error={insert.error} />
            <div class="line">
                <Button kind="primary" type="submit" busy={insert.busy} disabled={wrong !== undefined}>
                    Insert record
                </Button>
            </div>
            <CallSnippet
                call={{
                    method: 'POST',
                    path: `${COLLECTION}/records`,
                    parameters: { database, collection },
                    body: text,
                }}
            />
        </form>
    );
}

// The fields that the schema requires, so that one sees what is wanted.
function templateOf(info: CollectionInfo): string {
    const schema = info.validation?.schema as { required?: string[] } | undefined;
    const required = (schema?.required ?? []).filter((name) => !(PLATFORM_FIELDS as readonly string[]).includes(name));
    if (required.length === 0) return '{\n  \n}';
    return `{\n${required.map((name) => `  ${JSON.stringify(name)}: null`).join(',\n')}\n}`;
}

interface EditProps extends FormProps {
    id: string;
    record: OpenRecord;
    onCancel: () => void;
    onDone: (record: OpenRecord) => void;
}

export function EditRecord({ database, collection, id, record, source, info, onEdit, onCancel, onDone }: EditProps) {
    const words = useWords(source, info);
    const [before, setBefore] = useState(record);
    const [text, setText] = useState(() => editableText(record.text));
    const [theirs, setTheirs] = useState<OpenRecord | null | undefined>();
    const wrong = syntaxOf(text, false);
    const records = api.database(database).collection(collection);
    const save = useAction(async (etag: string | undefined) => {
        const old = source.find(id)?.value;
        source.replace(id, { ...platformOf(before.value), ...(parseJson(text) as JsonObject) });
        try {
            const answer = await records.replace<JsonObject>(
                id,
                new RawJson(text),
                etag ? { ifMatch: etag } : { ifNoneMatch: '*' },
            );
            source.replace(id, answer.data);
            tellWarnings(answer, `Saved ${id}`);
            onDone({ text: dataOf(answer.text), value: answer.data, etag: answer.etag });
        } catch (error) {
            if (old) source.replace(id, old);
            if (!(error instanceof ApiError && error.status === 412)) throw error;
            setTheirs(await readTheirs());
        }
    });
    const readTheirs = async (): Promise<OpenRecord | null> => {
        try {
            const answer = await records.get<JsonObject>(id);
            source.replace(id, answer.data);
            return { text: dataOf(answer.text), value: answer.data, etag: answer.etag };
        } catch (error) {
            if (isCode(error, 'RECORD_NOT_FOUND')) return null;
            throw error;
        }
    };
    const submit = () => {
        if (!wrong) void save.run(before.etag);
    };
    // null: it is inserted, if nobody else does it first.
    const callOf = (etag: string | null | undefined): ApiCall => ({
        method: 'PUT',
        path: `${COLLECTION}/records/{id}`,
        parameters: { database, collection, id },
        headers: etag ? { 'If-Match': etag } : etag === null ? { 'If-None-Match': '*' } : {},
        body: text,
    });
    if (theirs !== undefined) {
        return (
            <Conflict
                before={editableText(before.text)}
                mine={text}
                theirs={theirs ? editableText(theirs.text) : undefined}
                onInput={setText}
                busy={save.busy}
                error={save.error}
                wrong={wrong}
                call={callOf(theirs ? theirs.etag : null)}
                onTheirs={() => {
                    if (theirs) onDone(theirs);
                    else onCancel();
                }}
                onMine={() => {
                    if (theirs) setBefore(theirs);
                    setTheirs(undefined);
                    void save.run(theirs?.etag);
                }}
            />
        );
    }
    return (
        <form
            class="stack"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                submit();
            }}
        >
            <JsonEditor
                value={text}
                label={`Record ${id}`}
                words={words}
                minHeight={240}
                onSubmit={submit}
                autoFocus
                onInput={(next) => {
                    setText(next);
                    onEdit(true);
                }}
            />
            {wrong && (
                <p class="quiet small" role="status">
                    {wrong}
                </p>
            )}
            {info.validation?.mode !== 'off' && info.validation && (
                <Notice>
                    <p>
                        The collection's schema {info.validation.mode === 'error' ? 'refuses' : 'warns about'} records
                        that do not fit it.
                    </p>
                </Notice>
            )}
            <Violations error={save.error} />
            <div class="line">
                <Button kind="primary" type="submit" busy={save.busy} disabled={wrong !== undefined}>
                    Save record
                </Button>
                <Button onClick={onCancel}>Cancel</Button>
                <span class="quiet small">Ctrl or ⌘ with Enter saves</span>
            </div>
            <CallSnippet call={callOf(before.etag)} />
        </form>
    );
}

const platformOf = (value: JsonObject): JsonObject =>
    Object.fromEntries(PLATFORM_FIELDS.flatMap((name) => (name in value ? [[name, value[name]!]] : [])));
