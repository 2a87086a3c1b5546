// JSON whose integers survive: the API keeps integers within ±2^63 exactly, JavaScript's numbers only up to 2^53.
// An integer beyond that is read as a BigInt, and a BigInt is written as the number that it is.

export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;
export interface JsonObject {
    [name: string]: JsonValue;
}

const LONG_NUMBER = /[-\d.eE+]{16}/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

/** Reads JSON. Throws SyntaxError where the text is none. */
export function parseJson(text: string): JsonValue {
    // Checks the text, whichever way it is read.
    const value = JSON.parse(text) as JsonValue;
    return LONG_NUMBER.test(text) ? new ExactReader(text).read() : value;
}

/** Writes JSON; members whose value is undefined are left out. */
export function stringifyJson(value: unknown, indent = 0): string {
    return hasBigInt(value) ? write(value, ' '.repeat(indent), '') : JSON.stringify(value, null, indent);
}

function hasBigInt(value: unknown): boolean {
    if (typeof value === 'bigint') return true;
    if (typeof value !== 'object' || value === null) return false;
    return Object.values(value).some(hasBigInt);
}

function write(value: unknown, indent: string, before: string): string {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
    if ('toJSON' in value) return JSON.stringify(value);
    const inner = before + indent;
    const parts = Array.isArray(value)
        ? value.map((item) => write(item, indent, inner))
        : Object.entries(value)
              .filter(([, member]) => member !== undefined)
              .map(([name, member]) => `${JSON.stringify(name)}:${indent && ' '}${write(member, indent, inner)}`);
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    if (parts.length === 0) return `${open}${close}`;
    return indent
        ? `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${before}${close}`
        : `${open}${parts.join(',')}${close}`;
}

// Reads text that is known to be JSON.
class ExactReader {
    private at = 0;

    constructor(private readonly text: string) {}

    read(): JsonValue {
        const first = this.next();
        if (first === '{') return this.object();
        if (first === '[') return this.array();
        if (first === '"') return this.string();
        for (const [word, value] of [
            ['true', true],
            ['false', false],
            ['null', null],
        ] as const) {
            if (this.text.startsWith(word, this.at)) {
                this.at += word.length;
                return value;
            }
        }
        return this.number();
    }

    // The next character that is no white space; stays before it.
    private next(): string | undefined {
        while (' \n\r\t'.includes(this.text[this.at] ?? 'x')) this.at++;
        return this.text[this.at];
    }

    private object(): JsonObject {
        const result: JsonObject = {};
        this.at++;
        while (this.next() !== '}') {
            const name = this.string();
            this.next();
            this.at++;
            // A field may be called __proto__.
            Object.defineProperty(result, name, {
                value: this.read(),
                enumerable: true,
                configurable: true,
                writable: true,
            });
            if (this.next() === ',') this.at++;
        }
        this.at++;
        return result;
    }

    private array(): JsonValue[] {
        const result: JsonValue[] = [];
        this.at++;
        while (this.next() !== ']') {
            result.push(this.read());
            if (this.next() === ',') this.at++;
        }
        this.at++;
        return result;
    }

    private string(): string {
        this.next();
        const start = this.at++;
        while (this.text[this.at] !== '"') this.at += this.text[this.at] === '\\' ? 2 : 1;
        return JSON.parse(this.text.slice(start, ++this.at)) as string;
    }

    private number(): number | bigint {
        NUMBER.lastIndex = this.at;
        const digits = NUMBER.exec(this.text)?.[0] ?? '';
        this.at += digits.length;
        const value = Number(digits);
        const exact = Number.isSafeInteger(value) || /[.eE]/.test(digits);
        return exact ? value : BigInt(digits);
    }
}
