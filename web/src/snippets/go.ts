import { cNames, escaped, hex } from './escape';
import { safeUrl, type SnippetRequest } from './request';

const string = (text: string) =>
    `"${escaped(text, {
        named: cNames,
        other: (codePoint) => (codePoint > 0xffff ? `\\U${hex(codePoint, 8)}` : `\\u${hex(codePoint, 4)}`),
    })}"`;

export function go(request: SnippetRequest): string {
    const hasBody = request.body !== undefined;
    const body = hasBody ? `strings.NewReader(${string(request.body!)})` : 'nil';
    const headers = request.headers.map(([name, value]) => `\trequest.Header.Add(${string(name)}, ${string(value)})\n`);
    return `package main

import (
\t"fmt"
\t"io"
\t"log"
\t"net/http"
${hasBody ? '\t"strings"\n' : ''})

func main() {
\trequest, err := http.NewRequest(${string(request.method)}, ${string(safeUrl(request.url))}, ${body})
\tif err != nil {
\t\tlog.Fatal(err)
\t}
${headers.join('')}\tresponse, err := http.DefaultClient.Do(request)
\tif err != nil {
\t\tlog.Fatal(err)
\t}
\tdefer response.Body.Close()
\ttext, err := io.ReadAll(response.Body)
\tif err != nil {
\t\tlog.Fatal(err)
\t}
\tfmt.Println(response.StatusCode, string(text))
}
`;
}
