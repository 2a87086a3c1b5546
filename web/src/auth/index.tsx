// What those see who are not signed in.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../app/api';
import { path } from '../app/router';
import { ErrorNotice } from '../ui/field';
import { Waiting } from '../ui/loaded';
import { AuthPage } from './auth-page';
import { Invitation } from './invitation';
import { Reset } from './reset';
import { Setup } from './setup';
import { SignIn } from './sign-in';

export default function Auth() {
    if (path.value === '/reset') return <Reset />;
    if (path.value === '/invitation') return <Invitation />;
    return <Door />;
}

function Door() {
    const [state, setState] = useState<{ needed?: boolean; error?: unknown }>({});
    const ask = () => {
        setState({});
        api.get('/v1/auth/setup').then(
            (answer) => setState(answer.data),
            (error: unknown) => setState({ error }),
        );
    };
    useEffect(ask, []);
    if (state.error !== undefined)
        return (
            <AuthPage title="Sign in">
                <ErrorNotice error={state.error} onRetry={ask} />
            </AuthPage>
        );
    if (state.needed === undefined)
        return (
            <main class="auth" aria-busy="true">
                <div class="auth-box">
                    <Waiting />
                </div>
            </main>
        );
    return state.needed ? <Setup /> : <SignIn />;
}
