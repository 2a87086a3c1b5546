import { escaped, hex } from './escape';
import { safeUrl, type SnippetRequest } from './request';

const bashQuoted = (text: string) => {
    // What a terminal would act on when it is pasted goes as an escape; a new line is only itself.
    const risky = /[\p{C}\u2028\u2029]/u;
    if (!risky.test(text.replaceAll('\n', ''))) return `'${text.replaceAll("'", `'\\''`)}'`;
    const bytes = (codePoint: number) =>
        Array.from(new TextEncoder().encode(String.fromCodePoint(codePoint)), (byte) => `\\x${hex(byte, 2)}`).join('');
    const named = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' };
    return `$'${escaped(text, { named, other: bytes })}'`;
};

const headerLine = ([name, value]: [string, string]) => (value === '' ? `${name};` : `${name}: ${value}`);

const headersOf = (request: SnippetRequest) => request.headers.map(headerLine);

function start(request: SnippetRequest, quoted: (text: string) => string): string[] {
    const method = { GET: [], HEAD: ['--head'] }[request.method] ?? [`-X ${request.method}`];
    // Brackets and braces would be a pattern.
    const glob = /[[\]{}]/.test(safeUrl(request.url)) ? ['--globoff'] : [];
    return [[...method, ...glob, quoted(safeUrl(request.url))].join(' ')];
}

export function bash(request: SnippetRequest): string {
    const lines = [...start(request, bashQuoted), ...headersOf(request).map((line) => `-H ${bashQuoted(line)}`)];
    if (request.body !== undefined) lines.push(`--data-raw ${bashQuoted(request.body)}`);
    return `curl ${lines.join(' \\\n  ')}\n`;
}

/** Typographic quotes are quotes to PowerShell, and Windows PowerShell takes a script without a mark for Latin 1. */
function powershellQuoted(text: string): string {
    if (/^[ -~]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
    const named = { '`': '``', '"': '`"', $: '`$', '\n': '`n', '\r': '`r', '\t': '`t' };
    const units = (codePoint: number) =>
        Array.from(String.fromCodePoint(codePoint).split(''), (unit) => `$([char]0x${hex(unit.charCodeAt(0), 4)})`).join('');
    return `"${escaped(text, { named, other: units, ascii: true })}"`;
}

/** A double quote within an argument of a program: doubled backslashes before it, and one of its own. */
const nativeArgument = (text: string) => powershellQuoted(text.replace(/(\\*)"/g, '$1$1\\"'));

export function powershell(request: SnippetRequest): string {
    const headers = headersOf(request);
    const before: string[] = [];
    const lines = [...start(request, nativeArgument), ...headers.map((line) => `-H ${nativeArgument(line)}`)];
    // PowerShell 7.3 and later would escape the quotes of arguments once more.
    if (headers.some((line) => line.includes('"'))) before.push("$PSNativeCommandArgumentPassing = 'Legacy'");
    if (request.body === undefined) return [...before, `curl.exe ${lines.join(' `\n  ')}`, ''].join('\n');
    before.push(
        '$file = New-TemporaryFile',
        `[IO.File]::WriteAllText($file.FullName, ${powershellQuoted(request.body)})`,
    );
    lines.push('--data-binary "@$($file.FullName)"');
    return [...before, `curl.exe ${lines.join(' `\n  ')}`, 'Remove-Item $file', ''].join('\n');
}
