// The parts of Swagger UI's system that the explorer reaches into. Its React stays inside: what we add is drawn by
// components of ours (Preact), mounted into elements that it keeps.
import type { OpenApi } from './document';

/** An Immutable collection, as far as it is looked at. */
export interface Collection {
    get: (key: unknown, otherwise?: unknown) => any;
    getIn: (path: unknown[], otherwise?: unknown) => any;
    set: (key: unknown, value: unknown) => Collection;
    map: (change: (value: Collection, key: string) => unknown) => Collection;
    filter: (keep: (value: Collection, key: string) => boolean) => Collection;
    toJS: () => any;
    size: number;
}

export interface ReactLike {
    createElement: (type: unknown, props: unknown, ...children: unknown[]) => unknown;
    Fragment: unknown;
    useEffect: (run: () => void | (() => void), depends?: unknown[]) => void;
    useRef: <T>(first: T) => { current: T };
    memo: (component: unknown, same: (a: unknown, b: unknown) => boolean) => unknown;
}

export interface System {
    React: ReactLike;
    getStore: () => { subscribe: (listener: () => void) => () => void };
    fn: { getSampleSchema: (schema: unknown, contentType: string, config: object) => unknown };
    authSelectors: { authorized: () => Collection | undefined };
    authActions: { authorize: (values: object) => void };
    layoutSelectors: { currentFilter: () => unknown };
    layoutActions: { updateFilter: (text: string) => void };
    specSelectors: {
        parameterValues: (pathMethod: [string, string], isXml: boolean) => Collection;
        mutatedRequestFor: (path: string, method: string) => Collection | undefined;
    };
    oas3Selectors: {
        selectedServer: () => string;
        requestContentType: (path: string, method: string) => string | undefined;
        requestBodyValue: (path: string, method: string) => unknown;
        activeExamplesMember: (path: string, method: string, kind: string, name: string) => string | undefined;
    };
}

export interface SentRequest {
    url: string;
    method: string;
    headers: Record<string, string>;
    body?: unknown;
}

export interface Options {
    domNode: Element;
    spec: OpenApi;
    deepLinking: boolean;
    displayRequestDuration: boolean;
    defaultModelsExpandDepth: number;
    docExpansion: 'list';
    filter: boolean;
    tryItOutEnabled: boolean;
    syntaxHighlight: { activated: boolean } | boolean;
    validatorUrl: null;
    plugins: unknown[];
    requestInterceptor: (request: SentRequest) => SentRequest | Promise<SentRequest>;
}
