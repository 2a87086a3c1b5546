import { cNames, escaped, hex } from './escape';
import { safeUrl, type SnippetRequest } from './request';

const string = (text: string) =>
    `"${escaped(text, {
        named: cNames,
        other: (codePoint) => (codePoint > 0xffff ? `\\U${hex(codePoint, 8)}` : `\\u${hex(codePoint, 4)}`),
    })}"`;

export function python(request: SnippetRequest): string {
    const lines = [`    ${string(safeUrl(request.url))},`];
    if (request.body !== undefined) lines.push(`    data=${string(request.body)}.encode(),`);
    if (request.headers.length > 0) {
        lines.push('    headers={', ...request.headers.map(([name, value]) => `        ${string(name)}: ${string(value)},`), '    },');
    }
    lines.push(`    method=${string(request.method)},`);
    return `import urllib.error
import urllib.request

request = urllib.request.Request(
${lines.join('\n')}
)
try:
    response = urllib.request.urlopen(request)
except urllib.error.HTTPError as error:
    response = error
print(response.status, response.read().decode())
`;
}
