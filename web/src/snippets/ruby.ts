import { braceEscape, cNames, escaped } from './escape';
import { safeUrl, type SnippetRequest } from './request';

const string = (text: string) => `"${escaped(text, { named: { ...cNames, '#': '\\#' }, other: braceEscape })}"`;

export function ruby(request: SnippetRequest): string {
    const kind = request.method[0]! + request.method.slice(1).toLowerCase();
    const headers = request.headers.map(([name, value]) => `request.add_field(${string(name)}, ${string(value)})\n`);
    const body = request.body === undefined ? '' : `request.body = ${string(request.body)}\n`;
    return `require "net/http"

uri = URI(${string(safeUrl(request.url))})
request = Net::HTTP::${kind}.new(uri)
${headers.join('')}${body}response = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https") { |http| http.request(request) }
puts response.code, response.body
`;
}
