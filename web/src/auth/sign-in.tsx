import { useState } from 'preact/hooks';
import { isCode } from '@credvault/client';
import { api } from '../app/api';
import { useAction } from '../app/load';
import { search } from '../app/router';
import { enter, wantedPath } from '../app/session';
import { Button } from '../ui/button';
import { ErrorNotice, Notice, TextField } from '../ui/field';
import { CallSnippet } from '../ui/snippet';
import { AuthPage } from './auth-page';

type Factor = 'none' | 'code' | 'recovery';

/** Email and password, and the second factor where the account has one. */
export function SignIn() {
    const [email, setEmail] = useState('');
    const [password, setPassword] = useState('');
    const [factor, setFactor] = useState<Factor>('none');
    const [code, setCode] = useState('');
    const action = useAction(async () => {
        const more =
            factor === 'code'
                ? { code: code.replaceAll(' ', '') }
                : factor === 'recovery'
                  ? { recovery_code: code.trim() }
                  : {};
        try {
            const body = { email: email.trim(), password, cookie: true, ...more };
            await enter((await api.post('/v1/auth/login', { body })).data, wantedPath(search.value));
        } catch (error) {
            if (!isCode(error, 'SECOND_FACTOR_REQUIRED')) throw error;
            setFactor('code');
        }
    });
    const note = { reset: 'The password is set. Sign in with it.', joined: 'You are a member now. Sign in to begin.' }[
        search.value.get('after') ?? ''
    ];
    const submit = (event: Event) => {
        event.preventDefault();
        void action.run();
    };
    if (factor !== 'none') {
        const recovery = factor === 'recovery';
        return (
            <AuthPage
                title="Second factor"
                about={
                    recovery
                        ? 'One of the recovery codes that you kept. Each is good for one use.'
                        : 'The six digits that your authenticator app shows for CredVault.'
                }
            >
                <form noValidate onSubmit={submit}>
                    <TextField
                        key={factor}
                        label={recovery ? 'Recovery code' : 'Code'}
                        name={recovery ? 'recovery_code' : 'code'}
                        class="mono"
                        error={action.error}
                        value={code}
                        onInput={setCode}
                        inputMode={recovery ? 'text' : 'numeric'}
                        autocomplete="one-time-code"
                        autofocus
                        required
                    />
                    <ErrorNotice error={action.error} fields={['code', 'recovery_code']} />
                    <Button kind="primary" type="submit" busy={action.busy}>
                        Sign in
                    </Button>
                </form>
                <div class="auth-links">
                    <button
                        type="button"
                        class="button plain compact"
                        onClick={() => {
                            setFactor(recovery ? 'code' : 'recovery');
                            setCode('');
                            action.clear();
                        }}
                    >
                        {recovery ? 'Use the app’s code' : 'Use a recovery code'}
                    </button>
                    <button
                        type="button"
                        class="button plain compact"
                        onClick={() => {
                            setFactor('none');
                            setCode('');
                            action.clear();
                        }}
                    >
                        Sign in as somebody else
                    </button>
                </div>
            </AuthPage>
        );
    }
    return (
        <AuthPage title="Sign in">
            {note && (
                <Notice tone="green">
                    <p>{note}</p>
                </Notice>
            )}
            <form noValidate onSubmit={submit}>
                <TextField
                    label="Email"
                    name="email"
                    type="email"
                    error={action.error}
                    value={email}
                    onInput={setEmail}
                    autocomplete="username"
                    autofocus
                    required
                />
                <TextField
                    label="Password"
                    name="password"
                    type="password"
                    error={action.error}
                    value={password}
                    onInput={setPassword}
                    autocomplete="current-password"
                    required
                />
                <ErrorNotice error={action.error} fields={['email', 'password']} />
                <Button kind="primary" type="submit" busy={action.busy}>
                    Sign in
                </Button>
            </form>
            <div class="auth-links">
                <a href="/reset">Forgot the password</a>
                <a href="/api-docs">API explorer</a>
            </div>
            <CallSnippet
                call={{
                    method: 'POST',
                    path: '/v1/auth/login',
                    open: true,
                    body: { email: email || 'ada@example.com', password: '…' },
                }}
            />
        </AuthPage>
    );
}
