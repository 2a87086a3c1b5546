// JSON as text: what is edited keeps its numbers as they were written (1.0, integers beyond 2^53) and its order.

const STRING = /"(?:[^"\\]|\\.)*"/y;
const PLAIN = /[^\s,:[\]{}"]+/y;

/** The tokens of text that is JSON. Throws SyntaxError where it is none. */
function tokensOf(text: string): string[] {
    JSON.parse(text);
    const tokens: string[] = [];
    for (let at = 0; at < text.length; ) {
        const first = text[at]!;
        if (/\s/.test(first)) {
            at++;
            continue;
        }
        const pattern = first === '"' ? STRING : PLAIN;
        pattern.lastIndex = at;
        const token = '{}[],:'.includes(first) ? first : (pattern.exec(text)?.[0] ?? first);
        tokens.push(token);
        at += token.length;
    }
    return tokens;
}

/** The text in lines, numbers and strings as they stand. */
export function prettyJson(text: string): string {
    const tokens = tokensOf(text);
    let depth = 0;
    let out = '';
    const line = () => `\n${'  '.repeat(depth)}`;
    for (const [index, token] of tokens.entries()) {
        const before = tokens[index - 1];
        if (token === '{' || token === '[') {
            depth++;
            out += token;
            if (!'}]'.includes(tokens[index + 1] ?? '')) out += line();
        } else if (token === '}' || token === ']') {
            depth--;
            out += before === '{' || before === '[' ? token : line() + token;
        } else if (token === ',') out += token + line();
        else if (token === ':') out += ': ';
        else out += token;
    }
    return out;
}

/** The members of the object that the text is: names and the values' text, without white space. */
export function membersOf(text: string): [name: string, value: string][] {
    const tokens = tokensOf(text);
    const members: [string, string][] = [];
    if (tokens[0] !== '{') return members;
    let depth = 0;
    let name: string | undefined;
    let value = '';
    const end = () => {
        if (name !== undefined) members.push([name, value]);
        name = undefined;
        value = '';
    };
    for (const token of tokens.slice(1, -1)) {
        if (depth === 0 && name === undefined) name = JSON.parse(token) as string;
        else if (depth === 0 && token === ',') end();
        else if (depth > 0 || token !== ':') {
            if (token === '{' || token === '[') depth++;
            if (token === '}' || token === ']') depth--;
            value += token;
        }
    }
    end();
    return members;
}

export const objectOf = (members: readonly (readonly [string, string])[]): string =>
    `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;

/** What the platform sets, and refuses or ignores from others. */
export const PLATFORM_FIELDS = ['id', 'created_at', 'updated_at', '_version'] as const;

/** The record that an answer of the API holds, as text. */
export const dataOf = (answer: string): string => membersOf(answer).find(([name]) => name === 'data')?.[1] ?? '{}';

/** What of a record can be edited, in lines. */
export const editableText = (record: string): string =>
    prettyJson(objectOf(membersOf(record).filter(([name]) => !(PLATFORM_FIELDS as readonly string[]).includes(name))));

/** Names of the fields in which two objects differ. */
export function differences(one: string, other: string): string[] {
    const first = new Map(membersOf(one));
    const second = new Map(membersOf(other));
    return [...new Set([...first.keys(), ...second.keys()])].filter((name) => first.get(name) !== second.get(name));
}
