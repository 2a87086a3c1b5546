import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from './button';
import { Dialog } from './dialog';
import { Check, Notice } from './field';
import { CodeBox } from './snippet';

/** What is shown this once, and can be closed when it was stored. */
export function SecretDialog({
    title,
    about,
    label,
    text,
    stored,
    actions,
    wide = false,
    onClose,
    children,
}: {
    title: string;
    /** Why it has to be kept. */
    about: string;
    /** What the text is. */
    label: string;
    text: string;
    /** What one says before it is closed. */
    stored: string;
    actions?: ComponentChildren;
    wide?: boolean;
    onClose: () => void;
    children?: ComponentChildren;
}) {
    const [kept, setKept] = useState(false);
    return (
        <Dialog
            wide={wide}
            sticky
            title={title}
            onClose={onClose}
            footer={
                <>
                    {actions}
                    <Button kind="primary" disabled={!kept} onClick={onClose}>
                        Close
                    </Button>
                </>
            }
        >
            <div class="stack">
                <Notice tone="amber">
                    <p>{about}</p>
                </Notice>
                <CodeBox label={label} text={text} />
                <Check label={stored} checked={kept} onChange={setKept} />
                {children}
            </div>
        </Dialog>
    );
}
