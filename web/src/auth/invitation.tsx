import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { useAction } from '../app/load';
import { navigate } from '../app/router';
import { me, readMe, signOut, switchWorkspace } from '../app/session';
import { Button } from '../ui/button';
import { ErrorNotice, TextField } from '../ui/field';
import { toast } from '../ui/live';
import { AuthPage, PASSWORD_HINT } from './auth-page';

/** Come by an invitation's link: makes an account, or joins with the one that is signed in. */
export function Invitation() {
    const [token] = useState(() => new URLSearchParams(location.hash.replace(/^#/, '')).get('token') ?? '');
    if (token === '') {
        return (
            <AuthPage
                title="Invitation"
                about="The link is not whole: it ends with #token=… Open it as it was given to you."
            >
                <a href="/">Sign in</a>
            </AuthPage>
        );
    }
    return me.value ? <Join token={token} /> : <Accept token={token} />;
}

function Join({ token }: { token: string }) {
    const user = me.value?.user;
    const action = useAction(async () => {
        const { data } = await api.post('/v1/invitations/accept', { body: { token } });
        await readMe();
        await switchWorkspace(data.workspace.id);
        toast(`You are in ${data.workspace.name} now`);
        navigate('/', { replace: true });
    });
    return (
        <AuthPage
            title="Join the workspace"
            about={`You are signed in as ${user?.email ?? ''}. The invitation has to be for this email.`}
        >
            <ErrorNotice error={action.error} />
            <Button kind="primary" busy={action.busy} onClick={() => void action.run()}>
                Join workspace
            </Button>
            <div class="auth-links">
                <button type="button" class="button plain compact" onClick={() => void signOut()}>
                    Sign out, to accept with another account
                </button>
            </div>
        </AuthPage>
    );
}

function Accept({ token }: { token: string }) {
    const [name, setName] = useState('');
    const [password, setPassword] = useState('');
    const action = useAction(async () => {
        await api.post('/v1/invitations/accept', { body: { token, name, password } });
        navigate('/?after=joined', { replace: true });
    });
    return (
        <AuthPage title="Accept the invitation" about="It makes an account for the email that was invited.">
            <form
                noValidate
                onSubmit={(event) => {
                    event.preventDefault();
                    void action.run();
                }}
            >
                <TextField
                    label="Your name"
                    name="name"
                    error={action.error}
                    value={name}
                    onInput={setName}
                    autocomplete="name"
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
                    autocomplete="new-password"
                    required
                    hint={PASSWORD_HINT}
                />
                <ErrorNotice error={action.error} fields={['name', 'password']} />
                <Button kind="primary" type="submit" busy={action.busy}>
                    Create account
                </Button>
            </form>
            <p class="quiet">
                With an account already:{' '}
                <a href={`/sign-in?to=${encodeURIComponent(`/invitation#token=${token}`)}`}>sign in first</a>.
            </p>
        </AuthPage>
    );
}
