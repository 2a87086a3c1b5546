import { useState } from 'preact/hooks';
import type { Schemas } from '@credvault/client';
import { api } from '../../app/api';
import { useAction } from '../../app/load';
import { me, readMe } from '../../app/session';
import { PasswordField } from '../../auth/auth-page';
import { Badge, Button, Check, CodeBox, FormDialog, HIDDEN, SecretDialog, Section, TextField, toast } from '../../ui';
import { QrCode } from './qr';

/** Enrol, remove, renew recovery codes. */
export function SecondFactor() {
    const [asked, setAsked] = useState<'enrol' | 'remove' | 'renew' | undefined>();
    const [codes, setCodes] = useState<readonly string[] | undefined>();
    const on = me.value?.user.second_factor ?? false;
    const done = () => setAsked(undefined);
    return (
        <Section
            title="Second factor"
            about="A code of an authenticator app, asked for at each sign-in."
            actions={on ? <Badge tone="green">on</Badge> : <Badge>off</Badge>}
        >
            <div class="line">
                {!on && <Button onClick={() => setAsked('enrol')}>Set up second factor</Button>}
                {on && <Button onClick={() => setAsked('renew')}>Make new recovery codes</Button>}
                {on && (
                    <Button kind="danger" onClick={() => setAsked('remove')}>
                        Remove second factor
                    </Button>
                )}
            </div>
            {asked === 'enrol' && (
                <Enrol
                    onClose={done}
                    onCodes={(made) => {
                        done();
                        setCodes(made);
                    }}
                />
            )}
            {asked === 'remove' && (
                <Prove
                    title="Remove second factor"
                    confirm="Remove second factor"
                    path="/v1/auth/totp/disable"
                    danger
                    about="A password alone is enough to sign in from then on, and the recovery codes are gone."
                    onClose={done}
                    work={async (proof) => {
                        await api.post('/v1/auth/totp/disable', { body: proof });
                        await readMe();
                        done();
                        toast('The second factor is removed');
                    }}
                />
            )}
            {asked === 'renew' && (
                <Prove
                    title="Make new recovery codes"
                    confirm="Make recovery codes"
                    path="/v1/auth/totp/recovery-codes"
                    about="The old ones are good for nothing from then on."
                    onClose={done}
                    work={async (proof) => {
                        const made = await api.post('/v1/auth/totp/recovery-codes', { body: proof });
                        done();
                        setCodes(made.data.recovery_codes);
                    }}
                />
            )}
            {codes && (
                <SecretDialog
                    title="Recovery codes"
                    about="Each signs you in once when the app is lost. They are shown this once: print them, or keep them in a password manager."
                    label={`${codes.length} codes`}
                    text={codes.join('\n')}
                    stored="I have stored the codes"
                    onClose={() => setCodes(undefined)}
                />
            )}
        </Section>
    );
}

function Enrol({ onClose, onCodes }: { onClose: () => void; onCodes: (codes: readonly string[]) => void }) {
    const [password, setPassword] = useState('');
    const [enrolment, setEnrolment] = useState<Schemas['TotpEnrolment'] | undefined>();
    const [code, setCode] = useState('');
    const begin = useAction(async () =>
        setEnrolment((await api.post('/v1/auth/totp', { body: { current_password: password } })).data),
    );
    const confirm = useAction(async () => {
        const made = await api.post('/v1/auth/totp/confirm', { body: { code: code.replaceAll(' ', '') } });
        await readMe();
        onCodes(made.data.recovery_codes);
    });
    if (!enrolment) {
        return (
            <FormDialog
                key="begin"
                title="Set up second factor"
                action={begin}
                submit="Go on"
                fields={['current_password']}
                call={{ method: 'POST', path: '/v1/auth/totp', as: 'user', body: { current_password: HIDDEN } }}
                onClose={onClose}
            >
                <p>You need an authenticator app on your phone, or a password manager that makes codes.</p>
                <PasswordField
                    label="Your password"
                    name="current_password"
                    error={begin.error}
                    value={password}
                    onInput={setPassword}
                    autofocus
                />
            </FormDialog>
        );
    }
    return (
        <FormDialog
            key="confirm"
            title="Set up second factor"
            action={confirm}
            submit="Turn on second factor"
            fields={['code']}
            call={{ method: 'POST', path: '/v1/auth/totp/confirm', as: 'user', body: { code: HIDDEN } }}
            onClose={onClose}
        >
            <p>Scan this with the app, or type the secret into it.</p>
            <QrCode text={enrolment.otpauth_url} label="QR code of the secret below" />
            <CodeBox label="Secret" text={enrolment.secret} />
            <TextField
                label="The code that the app shows"
                name="code"
                class="mono"
                error={confirm.error}
                value={code}
                onInput={setCode}
                inputMode="numeric"
                autocomplete="one-time-code"
                autofocus
            />
        </FormDialog>
    );
}

function Prove({
    title,
    about,
    confirm,
    path,
    danger,
    work,
    onClose,
}: {
    title: string;
    about: string;
    confirm: string;
    /** Of the call that is made. */
    path: string;
    danger?: boolean;
    onClose: () => void;
    work: (proof: { current_password: string; code?: string; recovery_code?: string }) => Promise<void>;
}) {
    const [password, setPassword] = useState('');
    const [code, setCode] = useState('');
    const [recovery, setRecovery] = useState(false);
    const name = recovery ? 'recovery_code' : 'code';
    const action = useAction(() =>
        work({ current_password: password, [name]: recovery ? code.trim() : code.replaceAll(' ', '') }),
    );
    return (
        <FormDialog
            title={title}
            action={action}
            submit={confirm}
            kind={danger ? 'danger' : 'primary'}
            fields={['current_password', 'code', 'recovery_code']}
            call={{ method: 'POST', path, as: 'user', body: { current_password: HIDDEN, [name]: HIDDEN } }}
            onClose={onClose}
        >
            <p>{about}</p>
            <PasswordField
                label="Your password"
                name="current_password"
                error={action.error}
                value={password}
                onInput={setPassword}
                autofocus
            />
            <TextField
                label={recovery ? 'Recovery code' : 'Code'}
                name={name}
                class="mono"
                error={action.error}
                value={code}
                onInput={setCode}
                autocomplete="one-time-code"
            />
            <Check label="Use a recovery code" checked={recovery} onChange={setRecovery} />
        </FormDialog>
    );
}
