import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { plural } from '../app/format';
import { invalidate, useAction } from '../app/load';
import type { Webhook } from '../app/resources';
import { Check, FieldSet, FormDialog, TextField, toast } from '../ui';

// The field's time is that of where one is.
const instant = (local: string): string => {
    const time = new Date(local);
    return Number.isNaN(time.getTime()) ? local : time.toISOString();
};

/** Sends again what failed, or all of a range of time. */
export function Replay({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
    const [which, setWhich] = useState<'failed' | 'range'>('failed');
    const [from, setFrom] = useState('');
    const [to, setTo] = useState('');
    const [failedOnly, setFailedOnly] = useState(false);
    const body =
        which === 'failed'
            ? { failed_only: true }
            : {
                  ...(from && { from: instant(from) }),
                  ...(to && { to: instant(to) }),
                  ...(failedOnly && { failed_only: true }),
              };
    const action = useAction(async () => {
        const { data } = await api.post('/v1/webhooks/{webhook}/replay', { path: { webhook: webhook.id }, body });
        invalidate(`webhooks/${webhook.id}`);
        toast(
            data.replayed === 0
                ? 'There is nothing of the kind to send again'
                : `${plural(data.replayed, 'delivery is', 'deliveries are')} sent again`,
        );
    });
    return (
        <FormDialog
            title="Replay deliveries"
            action={action}
            submit="Replay deliveries"
            fields={which === 'range' ? ['from', 'to'] : []}
            call={{ method: 'POST', path: `/v1/webhooks/${webhook.id}/replay`, body }}
            onClose={onClose}
            onDone={onClose}
        >
            <FieldSet legend="Which">
                <Check
                    type="radio"
                    name="which"
                    label="Everything that failed"
                    hint="What is tried no more"
                    checked={which === 'failed'}
                    onChange={() => setWhich('failed')}
                />
                <Check
                    type="radio"
                    name="which"
                    label="A range of time"
                    hint="By when the events happened"
                    checked={which === 'range'}
                    onChange={() => setWhich('range')}
                />
            </FieldSet>
            {which === 'range' && (
                <>
                    <div class="two">
                        <TextField
                            label="From"
                            name="from"
                            type="datetime-local"
                            step="1"
                            error={action.error}
                            value={from}
                            onInput={setFrom}
                        />
                        <TextField
                            label="To"
                            name="to"
                            type="datetime-local"
                            step="1"
                            error={action.error}
                            value={to}
                            onInput={setTo}
                            hint="Empty: until now"
                        />
                    </div>
                    <Check label="Only those that failed" checked={failedOnly} onChange={setFailedOnly} />
                </>
            )}
            <p class="quiet">
                They go out with the same <code>webhook-id</code> as before, in no order, at most 100,000 at one call. A
                receiver that keeps the ids knows them again.
            </p>
        </FormDialog>
    );
}
