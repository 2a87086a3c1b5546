import { cNames, escaped, utf16Escape } from './escape';
import { safeUrl, splitContentType, type SnippetRequest } from './request';

const string = (text: string) => `"${escaped(text, { named: cNames, other: utf16Escape })}"`;
const adding = (to: string, name: string, value: string) => `${to}.TryAddWithoutValidation(${string(name)}, ${string(value)});\n`;

/** The type of the body belongs to the body here. */
export function csharp(request: SnippetRequest): string {
    const { type, others } = splitContentType(request);
    const headers = others.map(([name, value]) => adding('request.Headers', name, value));
    let body = '';
    if (request.body !== undefined) {
        body = `request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(${string(request.body)}));\n`;
        if (type !== undefined) body += adding('request.Content.Headers', 'Content-Type', type);
    }
    return `using System;
using System.Net.Http;
using System.Text;

using var client = new HttpClient();
using var request = new HttpRequestMessage(new HttpMethod(${string(request.method)}), ${string(safeUrl(request.url))});
${headers.join('')}${body}using var response = await client.SendAsync(request);
Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
`;
}
