import { useEffect } from 'preact/hooks';
import Auth from '../auth';
import { ErrorNotice } from '../ui/field';
import { LiveRegions } from '../ui/live';
import { Waiting } from '../ui/loaded';
import { Frame } from './frame';
import { navigate, path, search } from './router';
import { me, readMe, startError, wantedPath } from './session';

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
    const away = path.value === '/invitation' || path.value === '/reset';
    if (me.value === undefined && !away) {
        return (
            <main class="page narrow">
                {startError.value === undefined ? (
                    <Waiting />
                ) : (
                    <ErrorNotice error={startError.value} onRetry={() => void readMe()} />
                )}
            </main>
        );
    }
    if (me.value && path.value === '/sign-in') return <Onward />;
    return me.value && !away ? <Frame /> : <Auth />;
}

// Who comes to the door and is in already.
function Onward() {
    useEffect(() => navigate(wantedPath(search.value), { replace: true }), []);
    return null;
}
