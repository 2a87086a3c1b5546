// What a webhook is, to make one or to change it, beside what it would send.
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { JsonObject } from '@credvault/client';
import { api } from '../app/api';
import { mayPass } from '../app/errors';
import { useAction, useLoad } from '../app/load';
import { setLeaveGuard } from '../app/router';
import '../data/data.css';
import { Fields } from '../data/fields';
import { FilterBar } from '../data/filter-bar';
import {
    Button,
    CallSnippet,
    Check,
    ErrorNotice,
    Fold,
    SelectField,
    TextAreaField,
    TextField,
    type ApiCall,
} from '../ui';
import { asks, EventsField, useEventTypes } from './events-field';
import { PlaceFields } from './place-fields';
import { PreviewPane, usePreview } from './preview';
import { bodyOf, filterOf, problemInHeaders, withoutSecrets, type Wish } from './wish';
import '../settings/keys/keys.css';
import './webhooks.css';

const FIELDS = [
    'description',
    'url',
    'events',
    'database',
    'collection',
    'filter',
    'payload',
    'format',
    'signature',
    'headers',
    'max_per_second',
    'max_concurrency',
];

/** The fields of the records that the filter is about, as far as the first of them show. */
function useFilterFields(database: string, collection: string) {
    const first = useLoad(
        database && collection ? `databases/${database}/collections/${collection}/first` : '',
        async (signal) =>
            // A place that is not there yet has no fields to offer.
            await api
                .database(database)
                .collection(collection)
                .page<JsonObject>({ limit: 100, count: 'none' }, { signal })
                .then(
                    (page) => page.data,
                    () => [],
                ),
    );
    return useMemo(() => {
        const fields = new Fields();
        fields.addRows((first.data ?? []).map((value) => ({ id: String(value['id']), value })));
        return fields.all;
    }, [first.data]);
}

export function WebhookForm({
    start,
    submit,
    save,
    call,
}: {
    start: Wish;
    /** The button: a verb with its object. */
    submit: string;
    save: (wish: Wish) => Promise<unknown>;
    call: (wish: Wish) => ApiCall;
}) {
    const [wish, setWish] = useState(start);
    const [type, setType] = useState('document.created');
    // An address that is still being typed is not worth a complaint.
    const [checkedUrl, setCheckedUrl] = useState(start.url);
    const set = (part: Partial<Wish>) => setWish((now) => ({ ...now, ...part }));
    const types = useEventTypes();
    const fields = useFilterFields(wish.database, wish.collection);
    const shown = asks(wish.events, type)
        ? type
        : (types.data?.find((one) => asks(wish.events, one.type))?.type ?? 'document.created');
    const { url: _url, events: _events, ...settings } = bodyOf(wish);
    const preview = usePreview({
        ...settings,
        ...(checkedUrl && { url: checkedUrl }),
        ...(wish.events.length > 0 && { events: wish.events }),
        type: shown,
    });
    const changed = JSON.stringify(wish) !== JSON.stringify(start);
    const action = useAction(async () => {
        setLeaveGuard(undefined);
        await save(wish);
    });
    useEffect(() => {
        setLeaveGuard(changed ? () => confirm('Leave without saving the webhook?') : undefined);
        return () => setLeaveGuard(undefined);
    }, [changed]);
    const headersProblem = problemInHeaders(wish.headers);
    const filterProblem = filterOf(wish.filter).problem;
    const error = action.error ?? preview.error;
    const ready = !headersProblem && !filterProblem;
    return (
        <form
            class="webhook-form"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                if (ready) void action.run();
            }}
        >
            <div class="stack">
                <TextField
                    label="URL"
                    name="url"
                    type="url"
                    error={error}
                    value={wish.url}
                    onInput={(url) => set({ url })}
                    onBlur={() => setCheckedUrl(wish.url.trim())}
                    placeholder="https://example.com/hooks"
                    autofocus={start.url === ''}
                    required
                />
                <TextField
                    label="Description"
                    name="description"
                    error={error}
                    value={wish.description}
                    onInput={(description) => set({ description })}
                    hint="What it is for: orders to the warehouse"
                />
                <EventsField value={wish.events} onChange={(events) => set({ events })} error={error} types={types} />
                <PlaceFields wish={wish} set={set} error={error} />
                <div class="field">
                    <span class="label">Only records that match</span>
                    <FilterBar
                        live
                        label="Only records that match"
                        value={wish.filter}
                        onApply={(filter) => set({ filter })}
                        fields={fields}
                        error={problemOf(error, 'filter')}
                    />
                    <div class="hint">Created and updated ones as they are afterwards, deleted ones as they were.</div>
                </div>
                <div class="two">
                    <SelectField
                        label="An event of a record holds"
                        name="payload"
                        error={error}
                        value={wish.payload}
                        onChange={(payload) => set({ payload: payload as Wish['payload'] })}
                        options={[
                            ['record', 'The whole record'],
                            ['changed', 'Only the fields that changed'],
                            ['ids', 'Only its ids'],
                        ]}
                    />
                    <SelectField
                        label="Format"
                        name="format"
                        error={error}
                        value={wish.format}
                        onChange={(format) => set({ format: format as Wish['format'] })}
                        options={[
                            ['standard', 'Standard Webhooks 1.0'],
                            ['cloudevents', 'CloudEvents 1.0'],
                        ]}
                    />
                </div>
                <Fold
                    title="Signature, headers and caps"
                    open={wish.headers !== '' || wish.perSecond !== '' || !start.enabled}
                >
                    <Further wish={wish} set={set} error={error} made={start.url !== ''} wrong={headersProblem} />
                </Fold>
                <ErrorNotice error={action.error ?? previewFault(preview.error)} fields={FIELDS} />
                <div class="line">
                    <Button kind="primary" type="submit" busy={action.busy} disabled={!changed}>
                        {submit}
                    </Button>
                </div>
                <CallSnippet call={call({ ...wish, headers: withoutSecrets(wish.headers) })} />
            </div>
            <PreviewPane
                preview={preview}
                type={shown}
                onType={setType}
                events={wish.events}
                types={types.data ?? []}
            />
        </form>
    );
}

// The bar has no name of the API's: only what is about the filter is shown at it.
const problemOf = (error: unknown, field: string) =>
    (error as { field?: string } | undefined)?.field?.split('.')[0] === field ? error : undefined;

// What is about no field at all, such as a server that is gone.
// What only has to be tried again is said where the preview would be.
const previewFault = (error: unknown) =>
    mayPass(error) || (error as { field?: string } | undefined)?.field !== undefined ? undefined : error;

function Further({
    wish,
    set,
    error,
    made,
    wrong,
}: {
    wish: Wish;
    set: (part: Partial<Wish>) => void;
    error: unknown;
    made: boolean;
    wrong: string | undefined;
}) {
    return (
        <div class="stack">
            <div class="two">
                {!made && (
                    <SelectField
                        label="Signature"
                        name="signature"
                        error={error}
                        value={wish.signature}
                        onChange={(signature) => set({ signature: signature as Wish['signature'] })}
                        options={[
                            ['v1', 'v1: HMAC-SHA256 with a secret'],
                            ['v1a', 'v1a: Ed25519 with a public key'],
                        ]}
                    />
                )}
                <TextAreaField
                    label="Headers"
                    name="headers"
                    error={error}
                    wrong={wrong}
                    value={wish.headers}
                    onInput={(headers) => set({ headers })}
                    hint="Name: value, one a line. Values are not shown again; [hidden] keeps the one that is there."
                />
                <TextField
                    label="Attempts a second at most"
                    name="max_per_second"
                    inputMode="numeric"
                    error={error}
                    value={wish.perSecond}
                    onInput={(perSecond) => set({ perSecond })}
                    hint="Empty: any number"
                />
                <TextField
                    label="Attempts at once at most"
                    name="max_concurrency"
                    inputMode="numeric"
                    error={error}
                    value={wish.concurrency}
                    onInput={(concurrency) => set({ concurrency })}
                />
            </div>
            <Check
                label="Enabled"
                hint="Where it is not, events pass by. To have them wait, pause it."
                checked={wish.enabled}
                onChange={(enabled) => set({ enabled })}
            />
        </div>
    );
}
