import { api } from '../app/api';
import { invalidate } from '../app/load';
import type { Webhook, WebhookWithSecret } from '../app/resources';
import { RotateDialog } from '../ui';
import { nameOf } from './status';

export function Rotate({
    webhook,
    onClose,
    onMade,
}: {
    webhook: Webhook;
    onClose: () => void;
    onMade: (made: WebhookWithSecret) => void;
}) {
    const what = webhook.signature === 'v1a' ? 'key' : 'secret';
    return (
        <RotateDialog
            title={`Rotate the ${what} of ${nameOf(webhook)}`}
            submit={`Rotate ${what}`}
            old={what}
            about={`Deliveries are signed with a new ${what}. Until the old one ends they carry both signatures, so that the receiver can change over in the meantime.`}
            path={`/v1/webhooks/${webhook.id}/rotate`}
            rotate={async (body) => {
                const made = await api.post('/v1/webhooks/{webhook}/rotate', { path: { webhook: webhook.id }, body });
                invalidate('webhooks');
                onMade(made.data as WebhookWithSecret);
            }}
            onClose={onClose}
        />
    );
}
