import { useState } from 'preact/hooks';
import type { WebhookWithSecret } from '../app/resources';
import { Button, Check, CodeBox, Dialog, Notice } from '../ui';
import { nameOf } from './status';
import { VerificationCode } from './verification';

/** The secret of a new or rotated webhook, shown this once, or the key that verifies in its place. */
export function SecretDialog({ made, onClose }: { made: WebhookWithSecret; onClose: () => void }) {
    const [stored, setStored] = useState(made.secret === undefined);
    return (
        <Dialog
            wide
            sticky
            title={made.secret ? `The secret of ${nameOf(made)}` : `The public key of ${nameOf(made)}`}
            onClose={onClose}
            footer={
                <Button kind="primary" disabled={!stored} onClick={onClose}>
                    Close
                </Button>
            }
        >
            <div class="stack">
                {made.secret ? (
                    <>
                        <Notice tone="amber">
                            <p>It is shown this once. Who loses it has to rotate it.</p>
                        </Notice>
                        <CodeBox label="Secret" text={made.secret} />
                        <Check label="I have stored the secret" checked={stored} onChange={setStored} />
                    </>
                ) : (
                    <CodeBox label="Public key" text={made.public_key ?? ''} />
                )}
                <VerificationCode signature={made.signature} />
            </div>
        </Dialog>
    );
}
