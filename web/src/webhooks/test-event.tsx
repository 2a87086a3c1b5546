import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { invalidate, useAction } from '../app/load';
import type { Delivery, Webhook } from '../app/resources';
import { FormDialog, JsonView, SelectField } from '../ui';
import { Attempts } from './attempts';
import { useEventTypes } from './events-field';

/** Sends an example of any type and shows what came of it. */
export function TestEvent({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
    const [type, setType] = useState('webhook.test');
    const [delivery, setDelivery] = useState<Delivery | undefined>();
    const types = useEventTypes();
    const body = { type };
    const action = useAction(async () => {
        setDelivery(undefined);
        const answer = await api.post('/v1/webhooks/{webhook}/test', { path: { webhook: webhook.id }, body });
        setDelivery(answer.data as Delivery);
        invalidate(`webhooks/${webhook.id}`);
    });
    const names = types.data?.map((one) => one.type) ?? [];
    const options = ['webhook.test', ...names.filter((name) => name !== 'webhook.test')];
    return (
        <FormDialog
            title="Send test event"
            action={action}
            submit="Send test event"
            fields={['type']}
            call={{ method: 'POST', path: `/v1/webhooks/${webhook.id}/test`, body }}
            cancel="Close"
            onClose={onClose}
        >
            <SelectField
                label="Example of"
                name="type"
                error={action.error}
                value={type}
                onChange={setType}
                options={options.map((name) => [name, name] as const)}
                hint={`Sent once, to ${webhook.url}; a paused webhook is tested, too.`}
            />
            {action.busy && <p class="quiet">Waiting for the receiver, up to 20 seconds.</p>}
            {delivery && (
                <div class="stack-tight" role="status">
                    <h3>{delivery.status === 'delivered' ? 'It arrived' : 'It did not arrive'}</h3>
                    <Attempts attempts={delivery.attempts} />
                    {delivery.payload && (
                        <>
                            <h3>What was sent</h3>
                            <JsonView label="What was sent" value={delivery.payload as never} open={4} />
                        </>
                    )}
                </div>
            )}
        </FormDialog>
    );
}
