import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { useAction } from '../app/load';
import { navigate } from '../app/router';
import { Notice, TextField } from '../ui/field';
import { Form } from '../ui/form';
import { HIDDEN } from '../ui/snippet';
import { AuthPage, EmailField, NewPasswordField } from './auth-page';

// The code stands behind the '#', which no server's log shows.
const codeOf = (hash: string) => new URLSearchParams(hash.replace(/^#/, '')).get('code') ?? '';

/** Asks for a link by mail, or, come by that link, sets the password. */
export function Reset() {
    const [code, setCode] = useState(() => codeOf(location.hash));
    const [entering, setEntering] = useState(code !== '');
    return entering ? <SetPassword code={code} setCode={setCode} /> : <Ask onCode={() => setEntering(true)} />;
}

function Ask({ onCode }: { onCode: () => void }) {
    const [email, setEmail] = useState('');
    const [sent, setSent] = useState(false);
    const action = useAction(async () => {
        await api.post('/v1/auth/reset', { body: { email: email.trim() } });
        setSent(true);
    });
    return (
        <AuthPage title="Set a new password" about="A link is mailed to the account’s email, good for one use.">
            {sent ? (
                <Notice tone="green" live>
                    <p>
                        If {email} has an account and this server sends mail, the link is on its way. Where no mail
                        comes, whoever runs the server can make a code: <code>credvault reset-code</code>.
                    </p>
                </Notice>
            ) : (
                <Form
                    action={action}
                    submit="Send link"
                    kind="primary"
                    fields={['email']}
                    call={{
                        method: 'POST',
                        path: '/v1/auth/reset',
                        as: 'anybody',
                        body: { email: email || 'ada@example.com' },
                    }}
                >
                    <EmailField error={action.error} value={email} onInput={setEmail} autofocus />
                </Form>
            )}
            <div class="auth-links">
                <button type="button" class="button plain compact" onClick={onCode}>
                    I have a code
                </button>
                <a href="/">Sign in</a>
            </div>
        </AuthPage>
    );
}

function SetPassword({ code, setCode }: { code: string; setCode: (code: string) => void }) {
    const [password, setPassword] = useState('');
    const action = useAction(async () => {
        await api.post('/v1/auth/reset/confirm', { body: { code: code.trim(), password } });
        navigate('/?after=reset', { replace: true });
    });
    return (
        <AuthPage title="Set a new password" about="All sessions of the account end with it.">
            <Form
                action={action}
                submit="Set password"
                kind="primary"
                fields={['code', 'password']}
                call={{
                    method: 'POST',
                    path: '/v1/auth/reset/confirm',
                    as: 'anybody',
                    body: { code: HIDDEN, password: HIDDEN },
                }}
            >
                <TextField
                    label="Code"
                    name="code"
                    class="mono"
                    error={action.error}
                    value={code}
                    onInput={setCode}
                    required
                />
                <NewPasswordField
                    label="New password"
                    error={action.error}
                    value={password}
                    onInput={setPassword}
                    autofocus
                />
            </Form>
            <div class="auth-links">
                <a href="/">Sign in</a>
            </div>
        </AuthPage>
    );
}
