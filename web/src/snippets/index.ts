export type SnippetLanguage = 'bash';

export interface SnippetRequest {
    method: string;
    url: string;
    headers: [string, string][];
    /** The body as sent. Carried as it is, so that integers beyond 2^53 and odd white space survive. */
    body?: string;
}

export const SNIPPET_LANGUAGES: readonly { id: SnippetLanguage; label: string }[] = [{ id: 'bash', label: 'cURL' }];

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The request as a program in that language. */
export function snippet(_language: SnippetLanguage, request: SnippetRequest): string {
    const lines = [`curl ${quoted(request.url)}`];
    if (request.method !== 'GET') lines[0] = `curl -X ${request.method} ${quoted(request.url)}`;
    for (const [name, value] of request.headers) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
    if (request.body !== undefined) lines.push(`--data-raw ${quoted(request.body)}`);
    return lines.join(' \\\n  ');
}
