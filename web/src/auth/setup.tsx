import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { useAction } from '../app/load';
import { enter } from '../app/session';
import { Button } from '../ui/button';
import { ErrorNotice, TextField } from '../ui/field';
import { CallSnippet } from '../ui/snippet';
import { AuthPage, PASSWORD_HINT } from './auth-page';

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
            <form
                noValidate
                onSubmit={(event) => {
                    event.preventDefault();
                    void action.run();
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
                <TextField
                    label="Your name"
                    name="name"
                    error={action.error}
                    value={name}
                    onInput={setName}
                    autocomplete="name"
                    required
                />
                <TextField
                    label="Email"
                    name="email"
                    type="email"
                    error={action.error}
                    value={email}
                    onInput={setEmail}
                    autocomplete="username"
                    required
                />
                <TextField
                    label="Password"
                    name="password"
                    type="password"
                    error={action.error}
                    value={password}
                    onInput={setPassword}
                    autocomplete="new-password"
                    required
                    hint={PASSWORD_HINT}
                />
                <ErrorNotice error={action.error} fields={['code', 'name', 'email', 'password']} />
                <Button kind="primary" type="submit" busy={action.busy}>
                    Create owner
                </Button>
            </form>
            <CallSnippet
                call={{
                    method: 'POST',
                    path: '/v1/auth/setup',
                    open: true,
                    body: {
                        code: code || 'cvs_…',
                        email: email || 'ada@example.com',
                        password: '…',
                        name: name || 'Ada',
                    },
                }}
            />
        </AuthPage>
    );
}
