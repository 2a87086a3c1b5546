import { useState } from 'preact/hooks';
import { api } from '../../app/api';
import { invalidate } from '../../app/load';
import type { ApiKey } from '../../app/resources';
import {
    Badge,
    Button,
    CallSnippet,
    Confirm,
    Drawer,
    Id,
    JsonView,
    Menu,
    Pairs,
    RotateDialog,
    Time,
    toast,
    toastError,
    type Tone,
} from '../../ui';
import { ALL_SCOPES } from './scopes';
import { KeyForm } from './key-form';

export const STATUS: Record<string, Tone> = { active: 'green', disabled: 'amber', expired: 'grey', revoked: 'red' };

export const fromEnvironment = (key: ApiKey) => key.prefix === '';

async function setEnabled(key: ApiKey, enabled: boolean): Promise<void> {
    await api.patch('/v1/api-keys/{key}', { path: { key: key.id }, body: { enabled } });
    invalidate('api-keys');
}

export function toggleKey(key: ApiKey): void {
    const enable = key.status === 'disabled';
    setEnabled(key, enable).then(
        () =>
            toast(enable ? `${key.name} is active` : `${key.name} is disabled`, {
                undo: () =>
                    void setEnabled(key, !enable).catch((error: unknown) => toastError('It was not undone', error)),
            }),
        (error: unknown) => toastError(`${key.name} is as it was`, error),
    );
}

/** All about one key, and what can be done with it. */
export function KeyDrawer({
    apiKey,
    onClose,
    onSecret,
}: {
    apiKey: ApiKey;
    onClose: () => void;
    onSecret: (made: ApiKey & { secret: string }) => void;
}) {
    const [asked, setAsked] = useState<'edit' | 'rotate' | 'revoke' | 'delete' | undefined>();
    const done = () => setAsked(undefined);
    const changeable = !fromEnvironment(apiKey) && apiKey.status !== 'revoked';
    return (
        <Drawer title={apiKey.name} onClose={onClose}>
            <div class="stack">
                <div class="line">
                    <Badge tone={STATUS[apiKey.status] ?? 'grey'}>{apiKey.status}</Badge>
                    <span class="grow" />
                    {changeable && (
                        <Button compact onClick={() => setAsked('edit')}>
                            Change key
                        </Button>
                    )}
                    {changeable && (
                        <Button compact onClick={() => setAsked('rotate')}>
                            Rotate key
                        </Button>
                    )}
                    {!fromEnvironment(apiKey) && (
                        <Menu
                            label="More"
                            icon="more"
                            items={[
                                changeable && {
                                    label: apiKey.status === 'disabled' ? 'Enable key' : 'Disable key',
                                    run: () => toggleKey(apiKey),
                                },
                                changeable && { label: 'Revoke key', danger: true, run: () => setAsked('revoke') },
                                { label: 'Delete key', icon: 'trash', danger: true, run: () => setAsked('delete') },
                            ]}
                        />
                    )}
                </div>
                <Pairs
                    entries={[
                        ['Id', <Id value={apiKey.id} />],
                        [
                            'Secret begins with',
                            fromEnvironment(apiKey) ? (
                                <span class="quiet">Set by CREDVAULT_ADMIN_KEY where the server is started</span>
                            ) : (
                                <code>{apiKey.prefix}…</code>
                            ),
                        ],
                        ['Created', <Time value={apiKey.created_at} />],
                        ['Created by', apiKey.created_by ? <Id value={apiKey.created_by} /> : undefined],
                        ['Last used', <Time value={apiKey.last_used_at} />],
                        ['Last rotated', apiKey.last_rotated_at ? <Time value={apiKey.last_rotated_at} /> : undefined],
                        ['Expires', <Time value={apiKey.expires_at} />],
                        [
                            'Old secrets',
                            apiKey.previous_secrets.length === 0 ? undefined : (
                                <>
                                    {apiKey.previous_secrets.map((old) => (
                                        <div key={old.prefix}>
                                            <code>{old.prefix}…</code> ends <Time value={old.expires_at} />
                                        </div>
                                    ))}
                                </>
                            ),
                        ],
                    ]}
                />
                <div>
                    <h3>Scopes</h3>
                    {apiKey.scopes.length === ALL_SCOPES.length ? (
                        <p>All</p>
                    ) : (
                        <div class="line">
                            {apiKey.scopes.map((scope) => (
                                <Badge key={scope} plain>
                                    {scope}
                                </Badge>
                            ))}
                        </div>
                    )}
                </div>
                <div>
                    <h3>Restrictions</h3>
                    {Object.keys(apiKey.restrictions).length === 0 ? (
                        <p class="quiet">None</p>
                    ) : (
                        <JsonView
                            label="Restrictions"
                            value={JSON.parse(JSON.stringify(apiKey.restrictions))}
                            open={4}
                        />
                    )}
                </div>
                <CallSnippet call={{ method: 'GET', path: `/v1/api-keys/${apiKey.id}` }} />
            </div>
            {asked === 'edit' && <KeyForm changed={apiKey} onClose={done} />}
            {asked === 'rotate' && (
                <RotateDialog
                    title={`Rotate ${apiKey.name}`}
                    submit="Rotate key"
                    old="secret"
                    about="The key gets a new secret. Until the old one ends, both are taken, so that programs can change over one by one."
                    path={`/v1/api-keys/${apiKey.id}/rotate`}
                    rotate={async (body) => {
                        const made = await api.post('/v1/api-keys/{key}/rotate', { path: { key: apiKey.id }, body });
                        invalidate('api-keys');
                        done();
                        onSecret(made.data as ApiKey & { secret: string });
                    }}
                    onClose={done}
                />
            )}
            {asked === 'revoke' && (
                <Confirm
                    title={`Revoke ${apiKey.name}`}
                    confirm="Revoke key"
                    call={{ method: 'POST', path: `/v1/api-keys/${apiKey.id}/revoke` }}
                    repeat={apiKey.name}
                    onClose={done}
                    onConfirm={async () => {
                        await api.post('/v1/api-keys/{key}/revoke', { path: { key: apiKey.id } });
                        invalidate('api-keys');
                        toast(`${apiKey.name} is revoked`);
                    }}
                >
                    <p>
                        Every program that uses it is refused from then on. It can’t be undone; the key stays in the
                        list.
                    </p>
                </Confirm>
            )}
            {asked === 'delete' && (
                <Confirm
                    title={`Delete ${apiKey.name}`}
                    confirm="Delete key"
                    call={{ method: 'DELETE', path: `/v1/api-keys/${apiKey.id}` }}
                    repeat={apiKey.name}
                    onClose={done}
                    onConfirm={async () => {
                        await api.delete('/v1/api-keys/{key}', { path: { key: apiKey.id } });
                        invalidate('api-keys');
                        toast(`${apiKey.name} is deleted`);
                        onClose();
                    }}
                >
                    <p>
                        Every program that uses it is refused from then on, and the key is gone from the list. It can’t
                        be undone.
                    </p>
                </Confirm>
            )}
        </Drawer>
    );
}
