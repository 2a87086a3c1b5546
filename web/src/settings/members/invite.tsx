import { useState } from 'preact/hooks';
import type { Schemas } from '@credvault/client';
import { api } from '../../app/api';
import { invalidate, useAction } from '../../app/load';
import { workspace, type Role } from '../../app/session';
import { Button, CodeBox, Dialog, FormDialog, Notice, SelectField, TextField } from '../../ui';

export const ROLES: readonly (readonly [role: Role, about: string])[] = [
    ['owner', 'Everything'],
    ['admin', 'Everything but billing and deleting the workspace'],
    ['developer', 'Reads and writes data, runs queries and models, sees logs'],
    ['viewer', 'Reads data, metrics and logs'],
];

const DAYS = [
    ['1', 'A day'],
    ['7', '7 days'],
    ['30', '30 days'],
] as const;

export function InviteDialog({ onClose }: { onClose: () => void }) {
    const own = workspace.value?.role ?? 'viewer';
    const offered = ROLES.slice(ROLES.findIndex(([role]) => role === own));
    const [email, setEmail] = useState('');
    const [role, setRole] = useState<Role>('developer');
    const [days, setDays] = useState('7');
    const [made, setMade] = useState<Schemas['Invited'] | undefined>();
    const body = { email: email.trim(), role, ...(days !== '7' && { expires_in_days: Number(days) }) };
    const action = useAction(async () => {
        setMade((await api.post('/v1/invitations', { body })).data);
        invalidate('members/invitations');
    });
    if (made) return <Invited made={made} onClose={onClose} />;
    return (
        <FormDialog
            title="Invite member"
            action={action}
            submit="Invite member"
            fields={['email', 'role', 'expires_in_days']}
            call={{ method: 'POST', path: '/v1/invitations', body }}
            onClose={onClose}
        >
            <TextField
                label="Email"
                name="email"
                type="email"
                error={action.error}
                value={email}
                onInput={setEmail}
                autofocus
                required
            />
            <SelectField
                label="Role"
                name="role"
                error={action.error}
                value={role}
                onChange={(value) => setRole(value as Role)}
                options={offered.map(([name]) => [name, name])}
                hint={ROLES.find(([name]) => name === role)?.[1]}
            />
            <SelectField
                label="Good for"
                name="expires_in_days"
                error={action.error}
                value={days}
                onChange={setDays}
                options={DAYS}
            />
        </FormDialog>
    );
}

function Invited({ made, onClose }: { made: Schemas['Invited']; onClose: () => void }) {
    const email = made.invitation.email ?? '';
    return (
        <Dialog
            title={`${email} is invited`}
            onClose={onClose}
            footer={
                <Button kind="primary" onClick={onClose}>
                    Close
                </Button>
            }
        >
            <div class="stack">
                {made.link ? (
                    <>
                        <Notice tone="amber">
                            <p>
                                This server sends no mail. Hand the link over; it is good for one use and shown this
                                once.
                            </p>
                        </Notice>
                        <CodeBox label="Link" text={made.link} />
                    </>
                ) : (
                    <p>The link is on its way to {email}.</p>
                )}
            </div>
        </Dialog>
    );
}
