/**
 * Characters that would not be seen in a program, or that an editor, a terminal or a compiler might change: control and
 * format characters (bidirectional marks, byte order mark), separators other than the space, surrogates.
 */
const invisible = /[\p{C}\p{Z}]/u;

export interface Escapes {
    /** What stands for these characters. */
    named: Record<string, string>;
    /** What stands for another character that needs an escape. */
    other: (codePoint: number) => string;
    /** Escapes everything outside ASCII too, for languages that guess at the coding of their sources. */
    ascii?: boolean;
}

/** The text as it stands between the quotes of a string literal. */
export function escaped(text: string, { named, other, ascii = false }: Escapes): string {
    let out = '';
    for (const character of text) {
        const codePoint = character.codePointAt(0)!;
        const plain = character === ' ' || !(invisible.test(character) || (ascii && codePoint > 126));
        out += named[character] ?? (plain ? character : other(codePoint));
    }
    return out;
}

export const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');

/** \uXXXX for each UTF-16 unit. */
export const utf16Escape = (codePoint: number) =>
    Array.from({ length: codePoint > 0xffff ? 2 : 1 }, (_, at) => `\\u${hex(String.fromCodePoint(codePoint).charCodeAt(at), 4)}`).join('');

/** \u{X} */
export const braceEscape = (codePoint: number) => `\\u{${hex(codePoint, 1)}}`;

/** The escapes that languages after C share. */
export const cNames = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A string literal in double quotes, for languages whose escapes are JavaScript's. */
export const scriptString = (text: string) => `"${escaped(text, { named: cNames, other: utf16Escape })}"`;

/** Long texts in parts, never within a surrogate pair. */
export function parts(text: string, length: number): string[] {
    const all = text.match(new RegExp(`[^]{1,${length}}`, 'gu'));
    return all ?? [''];
}
