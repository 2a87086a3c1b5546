import { useState } from 'preact/hooks';
import type { ApiKey } from '../../app/resources';
import { Button, Check, CodeBox, Dialog, Notice, Snippet } from '../../ui';

/** A secret, shown this once. */
export function SecretDialog({ made, onClose }: { made: ApiKey & { secret: string }; onClose: () => void }) {
    const [stored, setStored] = useState(false);
    return (
        <Dialog
            wide
            sticky
            title={`The secret of ${made.name}`}
            onClose={onClose}
            footer={
                <>
                    <Button href={`/api-docs#/`}>Open API explorer</Button>
                    <Button kind="primary" disabled={!stored} onClick={onClose}>
                        Close
                    </Button>
                </>
            }
        >
            <div class="stack">
                <Notice tone="amber">
                    <p>It is shown this once. Only a digest of it is kept: who loses it has to rotate the key.</p>
                </Notice>
                <CodeBox label="Secret" text={made.secret} />
                <Check label="I have stored the secret" checked={stored} onChange={setStored} />
                <div class="stack-tight">
                    <h3>Try it</h3>
                    <Snippet
                        request={{
                            method: 'GET',
                            url: `${location.origin}/v1/databases`,
                            headers: [['Authorization', `ApiKey ${made.secret}`]],
                        }}
                    />
                </div>
            </div>
        </Dialog>
    );
}
