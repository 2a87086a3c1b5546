import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { invalidate, useAction } from '../app/load';
import type { Delivery, Webhook } from '../app/resources';
import { Button, CallSnippet, Dialog, ErrorNotice, JsonView, SelectField } from '../ui';
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
        <Dialog
            title="Send test event"
            onClose={onClose}
            onSubmit={() => void action.run()}
            footer={
                <>
                    <Button onClick={onClose}>Close</Button>
                    <Button kind="primary" type="submit" busy={action.busy}>
                        Send test event
                    </Button>
                </>
            }
        >
            <div class="stack">
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
                <ErrorNotice error={action.error} fields={['type']} />
                <CallSnippet call={{ method: 'POST', path: `/v1/webhooks/${webhook.id}/test`, body }} />
            </div>
        </Dialog>
    );
}
