import { useId, useMemo, useState } from 'preact/hooks';
import { RawJson, stringifyJson } from '@credvault/client';
import { api } from '../app/api';
import { useAction } from '../app/load';
import { Check, FieldSet, FormDialog, SelectField, TextField, toast } from '../ui';
import { useFieldNames } from './field-names';
import { COLLECTION } from './places';
import type { CollectionInfo } from './tab';

export interface IndexDraft {
    name: string;
    /** Separated by commas, `-` in front of descending ones. */
    fields: string;
    type: string;
    unique: boolean;
    sparse: boolean;
    ttl: string;
    language: string;
}

export function CreateIndex({
    database,
    collection,
    info,
    draft,
    onClose,
    onDone,
}: {
    database: string;
    collection: string;
    info: CollectionInfo;
    draft: IndexDraft;
    onClose: () => void;
    onDone: () => void;
}) {
    const [form, setForm] = useState(draft);
    const set = (changes: Partial<IndexDraft>) => setForm((now) => ({ ...now, ...changes }));
    const names = useFieldNames(database, collection, info);
    const list = useId();
    const body = useMemo(() => bodyOf(form), [form]);
    const create = useAction(async () => {
        const answer = await api.post(`${COLLECTION}/indexes`, {
            path: { database, collection },
            body: new RawJson(stringifyJson(body)),
        });
        toast(
            answer.data.status === 'ready'
                ? `The index ${answer.data.name} is ready`
                : `The index ${answer.data.name} is being built`,
        );
        onDone();
    });
    const value = form.type === 'value';
    // What has been typed before the last comma stays.
    const before = /^(.*,\s*)?-?/.exec(form.fields)?.[0] ?? '';
    return (
        <FormDialog
            title="Create index"
            action={create}
            submit="Create index"
            fields={[
                'fields',
                'name',
                'type',
                ...(value ? ['ttl_seconds'] : []),
                ...(form.type === 'text' ? ['language'] : []),
            ]}
            call={{ method: 'POST', path: `${COLLECTION}/indexes`, parameters: { database, collection }, body }}
            onClose={onClose}
            onDone={onClose}
        >
            <TextField
                label="Fields"
                name="fields"
                error={create.error}
                value={form.fields}
                onInput={(fields) => set({ fields })}
                list={list}
                class="mono"
                hint="Separated by commas, - in front of descending ones: status, -created_at. Names in objects with dots."
            />
            <datalist id={list}>
                {names.map((name) => (
                    <option key={name} value={before + name} />
                ))}
            </datalist>
            <TextField
                label="Name"
                name="name"
                error={create.error}
                value={form.name}
                onInput={(name) => set({ name })}
                hint="Made from the fields where it is left empty."
            />
            <SelectField
                label="Type"
                name="type"
                error={create.error}
                value={form.type}
                onChange={(type) => set({ type })}
                options={[
                    ['value', 'Value: equality, ranges, sorting'],
                    ['text', 'Text: words, for $text'],
                    ['geo', 'Geo: places, for $near and $geoWithin'],
                ]}
            />
            {value && (
                <FieldSet legend="Rules">
                    <Check
                        label="Unique"
                        hint="No two records may have the same values."
                        checked={form.unique}
                        onChange={(unique) => set({ unique })}
                    />
                    <Check
                        label="Sparse"
                        hint="Leaves out records without any of the fields."
                        checked={form.sparse}
                        onChange={(sparse) => set({ sparse })}
                    />
                </FieldSet>
            )}
            {value && (
                <TextField
                    label="Records expire after (seconds)"
                    name="ttl_seconds"
                    error={create.error}
                    value={form.ttl}
                    inputMode="numeric"
                    onInput={(ttl) => set({ ttl })}
                    hint="Of one field that holds a time: each record is deleted so long after it. Empty: never."
                />
            )}
            {form.type === 'text' && (
                <TextField
                    label="Language"
                    name="language"
                    error={create.error}
                    value={form.language}
                    onInput={(language) => set({ language })}
                    hint="Of the words, such as english or german. Empty: the server's default."
                />
            )}
        </FormDialog>
    );
}

function bodyOf(form: IndexDraft): Record<string, unknown> {
    const seconds = /^\d+$/.test(form.ttl.trim()) ? Number(form.ttl) : form.ttl;
    return {
        ...(form.name ? { name: form.name } : {}),
        fields: form.fields
            .split(',')
            .map((field) => field.trim())
            .filter(Boolean),
        ...(form.type !== 'value' ? { type: form.type } : {}),
        ...(form.type === 'value' && form.unique ? { unique: true } : {}),
        ...(form.type === 'value' && form.sparse ? { sparse: true } : {}),
        ...(form.type === 'value' && form.ttl.trim() ? { ttl_seconds: seconds } : {}),
        ...(form.type === 'text' && form.language ? { language: form.language } : {}),
    };
}
