import { cNames, escaped, parts } from './escape';
import { safeUrl, type SnippetRequest } from './request';

const octal = (codePoint: number) =>
    Array.from(new TextEncoder().encode(String.fromCodePoint(codePoint)), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
/** Two question marks may begin a trigraph. */
const string = (text: string) => `"${escaped(text, { named: cNames, other: octal }).replace(/\?(?=\?)/g, '\\?')}"`;
const longString = (text: string) => parts(text, 8_000).map(string).join('\n        ');

export function cpp(request: SnippetRequest): string {
    const header = (line: string) => `    headers = curl_slist_append(headers, ${string(line)});\n`;
    const lines = request.headers.map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`));
    const body =
        request.body === undefined
            ? ''
            : `    const std::string body = ${longString(request.body)};
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
`;
    return `// c++ request.cpp -lcurl
#include <curl/curl.h>
${request.body === undefined ? '' : '\n#include <string>\n'}
int main() {
    CURL* curl = curl_easy_init();
    curl_slist* headers = nullptr;
${lines.map(header).join('')}    curl_easy_setopt(curl, CURLOPT_URL, ${string(safeUrl(request.url))});
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
${body}    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, ${string(request.method)});
    const CURLcode outcome = curl_easy_perform(curl);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return outcome == CURLE_OK ? 0 : 1;
}
`;
}
