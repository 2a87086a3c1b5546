import { formatDuration } from '../app/format';
import type { Delivery, Webhook } from '../app/resources';
import { Badge, Time } from '../ui';

export type Attempt = Delivery['attempts'][number];

/** "503 · The answer was not 2xx" or "200". */
export function outcomeOf(attempt: Attempt): string {
    return attempt.status === undefined ? (attempt.error ?? 'no answer') : String(attempt.status);
}

/** When it is tried again; a webhook that is off keeps it waiting, whatever the schedule says. */
export function NextTry({ webhook, at }: { webhook: Webhook; at: string | undefined }) {
    if (!at) return null;
    if (webhook.status === 'paused') return <span class="quiet">once resumed</span>;
    if (webhook.status === 'disabled') return <span class="quiet">once enabled</span>;
    return Date.parse(at) <= Date.now() ? <>now</> : <Time value={at} />;
}

/** The newest first: when, how long, what was answered. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
    const newest = [...attempts].sort((a, b) => b.at.localeCompare(a.at));
    if (newest.length === 0) return <p class="quiet">None yet</p>;
    return (
        <ol class="attempts" aria-label="Attempts">
            {newest.map((attempt) => (
                <li key={attempt.at}>
                    <div class="line">
                        <Badge tone={attempt.error === undefined ? 'green' : 'red'}>
                            {attempt.status ?? 'no answer'}
                        </Badge>
                        <Time value={attempt.at} />
                        <span class="quiet">{formatDuration(attempt.duration_ms / 1000)}</span>
                    </div>
                    {attempt.error !== undefined && <p class="wrong-text">{attempt.error}</p>}
                    {attempt.response ? (
                        <pre class="answer" tabIndex={0} aria-label="The first KiB of the answer">
                            {attempt.response}
                        </pre>
                    ) : (
                        attempt.status !== undefined && <p class="quiet small">The answer was empty.</p>
                    )}
                </li>
            ))}
        </ol>
    );
}
