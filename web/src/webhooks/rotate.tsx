import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { invalidate, useAction } from '../app/load';
import type { Webhook, WebhookWithSecret } from '../app/resources';
import { Button, CallSnippet, Dialog, ErrorNotice, SelectField } from '../ui';
import { nameOf } from './status';

const OVERLAPS = [
    ['0', 'At once'],
    ['3600', 'After an hour'],
    ['86400', 'After a day'],
    ['604800', 'After 7 days'],
    ['2592000', 'After 30 days'],
] as const;

export function Rotate({
    webhook,
    onClose,
    onMade,
}: {
    webhook: Webhook;
    onClose: () => void;
    onMade: (made: WebhookWithSecret) => void;
}) {
    const [overlap, setOverlap] = useState('86400');
    const body = { overlap_seconds: Number(overlap) };
    const action = useAction(async () => {
        const made = await api.post('/v1/webhooks/{webhook}/rotate', { path: { webhook: webhook.id }, body });
        invalidate('webhooks');
        onMade(made.data as WebhookWithSecret);
    });
    const what = webhook.signature === 'v1a' ? 'key' : 'secret';
    return (
        <Dialog
            title={`Rotate the ${what} of ${nameOf(webhook)}`}
            onClose={onClose}
            onSubmit={() => void action.run()}
            footer={
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button kind="primary" type="submit" busy={action.busy}>
                        Rotate {what}
                    </Button>
                </>
            }
        >
            <div class="stack">
                <p>
                    Deliveries are signed with a new {what}. Until the old one ends they carry both signatures, so that
                    the receiver can change over in the meantime.
                </p>
                <SelectField
                    label={`The old ${what} ends`}
                    name="overlap_seconds"
                    error={action.error}
                    value={overlap}
                    onChange={setOverlap}
                    options={OVERLAPS}
                />
                <ErrorNotice error={action.error} fields={['overlap_seconds']} />
                <CallSnippet call={{ method: 'POST', path: `/v1/webhooks/${webhook.id}/rotate`, body }} />
            </div>
        </Dialog>
    );
}
