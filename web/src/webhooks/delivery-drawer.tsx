import { useEffect, useRef } from 'preact/hooks';
import type { JsonValue } from '@credvault/client';
import { api } from '../app/api';
import { formatNumber, plural } from '../app/format';
import { useAction, useLoad } from '../app/load';
import type { Delivery, Webhook } from '../app/resources';
import { may } from '../app/session';
import { collectionPath } from '../data/places';
import { Badge, Button, CallSnippet, Drawer, ErrorNotice, Id, JsonView, Pairs, Show, Time, toast } from '../ui';
import { Attempts, NextTry } from './attempts';
import { DELIVERY_STATUS } from './status';

const SOON = 700;
const LATER = 4000;
const PATH = '/v1/webhooks/{webhook}/deliveries/{delivery}';

/** One delivery: what was sent, each attempt and its answer; sent again from here. */
export function DeliveryDrawer({
    webhook,
    id,
    onClose,
    onChanged,
}: {
    webhook: Webhook;
    id: string;
    onClose: () => void;
    onChanged: () => void;
}) {
    const path = { webhook: webhook.id, delivery: id };
    const loaded = useLoad(
        `webhooks/${webhook.id}/delivery/${id}`,
        async (signal) => (await api.get(PATH, { path, signal })).data as Delivery,
    );
    const delivery = loaded.data;
    // Attempts before it was sent again; until there are more the answer is awaited.
    const asked = useRef<number | undefined>(undefined);
    const redeliver = useAction(async () => {
        asked.current = delivery?.attempt_count ?? 0;
        const answer = await api.post(`${PATH}/redeliver`, { path });
        loaded.set({ ...delivery, ...(answer.data as Delivery) });
        toast('It is sent again');
        loaded.reload();
        onChanged();
    });
    const open = delivery?.status === 'retrying' || delivery?.status === 'waiting';
    useEffect(() => {
        if (!open) return undefined;
        const timer = setInterval(loaded.reload, asked.current === undefined ? LATER : SOON);
        return () => {
            clearInterval(timer);
            asked.current = undefined;
            onChanged();
        };
    }, [open, redeliver.busy]);
    return (
        <Drawer title={delivery?.type ?? 'Delivery'} onClose={onClose}>
            <Show loaded={loaded} lines={10}>
                {(one) => (
                    <div class="stack">
                        <div class="line">
                            <Badge tone={DELIVERY_STATUS[one.status] ?? 'grey'}>{one.status}</Badge>
                            {one.test && <Badge plain>test</Badge>}
                            <span class="grow" />
                            {may('webhook:manage') && !one.test && (
                                <Button
                                    compact
                                    icon="refresh"
                                    busy={redeliver.busy}
                                    onClick={() => void redeliver.run()}
                                >
                                    Send again
                                </Button>
                            )}
                        </div>
                        <ErrorNotice error={redeliver.error} />
                        <Pairs
                            entries={[
                                ['Id', <Id value={one.id} />],
                                ['webhook-id', <Id value={one.event} />],
                                ['Of', one.subject ? <Subject delivery={one} /> : undefined],
                                ['Sequence', formatNumber(one.sequence)],
                                ['Happened', <Time value={one.occurred_at} />],
                                [
                                    'Next try',
                                    one.next_attempt_at ? (
                                        <NextTry webhook={webhook} at={one.next_attempt_at} />
                                    ) : undefined,
                                ],
                            ]}
                        />
                        {one.status === 'waiting' && (
                            <p class="quiet">
                                It waits behind an earlier event of the same record, until that has arrived or failed
                                three times.
                            </p>
                        )}
                        <div class="stack-tight">
                            <h3>{plural(one.attempt_count, 'attempt')}</h3>
                            <Attempts attempts={one.attempts} />
                            {one.attempt_count > one.attempts.length && (
                                <p class="quiet small">The newest {one.attempts.length} are kept.</p>
                            )}
                        </div>
                        <div class="stack-tight">
                            <h3>Body</h3>
                            {one.payload ? (
                                <JsonView label="Body" value={one.payload as JsonValue} open={4} />
                            ) : (
                                <p class="quiet">Your role may not read what it tells.</p>
                            )}
                        </div>
                        <CallSnippet
                            call={{ method: 'GET', path: `/v1/webhooks/${webhook.id}/deliveries/${one.id}` }}
                        />
                    </div>
                )}
            </Show>
        </Drawer>
    );
}

/** Records lead to where they are. */
function Subject({ delivery }: { delivery: Delivery }) {
    const subject = delivery.subject ?? '';
    const [database, collection, ...rest] = subject.split('/');
    if (!delivery.type.startsWith('document.') || !database || !collection || delivery.test)
        return <code>{subject}</code>;
    return (
        <a href={collectionPath(database, collection, 'records', { record: rest.join('/') })}>
            <code>{subject}</code>
        </a>
    );
}
