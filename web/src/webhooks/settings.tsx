import { api } from '../app/api';
import { invalidate } from '../app/load';
import type { Webhook } from '../app/resources';
import { may } from '../app/session';
import { Id, JsonView, Pairs, Time, toast } from '../ui';
import { WebhookForm } from './form';
import { nameOf } from './status';
import { changesOf, wishOf } from './wish';

/** What a webhook is: to change, for those who may. */
export function Settings({ webhook }: { webhook: Webhook }) {
    const start = wishOf(webhook);
    return (
        <div class="stack">
            <Pairs
                entries={[
                    ['Created', <Time value={webhook.created_at} />],
                    ['Created by', webhook.created_by ? <Id value={webhook.created_by} /> : undefined],
                    ['Tells what may be read by', webhook.changed_by ? <Id value={webhook.changed_by} /> : undefined],
                    ['Signature', webhook.signature === 'v1a' ? 'v1a: Ed25519' : 'v1: HMAC-SHA256'],
                    ['Last rotated', webhook.last_rotated_at ? <Time value={webhook.last_rotated_at} /> : undefined],
                    [
                        'Also signs until',
                        webhook.previous_secrets.length === 0 ? undefined : (
                            <>
                                {webhook.previous_secrets.map((old) => (
                                    <div key={old.expires_at}>
                                        <Time value={old.expires_at} /> <span class="quiet">(an old secret)</span>
                                    </div>
                                ))}
                            </>
                        ),
                    ],
                ]}
            />
            {may('webhook:manage') ? (
                <WebhookForm
                    start={start}
                    submit="Save webhook"
                    save={async (wish) => {
                        await api.patch('/v1/webhooks/{webhook}', {
                            path: { webhook: webhook.id },
                            body: changesOf(start, wish) as never,
                        });
                        toast(`${nameOf(webhook)} was changed`);
                        invalidate('webhooks');
                    }}
                    call={(wish) => ({
                        method: 'PATCH',
                        path: `/v1/webhooks/${webhook.id}`,
                        body: changesOf(start, wish),
                    })}
                />
            ) : (
                <Readable webhook={webhook} />
            )}
        </div>
    );
}

function Readable({ webhook }: { webhook: Webhook }) {
    return (
        <Pairs
            entries={[
                ['URL', <code>{webhook.url}</code>],
                ['Events', <code>{webhook.events.join(', ')}</code>],
                ['Database', webhook.database ?? 'All'],
                ['Collection', webhook.collection ?? 'All'],
                [
                    'Only records that match',
                    webhook.filter ? <JsonView label="Filter" value={webhook.filter as never} open={4} /> : undefined,
                ],
                [
                    'Holds',
                    { record: 'The whole record', changed: 'The fields that changed', ids: 'Ids' }[webhook.payload],
                ],
                ['Format', webhook.format === 'cloudevents' ? 'CloudEvents 1.0' : 'Standard Webhooks 1.0'],
                ['Headers', Object.keys(webhook.headers).join(', ') || undefined],
            ]}
        />
    );
}
