// What states are called, and what changes them.
import { api } from '../app/api';
import { invalidate } from '../app/load';
import type { Webhook } from '../app/resources';
import { toast, toastError, type Tone } from '../ui';

export const STATUS: Record<string, Tone> = { active: 'green', paused: 'amber', disabled: 'grey' };
export const DELIVERY_STATUS: Record<string, Tone> = {
    delivered: 'green',
    retrying: 'amber',
    waiting: 'grey',
    failed: 'red',
};

/** How people call it: its description, or where it goes. */
export const nameOf = (webhook: Pick<Webhook, 'description' | 'url'>): string => webhook.description || webhook.url;

const part = encodeURIComponent;

export type Tab = 'deliveries' | 'statistics' | 'settings' | 'verify';

export const webhookPath = (id: string, tab: Tab = 'deliveries'): string =>
    `/webhooks/${part(id)}${tab === 'deliveries' ? '' : `/${tab}`}`;

async function setPaused(webhook: Webhook, paused: boolean): Promise<void> {
    const path = { webhook: webhook.id };
    if (paused) await api.post('/v1/webhooks/{webhook}/pause', { path });
    else await api.post('/v1/webhooks/{webhook}/resume', { path });
    invalidate('webhooks');
}

async function setEnabled(webhook: Webhook, enabled: boolean): Promise<void> {
    await api.patch('/v1/webhooks/{webhook}', { path: { webhook: webhook.id }, body: { enabled } });
    invalidate('webhooks');
}

/** Does it, says so with a way back, or why it did not come about. */
function turn(words: string, name: string, run: () => Promise<void>, back: () => Promise<void>): void {
    run().then(
        () =>
            toast(words, {
                undo: () => void back().catch((error: unknown) => toastError('It was not undone', error)),
            }),
        (error: unknown) => toastError(`${name} is as it was`, error),
    );
}

export function togglePaused(webhook: Webhook): void {
    const pause = webhook.status === 'active';
    const name = nameOf(webhook);
    turn(
        pause ? `${name} is paused: events wait` : `${name} goes on where it was`,
        name,
        () => setPaused(webhook, pause),
        () => setPaused(webhook, !pause),
    );
}

export function toggleEnabled(webhook: Webhook): void {
    const enable = webhook.status === 'disabled';
    const name = nameOf(webhook);
    turn(
        enable ? `${name} is enabled` : `${name} is disabled: events pass by`,
        name,
        () => setEnabled(webhook, enable),
        () => setEnabled(webhook, !enable),
    );
}
