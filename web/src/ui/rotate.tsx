import { useState } from 'preact/hooks';
import { useAction } from '../app/load';
import { SelectField } from './field';
import { FormDialog } from './form';

const OVERLAPS = [
    ['0', 'At once'],
    ['3600', 'After an hour'],
    ['86400', 'After a day'],
    ['604800', 'After 7 days'],
    ['2592000', 'After 30 days'],
] as const;

/** Asks for how long the old secret is good beside the new one. */
export function RotateDialog({
    title,
    submit,
    old,
    about,
    path,
    rotate,
    onClose,
}: {
    title: string;
    submit: string;
    /** What ends: the secret, the key. */
    old: string;
    about: string;
    /** Of the call that is made. */
    path: string;
    rotate: (body: { overlap_seconds: number }) => Promise<unknown>;
    onClose: () => void;
}) {
    const [overlap, setOverlap] = useState('86400');
    const body = { overlap_seconds: Number(overlap) };
    const action = useAction(() => rotate(body));
    return (
        <FormDialog
            title={title}
            action={action}
            submit={submit}
            fields={['overlap_seconds']}
            call={{ method: 'POST', path, body }}
            onClose={onClose}
        >
            <p>{about}</p>
            <SelectField
                label={`The old ${old} ends`}
                name="overlap_seconds"
                error={action.error}
                value={overlap}
                onChange={setOverlap}
                options={OVERLAPS}
            />
        </FormDialog>
    );
}
