import { scriptString } from './escape';
import { safeUrl, type SnippetRequest } from './request';

function options(request: SnippetRequest): string {
    const lines = request.method === 'GET' ? [] : [`  method: ${scriptString(request.method)},`];
    const names = new Set(request.headers.map(([name]) => name.toLowerCase()));
    const repeated = names.size < request.headers.length;
    const pair = ([name, value]: [string, string]) =>
        repeated ? `    [${scriptString(name)}, ${scriptString(value)}],` : `    ${scriptString(name)}: ${scriptString(value)},`;
    if (request.headers.length > 0) {
        lines.push(`  headers: ${repeated ? '[' : '{'}`, ...request.headers.map(pair), `  ${repeated ? ']' : '}'},`);
    }
    if (request.body !== undefined) lines.push(`  body: ${scriptString(request.body)},`);
    return lines.length > 0 ? `, {\n${lines.join('\n')}\n}` : '';
}

const call = (request: SnippetRequest) =>
    `const response = await fetch(${scriptString(safeUrl(request.url))}${options(request)});\n`;

export const javascript = (request: SnippetRequest) => `${call(request)}console.log(response.status, await response.text());\n`;

/** Node 18 has fetch. */
export const node = (request: SnippetRequest) => `// node request.mjs, Node 18 or later
${call(request)}console.log(response.status, await response.text());
if (!response.ok) process.exitCode = 1;
`;
