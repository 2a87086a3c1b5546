import type { ApiKey } from '../../app/resources';
import { Button, SecretDialog, Snippet } from '../../ui';

/** A key's secret, shown this once. */
export function KeySecret({ made, onClose }: { made: ApiKey & { secret: string }; onClose: () => void }) {
    return (
        <SecretDialog
            wide
            title={`The secret of ${made.name}`}
            about="It is shown this once. Only a digest of it is kept: who loses it has to rotate the key."
            label="Secret"
            text={made.secret}
            stored="I have stored the secret"
            actions={<Button href="/api-docs#/">Open API explorer</Button>}
            onClose={onClose}
        >
            <div class="stack-tight">
                <h3>Try it</h3>
                <p class="quiet small">With the secret in the place of {made.prefix}….</p>
                <Snippet
                    request={{
                        method: 'GET',
                        url: `${location.origin}/v1/databases`,
                        headers: [['Authorization', `ApiKey ${made.prefix}…`]],
                    }}
                />
            </div>
        </SecretDialog>
    );
}
