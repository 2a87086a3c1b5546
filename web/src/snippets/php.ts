import { braceEscape, cNames, escaped } from './escape';
import { safeUrl, type SnippetRequest } from './request';

const string = (text: string) => `"${escaped(text, { named: { ...cNames, $: '\\$' }, other: braceEscape })}"`;

export function php(request: SnippetRequest): string {
    const lines = [`    'method' => ${string(request.method)},`];
    if (request.headers.length > 0) {
        lines.push("    'header' => [", ...request.headers.map(([name, value]) => `        ${string(`${name}: ${value}`)},`), '    ],');
    }
    if (request.body !== undefined) lines.push(`    'content' => ${string(request.body)},`);
    return `<?php
$context = stream_context_create(['http' => [
${lines.join('\n')}
    'protocol_version' => 1.1,
    'ignore_errors' => true,
]]);
$text = file_get_contents(${string(safeUrl(request.url))}, false, $context);
echo $http_response_header[0], "\\n", $text, "\\n";
`;
}
