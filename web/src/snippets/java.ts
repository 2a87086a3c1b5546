import { cNames, escaped, parts, utf16Escape } from './escape';
import { safeUrl, type SnippetRequest } from './request';

// \u000A would be a new line before the compiler looks for literals.
const other = (codePoint: number) =>
    codePoint < 32 || codePoint === 127 ? `\\${codePoint.toString(8).padStart(3, '0')}` : utf16Escape(codePoint);
const string = (text: string) => `"${escaped(text, { named: cNames, other, ascii: true })}"`;

/** A constant holds 65,535 bytes at most, and the compiler makes one of what is joined by +. */
function longString(text: string): string {
    const most = 16_000;
    if (text.length <= most) return string(text);
    return `String.join("",\n                ${parts(text, most).map(string).join(',\n                ')})`;
}

export function java(request: SnippetRequest): string {
    const body = request.body === undefined ? 'noBody()' : `ofString(${longString(request.body)})`;
    const headers = request.headers.map(([name, value]) => `            .header(${string(name)}, ${string(value)})\n`);
    return `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class Snippet {
    public static void main(String[] arguments) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(${string(safeUrl(request.url))}))
${headers.join('')}            .method(${string(request.method)}, HttpRequest.BodyPublishers.${body})
            .build();
        HttpResponse<String> response = HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(response.statusCode() + " " + response.body());
    }
}
`;
}
