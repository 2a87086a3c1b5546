import { useState } from 'preact/hooks';
import { isCode } from '@credvault/client';
import { api } from '../app/api';
import { useAction } from '../app/load';
import { search } from '../app/router';
import { enter, wantedPath } from '../app/session';
import { Notice, TextField } from '../ui/field';
import { Form } from '../ui/form';
import { HIDDEN, type ApiCall } from '../ui/snippet';
import { AuthPage, EmailField, PasswordField } from './auth-page';

type Factor = 'none' | 'code' | 'recovery';

const NOTES: Record<string, string> = {
    reset: 'The password is set. Sign in with it.',
    joined: 'You are a member now. Sign in to begin.',
};

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
    const call = (more: object): ApiCall => ({
        method: 'POST',
        path: '/v1/auth/login',
        as: 'anybody',
        body: { email: email || 'ada@example.com', password: HIDDEN, ...more },
    });
    const note = NOTES[search.value.get('after') ?? ''];
    if (factor !== 'none') {
        const recovery = factor === 'recovery';
        const name = recovery ? 'recovery_code' : 'code';
        const change = (to: Factor) => {
            setFactor(to);
            setCode('');
            action.clear();
        };
        return (
            <AuthPage
                title="Second factor"
                about={
                    recovery
                        ? 'One of the recovery codes that you kept. Each is good for one use.'
                        : 'The six digits that your authenticator app shows for CredVault.'
                }
            >
                <Form
                    action={action}
                    submit="Sign in"
                    kind="primary"
                    fields={['code', 'recovery_code']}
                    call={call({ [name]: HIDDEN })}
                >
                    <TextField
                        key={factor}
                        label={recovery ? 'Recovery code' : 'Code'}
                        name={name}
                        class="mono"
                        error={action.error}
                        value={code}
                        onInput={setCode}
                        inputMode={recovery ? 'text' : 'numeric'}
                        autocomplete="one-time-code"
                        autofocus
                        required
                    />
                </Form>
                <div class="auth-links">
                    <button
                        type="button"
                        class="button plain compact"
                        onClick={() => change(recovery ? 'code' : 'recovery')}
                    >
                        {recovery ? 'Use the app’s code' : 'Use a recovery code'}
                    </button>
                    <button type="button" class="button plain compact" onClick={() => change('none')}>
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
            <Form action={action} submit="Sign in" kind="primary" fields={['email', 'password']} call={call({})}>
                <EmailField error={action.error} value={email} onInput={setEmail} autofocus />
                <PasswordField label="Password" error={action.error} value={password} onInput={setPassword} />
            </Form>
            <div class="auth-links">
                <a href="/reset">Forgot the password</a>
                <a href="/api-docs">API explorer</a>
            </div>
        </AuthPage>
    );
}
