// What screen readers are told, and toasts.
import { signal } from '@preact/signals';
import { describeError } from '../app/errors';
import { Button } from './button';
import './live.css';

const spoken = signal('');

/** Has screen readers say it. */
export function announce(text: string): void {
    spoken.value = '';
    setTimeout(() => {
        spoken.value = text;
    }, 50);
}

interface ToastEntry {
    id: number;
    text: string;
    tone: 'grey' | 'red';
    action?: { label: string; run: () => void } | undefined;
}

const toasts = signal<readonly ToastEntry[]>([]);
let lastId = 0;

const drop = (id: number) => {
    toasts.value = toasts.value.filter((entry) => entry.id !== id);
};

/** Says what was done, with a way back where there is one. Gone after 6 s, with a way back after 10. */
export function toast(
    text: string,
    options: { undo?: () => void; action?: { label: string; run: () => void }; tone?: 'grey' | 'red' } = {},
): void {
    const id = ++lastId;
    const action = options.undo ? { label: 'Undo', run: options.undo } : options.action;
    toasts.value = [...toasts.value.slice(-3), { id, text, tone: options.tone ?? 'grey', action }];
    setTimeout(() => drop(id), action ? 10_000 : 6_000);
}

/** Says why something did not come about. */
export const toastError = (what: string, error: unknown): void =>
    toast(`${what}: ${describeError(error)}`, { tone: 'red' });

/** Once on every page. */
export function LiveRegions() {
    return (
        <>
            <div class="unseen" aria-live="polite">
                {spoken.value}
            </div>
            <div
                class="toasts"
                role="region"
                aria-label="Notifications"
                aria-live="polite"
                popover="manual"
                ref={(node) => {
                    // In the top layer, over dialogs; asked for again so that it is over the latest.
                    if (!node) return;
                    if (node.matches(':popover-open')) node.hidePopover();
                    if (toasts.value.length > 0) node.showPopover();
                }}
            >
                {toasts.value.map((entry) => (
                    <div key={entry.id} class={`toast ${entry.tone}`}>
                        <span class="grow">{entry.text}</span>
                        {entry.action && (
                            <Button
                                compact
                                onClick={() => {
                                    drop(entry.id);
                                    entry.action?.run();
                                }}
                            >
                                {entry.action.label}
                            </Button>
                        )}
                        <Button compact kind="plain" icon="close" label="Dismiss" onClick={() => drop(entry.id)} />
                    </div>
                ))}
            </div>
        </>
    );
}
