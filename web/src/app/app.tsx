import { useEffect, useState } from 'preact/hooks';
import Auth from '../auth';
import { ErrorNotice } from '../ui/field';
import { LiveRegions } from '../ui/live';
import { Skeleton } from '../ui/values';
import { Frame } from './frame';
import { path } from './router';
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
    return me.value && !away ? <Frame /> : <Auth />;
}

// Nothing under 200 ms.
function Waiting() {
    const [slow, setSlow] = useState(false);
    useEffect(() => {
        const timer = setTimeout(() => setSlow(true), 200);
        return () => clearTimeout(timer);
    }, []);
    return slow ? <Skeleton lines={4} /> : null;
}
