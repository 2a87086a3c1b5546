// What the filter bar takes: conditions such as `status = paid and total > 800`, or a filter of the API as JSON.
import { parseJson, type JsonObject, type JsonValue } from '@credvault/client';

export class FilterError extends Error {
    constructor(message: string, readonly at: number) {
        super(message);
    }
}

export interface Token {
    kind: 'word' | 'text' | 'symbol' | 'json';
    text: string;
    from: number;
    to: number;
    /** Whether its end is there: of a quoted text the quote. */
    closed: boolean;
}

export interface OperatorInfo {
    words: string;
    about: string;
    /** Whether no value follows. */
    alone?: boolean;
}

export const OPERATORS: readonly OperatorInfo[] = [
    { words: '=', about: 'is' },
    { words: '!=', about: 'is not' },
    { words: '>', about: 'is greater than' },
    { words: '>=', about: 'is at least' },
    { words: '<', about: 'is less than' },
    { words: '<=', about: 'is at most' },
    { words: 'contains', about: 'has the text in it, in any case' },
    { words: 'starts with', about: 'begins with the text' },
    { words: 'ends with', about: 'ends with the text' },
    { words: 'matches', about: 'fits a regular expression' },
    { words: 'in', about: 'is one of: in [1, 2]' },
    { words: 'not in', about: 'is none of' },
    { words: 'exists', about: 'is there, null or not', alone: true },
    { words: 'missing', about: 'is not there', alone: true },
];

export const JOINS = ['and', 'or'] as const;

const WORD = /[^\s()"'`=!<>,[\]{}]+/y;
const SYMBOL = /!=|>=|<=|==|[=<>(),]/y;

/** Cuts text into tokens; never fails. */
export function tokenize(text: string): Token[] {
    const tokens: Token[] = [];
    for (let at = 0; at < text.length; ) {
        const first = text[at]!;
        if (/\s/.test(first)) {
            at++;
            continue;
        }
        const token = quoted(text, at) ?? json(text, at) ?? plain(text, at);
        tokens.push(token);
        at = token.to;
    }
    return tokens;
}

function quoted(text: string, from: number): Token | undefined {
    const quote = text[from]!;
    if (!'"\'`'.includes(quote)) return undefined;
    let value = '';
    for (let at = from + 1; at < text.length; at++) {
        if (text[at] === quote) return { kind: 'text', text: value, from, to: at + 1, closed: true };
        if (text[at] === '\\' && at + 1 < text.length) at++;
        value += text[at];
    }
    return { kind: 'text', text: value, from, to: text.length, closed: false };
}

// An object or array in the middle of the text.
function json(text: string, from: number): Token | undefined {
    if (!'[{'.includes(text[from]!)) return undefined;
    let depth = 0;
    let inText = false;
    for (let at = from; at < text.length; at++) {
        const letter = text[at]!;
        if (inText) {
            if (letter === '\\') at++;
            else if (letter === '"') inText = false;
        } else if (letter === '"') inText = true;
        else if ('[{'.includes(letter)) depth++;
        else if (']}'.includes(letter) && --depth === 0) return { kind: 'json', text: text.slice(from, at + 1), from, to: at + 1, closed: true };
    }
    return { kind: 'json', text: text.slice(from), from, to: text.length, closed: false };
}

function plain(text: string, from: number): Token {
    for (const [kind, pattern] of [['symbol', SYMBOL], ['word', WORD]] as const) {
        pattern.lastIndex = from;
        const found = pattern.exec(text)?.[0];
        if (found) return { kind, text: found, from, to: from + found.length, closed: true };
    }
    return { kind: 'symbol', text: text[from]!, from, to: from + 1, closed: true };
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const COMPARISONS: Record<string, string> = { '!=': '$ne', '>': '$gt', '>=': '$gte', '<': '$lt', '<=': '$lte', in: '$in', 'not in': '$nin' };

class Parser {
    private at = 0;
    private readonly tokens: Token[];

    constructor(private readonly source: string) {
        this.tokens = tokenize(source);
    }

    parse(): JsonObject {
        const filter = this.either();
        const rest = this.tokens[this.at];
        if (rest) throw new FilterError(`Expected 'and' or 'or' before '${this.source.slice(rest.from, rest.to)}'. Put values with spaces in quotes.`, rest.from);
        return filter;
    }

    private either(): JsonObject {
        const parts = [this.all()];
        while (this.takeWord('or')) parts.push(this.all());
        return parts.length === 1 ? parts[0]! : { $or: parts };
    }

    private all(): JsonObject {
        const parts = [this.one()];
        while (this.takeWord('and')) parts.push(this.one());
        if (parts.length === 1) return parts[0]!;
        const names = parts.flatMap((part) => Object.keys(part));
        return new Set(names).size === names.length ? Object.assign({}, ...parts) as JsonObject : { $and: parts };
    }

    private one(): JsonObject {
        const token = this.tokens[this.at];
        if (!token) throw new FilterError('Expected a field, as in: status = paid', this.source.length);
        if (token.kind === 'symbol' && token.text === '(') {
            this.at++;
            const inner = this.either();
            const end = this.tokens[this.at++];
            if (end?.text !== ')') throw new FilterError("Expected ')'", end?.from ?? this.source.length);
            return inner;
        }
        if (token.kind === 'word' && token.text.toLowerCase() === 'not' && this.tokens[this.at + 1]?.text !== 'in') {
            this.at++;
            return { $nor: [this.one()] };
        }
        if (token.kind === 'json') {
            this.at++;
            return objectFrom(token);
        }
        if (token.kind === 'symbol') throw new FilterError(`Expected a field before '${token.text}'`, token.from);
        this.at++;
        return this.condition(token.text);
    }

    private condition(field: string): JsonObject {
        const operator = this.operator(field);
        if (operator === 'exists' || operator === 'missing') return { [field]: { $exists: operator === 'exists' } };
        const value = this.value(field, operator);
        if (operator === '=' || operator === '==') return { [field]: isPlain(value) ? value : { $eq: value } };
        const comparison = COMPARISONS[operator];
        if (comparison) return { [field]: { [comparison]: value } };
        const text = String(value);
        if (operator === 'contains') return { [field]: { $regex: escaped(text), $options: 'i' } };
        if (operator === 'starts with') return { [field]: { $regex: `^${escaped(text)}` } };
        if (operator === 'ends with') return { [field]: { $regex: `${escaped(text)}$` } };
        return { [field]: { $regex: text } };
    }

    private operator(field: string): string {
        const token = this.tokens[this.at];
        const name = token?.text.toLowerCase();
        const two = `${name} ${this.tokens[this.at + 1]?.text.toLowerCase()}`;
        if (['not in', 'starts with', 'ends with'].includes(two)) {
            this.at += 2;
            return two;
        }
        if (token && name && token.kind !== 'text' && (name === '==' || OPERATORS.some((entry) => entry.words === name))) {
            this.at++;
            return name;
        }
        throw new FilterError(`Expected an operator after '${field}': ${OPERATORS.map((entry) => entry.words).join(', ')}`, token?.from ?? this.source.length);
    }

    private value(field: string, operator: string): JsonValue {
        const token = this.tokens[this.at++];
        if (!token || (token.kind === 'symbol')) throw new FilterError(`Expected a value after '${field} ${operator}'`, token?.from ?? this.source.length);
        if (!token.closed) throw new FilterError(token.kind === 'text' ? 'The quote is not closed' : 'The bracket is not closed', token.from);
        const value = token.kind === 'json' ? valueFrom(token) : token.kind === 'text' ? token.text : scalarFrom(token.text);
        const list = operator === 'in' || operator === 'not in';
        if (list && !Array.isArray(value)) throw new FilterError(`'${operator}' wants a list, as in: ${operator} ["a", "b"]`, token.from);
        return value;
    }

    private takeWord(word: string): boolean {
        const token = this.tokens[this.at];
        if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
        this.at++;
        return true;
    }
}

// An object may be taken for operators.
const isPlain = (value: JsonValue) => typeof value !== 'object' || value === null || Array.isArray(value);

function scalarFrom(text: string): JsonValue {
    if (/^(true|false|null|-?\d+(\.\d+)?([eE][-+]?\d+)?)$/.test(text)) {
        try {
            return parseJson(text);
        } catch {
            return text;
        }
    }
    return text;
}

function valueFrom(token: Token): JsonValue {
    try {
        return parseJson(token.text);
    } catch (error) {
        throw new FilterError(`This is no JSON: ${error instanceof Error ? error.message : ''}`, token.from);
    }
}

function objectFrom(token: Token): JsonObject {
    if (!token.closed) throw new FilterError('The bracket is not closed', token.from);
    const value = valueFrom(token);
    if (Array.isArray(value) || typeof value !== 'object' || value === null) throw new FilterError('Expected a filter object', token.from);
    return value;
}

/** The API's filter; undefined where there is no text. Throws FilterError. */
export function parseFilter(text: string): JsonObject | undefined {
    return text.trim() === '' ? undefined : new Parser(text).parse();
}

const BARE = /^[^\s()"'`=!<>,[\]{}]+$/;
const RESERVED = ['and', 'or', 'not'];

/** How a field's name is written. */
export const fieldText = (name: string): string => (BARE.test(name) && !RESERVED.includes(name.toLowerCase()) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`);

/** How a value is written. */
export const valueText = (value: JsonValue): string => {
    if (typeof value !== 'string') return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
    return BARE.test(value) && !RESERVED.includes(value.toLowerCase()) && scalarFrom(value) === value ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
};
