import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { useAction } from '../app/load';
import { enter } from '../app/session';
import { TextField } from '../ui/field';
import { Form } from '../ui/form';
import { HIDDEN } from '../ui/snippet';
import { AuthPage, EmailField, NameField, NewPasswordField } from './auth-page';

/** The first owner, with the one-time code that the server printed. */
export function Setup() {
    const [code, setCode] = useState('');
    const [name, setName] = useState('');
    const [email, setEmail] = useState('');
    const [password, setPassword] = useState('');
    const action = useAction(async () => {
        const body = { code: code.trim(), name, email: email.trim(), password, cookie: true };
        await enter((await api.post('/v1/auth/setup', { body })).data);
    });
    return (
        <AuthPage
            title="Set up the owner"
            about="This server has no user yet. The first one owns it and invites the others."
        >
            <Form
                action={action}
                submit="Create owner"
                kind="primary"
                fields={['code', 'name', 'email', 'password']}
                call={{
                    method: 'POST',
                    path: '/v1/auth/setup',
                    as: 'anybody',
                    body: {
                        code: `cvs_${HIDDEN}`,
                        email: email || 'ada@example.com',
                        password: HIDDEN,
                        name: name || 'Ada',
                    },
                }}
            >
                <TextField
                    label="One-time code"
                    name="code"
                    class="mono"
                    error={action.error}
                    value={code}
                    onInput={setCode}
                    autofocus
                    required
                    hint="The server printed it when it was started last: cvs_…"
                />
                <NameField error={action.error} value={name} onInput={setName} />
                <EmailField error={action.error} value={email} onInput={setEmail} />
                <NewPasswordField label="Password" error={action.error} value={password} onInput={setPassword} />
            </Form>
        </AuthPage>
    );
}
