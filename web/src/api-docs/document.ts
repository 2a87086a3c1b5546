// The OpenAPI document as the explorer shows it.

export interface Parameter {
    name: string;
    in: 'path' | 'query' | 'header';
    required?: boolean;
    description?: string;
    example?: unknown;
    examples?: Record<string, { summary: string; value: string }>;
    style?: string;
    explode?: boolean;
    schema?: { example?: unknown; default?: unknown; type?: unknown };
    content?: Record<string, { schema?: { example?: unknown }; example?: unknown }>;
}

export interface MediaType {
    schema?: unknown;
    example?: unknown;
    examples?: Record<string, { value?: unknown }>;
}

export interface Operation {
    operationId: string;
    parameters?: Parameter[];
    requestBody?: { content: Record<string, MediaType> };
    responses?: Record<string, { content?: Record<string, unknown> }>;
    security?: Record<string, string[]>[];
}

export interface OpenApi {
    servers?: { url: string }[];
    paths: Record<string, Record<string, Operation>>;
    components: { securitySchemes: Record<string, unknown> };
}

export async function readDocument(): Promise<OpenApi> {
    const response = await fetch('/v1/openapi.json').catch(() => {
        throw new Error("the server can't be reached");
    });
    if (!response.ok) throw new Error(`/v1/openapi.json was answered with ${response.status}`);
    return response.json();
}

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** Swagger UI sends the examples of parameters that nobody filled in: those that may be left out are told, not filled in. */
function asHint(parameter: Parameter): void {
    const json = parameter.content?.['application/json'];
    const example = parameter.example ?? parameter.schema?.example ?? json?.example ?? json?.schema?.example;
    delete parameter.example;
    delete parameter.schema?.example;
    delete parameter.schema?.default;
    if (json) {
        delete json.example;
        delete json.schema?.example;
    }
    blank(parameter);
    if (example === undefined) return;
    parameter.description = `${parameter.description ?? ''} Example: \`${text(example)}\``.trim();
}

/** Swagger UI fills in what it makes up for an object, unless there are examples or there is no type. */
function blank(parameter: Parameter): void {
    const json = parameter.content?.['application/json'];
    if (json) json.schema = {};
    if (parameter.schema?.type === 'object') {
        parameter.examples = { none: { summary: 'None', value: '' }, one: { summary: 'One field', value: '{"name": "Ada"}' } };
    }
}

/** A page can't set cookies: where one is signed in, they go along by themselves. */
function withoutCookie(document: OpenApi): void {
    delete document.components.securitySchemes['Cookie'];
    for (const operation of operationsOf(document)) {
        const security = operation.security?.filter((scheme) => !('Cookie' in scheme));
        if (security) operation.security = security;
    }
}

function operationsOf(document: OpenApi): Operation[] {
    return Object.values(document.paths).flatMap((item) => Object.values(item));
}

/** Changes the document in place. */
export function prepare(document: OpenApi): OpenApi {
    for (const operation of operationsOf(document)) {
        for (const parameter of operation.parameters ?? []) {
            if (!parameter.required) asHint(parameter);
        }
    }
    withoutCookie(document);
    return document;
}
