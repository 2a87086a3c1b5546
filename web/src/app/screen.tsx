import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ErrorNotice, Page, Skeleton } from '../ui';
import { match, path } from './router';
import { routes, type Route } from './routes';

type ScreenComponent = ComponentType<{ params: Record<string, string> }>;
const loaded = new Map<Route, ScreenComponent>();

function find(target: string): [Route, Record<string, string>] | undefined {
    for (const route of routes) {
        const params = match(route.pattern, target);
        if (params) return [route, params];
    }
    return undefined;
}

/** The screen of the path. */
export function Screen() {
    const found = find(path.value);
    const route = found?.[0];
    const [state, setState] = useState<{ route?: Route | undefined; error?: unknown; slow: boolean }>({ slow: false });
    useEffect(() => {
        if (!route || loaded.has(route)) return undefined;
        let gone = false;
        const timer = setTimeout(() => setState({ route, slow: true }), 200);
        route
            .load()
            .then(
                (module) => {
                    loaded.set(route, module.default);
                    if (!gone) setState({ route, slow: false });
                },
                (error: unknown) => {
                    if (!gone) setState({ route, error, slow: false });
                },
            )
            .finally(() => clearTimeout(timer));
        return () => {
            gone = true;
            clearTimeout(timer);
        };
    }, [route]);
    if (!found || !route) {
        return (
            <Page title="Nothing here">
                <p>
                    There is no page at <code>{path.value}</code>. <a href="/">Go to Home</a>
                </p>
            </Page>
        );
    }
    const Component = loaded.get(route);
    if (Component) return <Component key={route.pattern} params={found[1]} />;
    if (state.route === route && state.error !== undefined) {
        return (
            <Page title="This page did not load">
                <ErrorNotice
                    error={
                        new Error(
                            'Its code could not be fetched: the server is gone, or is another version by now. Reload the page.',
                        )
                    }
                    onRetry={() => location.reload()}
                />
            </Page>
        );
    }
    return <div class="page">{state.slow && <Skeleton lines={5} />}</div>;
}
