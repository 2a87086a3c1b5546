// What would be sent, as it is asked for: the server's own answer.
import { useEffect, useState } from 'preact/hooks';
import type { JsonObject, JsonValue } from '@credvault/client';
import { api } from '../app/api';
import { mayPass } from '../app/errors';
import type { EventType } from '../app/resources';
import { ErrorNotice, JsonView, Skeleton } from '../ui';
import { asks } from './events-field';

const PAUSE = 350;

export interface Preview {
    sent: { headers: Record<string, string>; body: JsonValue } | undefined;
    error: unknown;
    retry: () => void;
}

/** Asked a moment after the last change; what was there stays meanwhile. */
export function usePreview(body: JsonObject): Preview {
    const text = JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    const [preview, setPreview] = useState<Omit<Preview, 'retry'>>({ sent: undefined, error: undefined });
    const [round, setRound] = useState(0);
    useEffect(() => {
        const control = new AbortController();
        const timer = setTimeout(() => {
            api.post('/v1/webhooks/preview', { body: body as never, signal: control.signal }).then(
                ({ data }) => setPreview({ sent: data as unknown as Preview['sent'], error: undefined }),
                (error: unknown) => {
                    if (!control.signal.aborted) setPreview((now) => ({ ...now, error }));
                },
            );
        }, PAUSE);
        return () => {
            clearTimeout(timer);
            control.abort();
        };
    }, [text, round]);
    return { ...preview, retry: () => setRound(round + 1) };
}

export function PreviewPane({
    preview,
    type,
    onType,
    events,
    types,
}: {
    preview: Preview;
    type: string;
    onType: (type: string) => void;
    events: readonly string[];
    types: readonly EventType[];
}) {
    const offered = types.filter((one) => asks(events, one.type) && one.type !== 'webhook.test');
    const { sent, error } = preview;
    return (
        <section class="preview" aria-label="What is sent">
            <div class="line line-apart">
                <h2>What is sent</h2>
                <select
                    class="input"
                    aria-label="Example of"
                    value={type}
                    onChange={(event) => onType(event.currentTarget.value)}
                >
                    {offered.map((one) => (
                        <option key={one.type} value={one.type}>
                            {one.type}
                        </option>
                    ))}
                </select>
            </div>
            {mayPass(error) && <ErrorNotice error={error} onRetry={preview.retry} />}
            {error !== undefined && sent && <p class="quiet small">As it was before what the server refuses.</p>}
            {sent ? (
                <div class={error === undefined ? 'sent' : 'sent stale'}>
                    <dl class="sent-headers">
                        {Object.entries(sent.headers).map(([name, value]) => (
                            <div key={name}>
                                <dt>{name}:</dt> <dd>{value}</dd>
                            </div>
                        ))}
                    </dl>
                    <JsonView label="Body" value={sent.body} open={5} />
                </div>
            ) : (
                error === undefined && <Skeleton lines={8} />
            )}
            <p class="quiet small">
                An example, signed with a secret that nobody has. Your receiver has 20 seconds to answer with any 2xx.
            </p>
        </section>
    );
}
