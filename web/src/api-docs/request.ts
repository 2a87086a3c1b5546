// The request that an operation makes with the values filled in so far, for its snippets. Where a value is missing, the
// name of the parameter stands for it.
import type { SnippetRequest } from '../snippets';
import type { Operation, Parameter } from './document';

export interface Filled {
    /** By place and name: "query.limit". */
    values: Record<string, unknown>;
    server: string;
    contentType: string | undefined;
    body: string | undefined;
    /** The value of the field Authorization, if there is one. */
    authorization: string | undefined;
}

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== '';
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function pathOf(path: string, filled: Filled): string {
    return path.replace(/\{([^}]+)\}/g, (_, name: string) => {
        const value = filled.values[`path.${name}`];
        return encodeURIComponent(isGiven(value) ? text(value) : name.toUpperCase());
    });
}

/** Names such as age[gt] stay readable: servers take brackets as they are. */
const encoded = (name: string) => encodeURIComponent(name).replaceAll('%5B', '[').replaceAll('%5D', ']');

function pairsOf(parameter: Parameter, value: unknown): [string, string][] {
    if (Array.isArray(value)) {
        const given = value.filter(isGiven).map(text);
        return given.length > 0 ? [[parameter.name, given.join(',')]] : [];
    }
    if (parameter.style !== 'form' || !parameter.explode) return [[parameter.name, text(value)]];
    // An exploded object: each member is a parameter. The form keeps it as JSON text.
    try {
        const members: unknown = typeof value === 'string' ? JSON.parse(value) : value;
        return Object.entries(members as object).map(([name, member]) => [name, text(member)]);
    } catch {
        return [];
    }
}

function queryOf(operation: Operation, filled: Filled): string {
    const pairs = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'query' && isGiven(filled.values[`query.${parameter.name}`]))
        .flatMap((parameter) => pairsOf(parameter, filled.values[`query.${parameter.name}`]));
    const query = pairs.map(([name, value]) => `${encoded(name)}=${encodeURIComponent(value)}`).join('&');
    return query && `?${query}`;
}

function headersOf(operation: Operation, filled: Filled): [string, string][] {
    const own = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'header' && isGiven(filled.values[`header.${parameter.name}`]))
        .map((parameter): [string, string] => [parameter.name, text(filled.values[`header.${parameter.name}`])]);
    if (filled.body !== undefined && filled.contentType) own.unshift(['Content-Type', filled.contentType]);
    if ((operation.security ?? []).length > 0) own.unshift(['Authorization', filled.authorization ?? 'ApiKey YOUR_KEY']);
    return own;
}

export function requestOf(method: string, path: string, operation: Operation, filled: Filled): SnippetRequest {
    const url = filled.server + pathOf(path, filled) + queryOf(operation, filled);
    const body = filled.body === undefined ? {} : { body: filled.body };
    return { method: method.toUpperCase(), url, headers: headersOf(operation, filled), ...body };
}
