import { useState } from 'preact/hooks';
import type { Schemas } from '@credvault/client';
import { api } from '../../app/api';
import { useAction } from '../../app/load';
import { me, readMe } from '../../app/session';
import { Badge, Button, Check, CodeBox, Dialog, ErrorNotice, Notice, Section, TextField, toast } from '../../ui';
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
                    about="The old ones are good for nothing from then on."
                    onClose={done}
                    work={async (proof) => {
                        const made = await api.post('/v1/auth/totp/recovery-codes', { body: proof });
                        done();
                        setCodes(made.data.recovery_codes);
                    }}
                />
            )}
            {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
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
            <Dialog
                key="begin"
                title="Set up second factor"
                onClose={onClose}
                onSubmit={() => void begin.run()}
                footer={
                    <>
                        <Button onClick={onClose}>Cancel</Button>
                        <Button kind="primary" type="submit" busy={begin.busy}>
                            Go on
                        </Button>
                    </>
                }
            >
                <div class="stack">
                    <p>You need an authenticator app on your phone, or a password manager that makes codes.</p>
                    <TextField
                        label="Your password"
                        name="current_password"
                        type="password"
                        error={begin.error}
                        value={password}
                        onInput={setPassword}
                        autocomplete="current-password"
                        autofocus
                    />
                    <ErrorNotice error={begin.error} fields={['current_password']} />
                </div>
            </Dialog>
        );
    }
    return (
        <Dialog
            key="confirm"
            title="Set up second factor"
            onClose={onClose}
            onSubmit={() => void confirm.run()}
            footer={
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button kind="primary" type="submit" busy={confirm.busy}>
                        Turn on second factor
                    </Button>
                </>
            }
        >
            <div class="stack">
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
                <ErrorNotice error={confirm.error} fields={['code']} />
            </div>
        </Dialog>
    );
}

function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
    const [stored, setStored] = useState(false);
    return (
        <Dialog
            sticky
            title="Recovery codes"
            onClose={onClose}
            footer={
                <Button kind="primary" disabled={!stored} onClick={onClose}>
                    Close
                </Button>
            }
        >
            <div class="stack">
                <Notice tone="amber">
                    <p>
                        Each signs you in once when the app is lost. They are shown this once: print them, or keep them
                        in a password manager.
                    </p>
                </Notice>
                <CodeBox label={`${codes.length} codes`} text={codes.join('\n')} />
                <Check label="I have stored the codes" checked={stored} onChange={setStored} />
            </div>
        </Dialog>
    );
}

function Prove({
    title,
    about,
    confirm,
    danger,
    work,
    onClose,
}: {
    title: string;
    about: string;
    confirm: string;
    danger?: boolean;
    onClose: () => void;
    work: (proof: { current_password: string; code?: string; recovery_code?: string }) => Promise<void>;
}) {
    const [password, setPassword] = useState('');
    const [code, setCode] = useState('');
    const [recovery, setRecovery] = useState(false);
    const action = useAction(() =>
        work({
            current_password: password,
            ...(recovery ? { recovery_code: code.trim() } : { code: code.replaceAll(' ', '') }),
        }),
    );
    return (
        <Dialog
            title={title}
            onClose={onClose}
            onSubmit={() => void action.run()}
            footer={
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button kind={danger ? 'danger' : 'primary'} type="submit" busy={action.busy}>
                        {confirm}
                    </Button>
                </>
            }
        >
            <div class="stack">
                <p>{about}</p>
                <TextField
                    label="Your password"
                    name="current_password"
                    type="password"
                    error={action.error}
                    value={password}
                    onInput={setPassword}
                    autocomplete="current-password"
                    autofocus
                />
                <TextField
                    label={recovery ? 'Recovery code' : 'Code'}
                    name={recovery ? 'recovery_code' : 'code'}
                    class="mono"
                    error={action.error}
                    value={code}
                    onInput={setCode}
                    autocomplete="one-time-code"
                />
                <Check label="Use a recovery code" checked={recovery} onChange={setRecovery} />
                <ErrorNotice error={action.error} fields={['current_password', 'code', 'recovery_code']} />
            </div>
        </Dialog>
    );
}
