import type { ComponentType } from 'preact';
import { CodeMissing, Page, Skeleton, useCode } from '../ui';
import { match, path } from './router';
import { routes, type Route } from './routes';

type ScreenComponent = ComponentType<{ params: Record<string, string> }>;

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
    const { code, failed, slow } = useCode<{ default: ScreenComponent }>(route?.load);
    if (!found || !route) {
        return (
            <Page title="Nothing here">
                <p>
                    There is no page at <code>{path.value}</code>. <a href="/">Go to Home</a>
                </p>
            </Page>
        );
    }
    if (code) return <code.default key={route.pattern} params={found[1]} />;
    if (failed)
        return (
            <Page title="This page did not load">
                <CodeMissing what="Its code" />
            </Page>
        );
    return <div class="page">{slow && <Skeleton lines={5} />}</div>;
}
