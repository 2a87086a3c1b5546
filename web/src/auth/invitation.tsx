import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { useAction } from '../app/load';
import { navigate } from '../app/router';
import { me, readMe, signOut, switchWorkspace } from '../app/session';
import { Form } from '../ui/form';
import { toast } from '../ui/live';
import { HIDDEN, type ApiCall } from '../ui/snippet';
import { AuthPage, NameField, NewPasswordField } from './auth-page';

// Kept for the way by the sign-in: a token does not belong into a query string, which servers log.
const KEY = 'credvault.invitation';

function tokenOfLink(): string {
    const token = new URLSearchParams(location.hash.replace(/^#/, '')).get('token');
    if (token) sessionStorage.setItem(KEY, token);
    return token ?? sessionStorage.getItem(KEY) ?? '';
}

const callOf = (as: 'user' | 'anybody', more: object): ApiCall => ({
    method: 'POST',
    path: '/v1/invitations/accept',
    as,
    body: { token: `cvi_${HIDDEN}`, ...more },
});

/** Come by an invitation's link: makes an account, or joins with the one that is signed in. */
export function Invitation() {
    const [token] = useState(tokenOfLink);
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
        sessionStorage.removeItem(KEY);
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
            <Form action={action} submit="Join workspace" kind="primary" call={callOf('user', {})} />
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
        sessionStorage.removeItem(KEY);
        navigate('/?after=joined', { replace: true });
    });
    return (
        <AuthPage title="Accept the invitation" about="It makes an account for the email that was invited.">
            <Form
                action={action}
                submit="Create account"
                kind="primary"
                fields={['name', 'password']}
                call={callOf('anybody', { name: name || 'Ada', password: HIDDEN })}
            >
                <NameField error={action.error} value={name} onInput={setName} autofocus />
                <NewPasswordField label="Password" error={action.error} value={password} onInput={setPassword} />
            </Form>
            <p class="quiet">
                With an account already: <a href="/sign-in?to=/invitation">sign in first</a>.
            </p>
        </AuthPage>
    );
}
