// What the explorer changes about Swagger UI: search over operations, snippets for every operation, and the request as
// it was sent.
import { render, type ComponentChild } from 'preact';
import { Snippet } from '../ui/snippet';
import { authorizationFor } from './authorization';
import type { OpenApi, Operation } from './document';
import { requestOf } from './request';
import { resolverOf } from './resolve';
import { operationsWith, Search } from './search';
import { Sent } from './sent';
import type { Collection, SentRequest, System } from './system';

/** A component of Swagger UI's React that shows what `draw` makes anew whenever the store changes. */
function island(system: System, draw: (props: any) => ComponentChild) {
    const { createElement, useEffect, useRef } = system.React;
    return (props: unknown) => {
        const element = useRef<HTMLDivElement | null>(null);
        const latest = useRef(props);
        latest.current = props;
        useEffect(() => {
            const root = element.current!;
            const show = () => render(draw(latest.current), root);
            let frame = 0;
            const later = () => {
                cancelAnimationFrame(frame);
                frame = requestAnimationFrame(show);
            };
            show();
            const stop = system.getStore().subscribe(later);
            return () => {
                stop();
                cancelAnimationFrame(frame);
                render(null, root);
            };
        }, []);
        return createElement('div', { ref: element });
    };
}

/** The body as it stands in the form, or the example where the form is not open. */
function bodyOf(system: System, path: string, method: string, operation: Operation, contentType: string | undefined): string | undefined {
    const media = contentType === undefined ? undefined : operation.requestBody?.content[contentType];
    if (!media) return undefined;
    const written = system.oas3Selectors.requestBodyValue(path, method);
    if (typeof written === 'string') return written;
    const chosen = system.oas3Selectors.activeExamplesMember(path, method, 'requestBody', 'requestBody');
    const examples = media.examples ?? {};
    const value = media.example ?? (examples[chosen ?? ''] ?? Object.values(examples)[0])?.value ?? system.fn.getSampleSchema(media.schema, contentType!, {});
    return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function snippetRequest(system: System, path: string, method: string, operation: Operation) {
    const contentType = system.oas3Selectors.requestContentType(path, method) ?? Object.keys(operation.requestBody?.content ?? {})[0];
    const schemes = (operation.security ?? []).flatMap((scheme) => Object.keys(scheme));
    const server = system.oas3Selectors.selectedServer() ?? '/';
    return requestOf(method, path, operation, {
        values: system.specSelectors.parameterValues([path, method], false).toJS(),
        server: new URL(server, location.origin).href.replace(/\/$/, ''),
        contentType,
        body: bodyOf(system, path, method, operation, contentType),
        authorization: authorizationFor(system, schemes),
    });
}

export const explorer = (document: OpenApi) => (system: System) => {
    const { createElement, Fragment } = system.React;
    const Snippets = island(system, ({ path, method }: { path: string; method: string }) => (
        <section class="explorer-snippets">
            <h4>This call from your language</h4>
            <Snippet request={snippetRequest(system, path, method, document.paths[path]![method]!)} />
        </section>
    ));
    const phrase = () => {
        const filter = system.layoutSelectors.currentFilter();
        return typeof filter === 'string' && filter !== 'true' ? filter : '';
    };
    const found = () => {
        const tagged = (system as unknown as { specSelectors: { taggedOperations: () => Collection } }).specSelectors.taggedOperations();
        let sum = 0;
        tagged.map((entry) => (sum += entry.get('operations').size));
        return sum;
    };
    return {
        fn: { opsFilter: operationsWith, resolveSubtree: resolverOf(document) },
        components: {
            // A link within a button can't be reached; opening an operation puts it into the address anyway.
            DeepLink: ({ text }: { text: string }) => createElement('span', null, text),
            FilterContainer: island(system, () => {
                // What webhooks send is no operation: it makes way for what is found.
                window.document.querySelector('#explorer')?.classList.toggle('searching', phrase() !== '');
                return <Search text={phrase()} found={found()} onChange={(text) => system.layoutActions.updateFilter(text)} />;
            }),
            curl: island(system, ({ request }: { request: Collection }) => <Sent request={request.toJS() as SentRequest} />),
        },
        wrapComponents: {
            // Key: another operation is another island.
            responses: (Original: unknown) => (props: { path: string; method: string }) => {
                // What webhooks send is not for others to call.
                if (!document.paths[props.path]?.[props.method]) return createElement(Original, props);
                const snippets = createElement(Snippets, { ...props, key: `${props.method} ${props.path}` });
                return createElement(Fragment, null, snippets, createElement(Original, props));
            },
        },
    };
};
