import type { WebhookWithSecret } from '../app/resources';
import { Button, CodeBox, Dialog, SecretDialog } from '../ui';
import { nameOf } from './status';
import { VerificationCode } from './verification';

/** The secret of a new or rotated webhook, shown this once, or the key that verifies in its place. */
export function WebhookSecret({ made, onClose }: { made: WebhookWithSecret; onClose: () => void }) {
    const name = nameOf(made);
    if (made.secret)
        return (
            <SecretDialog
                wide
                title={`The secret of ${name}`}
                about="It is shown this once. Who loses it has to rotate it."
                label="Secret"
                text={made.secret}
                stored="I have stored the secret"
                onClose={onClose}
            >
                <VerificationCode signature={made.signature} />
            </SecretDialog>
        );
    return (
        <Dialog
            wide
            title={`The public key of ${name}`}
            onClose={onClose}
            footer={
                <Button kind="primary" onClick={onClose}>
                    Close
                </Button>
            }
        >
            <div class="stack">
                <CodeBox label="Public key" text={made.public_key ?? ''} />
                <VerificationCode signature={made.signature} />
            </div>
        </Dialog>
    );
}
