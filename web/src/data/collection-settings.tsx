// How long records live, what the change log keeps, and the end of the collection.
import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { formatDuration } from '../app/format';
import { useAction } from '../app/load';
import { may } from '../app/session';
import { Button, Check, FieldSet, Form, Notice, Pairs, Section, TextField, Time, toast } from '../ui';
import { DeleteCollection } from './delete-collection';
import { COLLECTION, collectionPath } from './places';
import type { TabProps } from './tab';

export default function CollectionSettings(props: TabProps) {
    const { database, info } = props;
    const [deleting, setDeleting] = useState(false);
    const manage = may('database:manage');
    return (
        <>
            <Section title="About">
                <Pairs
                    entries={[
                        ['Name', info.name],
                        ['Database', database],
                        ['Created', <Time value={info.created_at} />],
                    ]}
                />
            </Section>
            {manage ? (
                <Behaviour {...props} />
            ) : (
                <Notice>
                    <p>Admins of the workspace change these settings.</p>
                </Notice>
            )}
            {manage && <Expiry {...props} />}
            {manage && (
                <Section title="Delete collection" about="Its records, indexes and changes will be gone.">
                    <div>
                        <Button kind="danger" onClick={() => setDeleting(true)}>
                            Delete collection
                        </Button>
                    </div>
                </Section>
            )}
            {deleting && <DeleteCollection database={database} collection={info} onClose={() => setDeleting(false)} />}
        </>
    );
}

const IMAGES: readonly (readonly ['off' | 'after' | 'both', string, string])[] = [
    ['off', 'Who, what and when', 'No record is kept in the log.'],
    ['after', 'And the record after the change', "Takes the record's size for each change."],
    ['both', 'And the record before and after it', 'Takes twice that.'],
];

function Behaviour({ database, collection, info, reload }: TabProps) {
    const [match, setMatch] = useState(info.require_if_match ?? false);
    const [images, setImages] = useState(info.change_images ?? 'off');
    const body = { require_if_match: match, change_images: images as 'off' | 'after' | 'both' };
    const dirty = match !== (info.require_if_match ?? false) || images !== (info.change_images ?? 'off');
    const save = useAction(async () => {
        await api.patch(COLLECTION, { path: { database, collection }, body });
        toast('The settings were saved');
        reload();
    });
    return (
        <Section title="Changes of records">
            <Form
                class="measure"
                action={save}
                submit="Save settings"
                kind="primary"
                fields={['require_if_match', 'change_images']}
                disabled={!dirty}
                call={{ method: 'PATCH', path: COLLECTION, parameters: { database, collection }, body }}
            >
                <FieldSet legend="Conflicts" name="require_if_match" error={save.error}>
                    <Check
                        label="Changing a record needs If-Match"
                        hint="Calls that do not say which version they change are answered 428."
                        checked={match}
                        onChange={setMatch}
                    />
                </FieldSet>
                <FieldSet legend="What the change log keeps" name="change_images" error={save.error}>
                    {IMAGES.map(([value, label, hint]) => (
                        <Check
                            key={value}
                            type="radio"
                            name="images"
                            label={label}
                            hint={hint}
                            checked={images === value}
                            onChange={() => setImages(value)}
                        />
                    ))}
                </FieldSet>
            </Form>
        </Section>
    );
}

function Expiry({ database, collection, info, reload }: TabProps) {
    const [field, setField] = useState(info.ttl?.field ?? '');
    const [seconds, setSeconds] = useState(String(info.ttl?.seconds ?? 0));
    const body = { ttl: { field, seconds: /^\d+$/.test(seconds) ? Number(seconds) : (seconds as unknown as number) } };
    const save = useAction(async () => {
        await api.patch(COLLECTION, { path: { database, collection }, body });
        toast('Records expire from now on');
        reload();
    });
    const length = /^\d+$/.test(seconds) && Number(seconds) > 0 ? formatDuration(Number(seconds)) : undefined;
    return (
        <Section
            title="Records that expire"
            about="Each record is deleted so long after the time in one of its fields. Records without a time there stay."
        >
            {info.ttl && (
                <Notice>
                    <p>
                        Records expire {formatDuration(info.ttl.seconds)} after <code>{info.ttl.field}</code>. To end
                        it, delete the index <code>ttl</code> under{' '}
                        <a href={collectionPath(database, collection, 'indexes')}>Indexes</a>.
                    </p>
                </Notice>
            )}
            <Form
                class="measure"
                action={save}
                submit="Save expiry"
                fields={['ttl.field', 'ttl.seconds']}
                disabled={field.trim() === ''}
                call={{ method: 'PATCH', path: COLLECTION, parameters: { database, collection }, body }}
            >
                <TextField
                    label="Field with a time"
                    name="ttl.field"
                    error={save.error}
                    value={field}
                    onInput={setField}
                    class="mono"
                    placeholder="expires_at"
                />
                <TextField
                    label="Seconds after it"
                    name="ttl.seconds"
                    error={save.error}
                    value={seconds}
                    onInput={setSeconds}
                    inputMode="numeric"
                    hint={length ? `${length} after it` : 'At that time.'}
                />
            </Form>
        </Section>
    );
}
