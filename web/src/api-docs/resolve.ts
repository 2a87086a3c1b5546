// References within the document, in place of Swagger UI's own resolver: that one parses the whole document anew for every
// operation that is opened (seconds), and can do much that ours needs not: other documents, anchors, other versions.
import type { OpenApi } from './document';

const at = (document: unknown, steps: string[]): unknown =>
    steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document);

const stepsOf = (reference: string) =>
    reference.slice(2).split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The value with what it refers to in its place; a reference to what it stands in itself stays one. */
function resolved(document: OpenApi, value: unknown, within: string[]): unknown {
    if (Array.isArray(value)) return value.map((item) => resolved(document, item, within));
    if (typeof value !== 'object' || value === null) return value;
    const { $ref: reference, ...others } = value as Record<string, unknown>;
    if (typeof reference === 'string' && reference.startsWith('#/') && !within.includes(reference)) {
        const target = resolved(document, at(document, stepsOf(reference)), [...within, reference]);
        return { ...(target as object), ...others };
    }
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolved(document, member, within)]));
}

/** Swagger UI's hook: the part of the document at `path`. */
export const resolverOf = (document: OpenApi) => async (_whole: unknown, path: string[]) => ({
    spec: resolved(document, at(document, path), []),
    errors: [],
});
