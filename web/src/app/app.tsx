import { useEffect } from 'preact/hooks';
import { ErrorNotice } from '../ui/field';
import { LiveRegions } from '../ui/live';
import { Skeleton } from '../ui/values';
import { Frame } from './frame';
import { navigate, path, search } from './router';
import { me, readMe, startError } from './session';

/** The dashboard: what is shown to those who are signed in, or a way to be. */
export function App() {
    useEffect(() => void readMe(), []);
    return (
        <>
            <Content />
            <LiveRegions />
        </>
    );
}

function Content() {
    if (me.value) return <Frame />;
    if (me.value === undefined) {
        return (
            <main class="page narrow">
                {startError.value === undefined ? <Skeleton lines={4} /> : <ErrorNotice error={startError.value} onRetry={() => void readMe()} />}
            </main>
        );
    }
    return <p>Sign in {path.value} {search.value.toString()} <button onClick={() => navigate('/')}>x</button></p>;
}
