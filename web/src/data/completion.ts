// What can follow in the filter bar, at a place in its text.
import type { FieldInfo } from './fields';
import { fieldText, JOINS, OPERATORS, tokenize, valueText } from './filter-language';

export interface Suggestion {
    /** What is put in. */
    text: string;
    label: string;
    about: string;
}

export interface Completion {
    from: number;
    to: number;
    expects: 'field' | 'operator' | 'value' | 'join';
    options: Suggestion[];
}

const JSON_OPERATORS: readonly (readonly [string, string])[] = [
    ['$eq', 'is'], ['$ne', 'is not'], ['$gt', 'is greater than'], ['$gte', 'is at least'], ['$lt', 'is less than'], ['$lte', 'is at most'],
    ['$in', 'is one of'], ['$nin', 'is none of'], ['$exists', 'is there'], ['$type', 'is of the type'], ['$regex', 'fits a regular expression'],
    ['$size', 'is an array of that length'], ['$all', 'has all of'], ['$elemMatch', 'has an element that'], ['$not', 'does not'], ['$mod', 'leaves a rest'],
    ['$and', 'all of'], ['$or', 'any of'], ['$nor', 'none of'], ['$expr', 'an expression'], ['$text', 'words of a text index'], ['$jsonSchema', 'fits a schema'],
    ['$near', 'near a point'], ['$geoWithin', 'within a shape'],
];

const MOST = 50;

const aboutField = (field: FieldInfo) => [...field.types].filter((type) => type !== 'null').join(' or ') + (field.indexed ? ' · indexed' : '');

function matching<T extends Suggestion>(options: T[], typed: string): T[] {
    const wanted = typed.toLowerCase();
    const rank = (option: T) => {
        const at = option.label.toLowerCase().indexOf(wanted);
        return at < 0 ? 1000 : at;
    };
    return options.filter((option) => rank(option) < 1000).sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
}

const fieldOptions = (fields: readonly FieldInfo[]): Suggestion[] =>
    fields.map((field) => ({ text: `${fieldText(field.path)} `, label: field.path, about: aboutField(field) }));

const operatorOptions = (): Suggestion[] =>
    OPERATORS.map(({ words, about }) => ({ text: `${words} `, label: words, about }));

const joinOptions = (): Suggestion[] => JOINS.map((word) => ({ text: `${word} `, label: word, about: word === 'and' ? 'both hold' : 'one holds' }));

function valueOptions(field: FieldInfo | undefined): Suggestion[] {
    const values = field?.types.has('boolean') && field.values.length < 2 ? [true, false] : (field?.values ?? []);
    return values.map((value) => ({ text: `${valueText(value)} `, label: typeof value === 'string' ? value : valueText(value), about: 'seen' }));
}

/** What fits at `caret`. */
export function complete(text: string, caret: number, fields: readonly FieldInfo[]): Completion {
    if (text.trimStart().startsWith('{')) return completeJson(text, caret, fields);
    const tokens = tokenize(text.slice(0, caret));
    const last = tokens[tokens.length - 1];
    // What is still being typed: a word up to the caret, or a quote that is open.
    const typing = last && last.to === caret && (!last.closed || last.kind !== 'text') && !['(', ')'].includes(last.text) ? last : undefined;
    const before = typing ? tokens.slice(0, -1) : tokens;
    let expects: Completion['expects'] = 'field';
    let field = '';
    for (let at = 0; at < before.length; at++) {
        const token = before[at]!;
        const word = token.text.toLowerCase();
        if (expects === 'field') {
            if (token.text === '(' || (token.kind === 'word' && word === 'not')) continue;
            field = token.text;
            expects = token.kind === 'json' ? 'join' : 'operator';
        } else if (expects === 'operator') {
            const two = `${word} ${before[at + 1]?.text.toLowerCase() ?? ''}`;
            if (['not in', 'starts with', 'ends with'].includes(two)) at++;
            else if (['not', 'starts', 'ends'].includes(word)) continue;
            expects = OPERATORS.find((entry) => entry.words === word)?.alone ? 'join' : 'value';
        } else if (expects === 'value') expects = 'join';
        else if (word !== ')') expects = 'field';
    }
    const from = typing?.from ?? caret;
    const typed = typing?.text ?? '';
    const options = { field: fieldOptions(fields), operator: operatorOptions(), join: joinOptions(), value: valueOptions(fields.find((entry) => entry.path === field)) }[expects];
    return { from, to: caret, expects, options: matching(options, typed).filter((option) => option.text.trim() !== text.slice(from, caret)) };
}

function completeJson(text: string, caret: number, fields: readonly FieldInfo[]): Completion {
    const before = text.slice(0, caret);
    const word = /"?[$\w.-]*$/.exec(before)?.[0] ?? '';
    const from = caret - word.length;
    const isName = /[{,]\s*$/.test(before.slice(0, from));
    const options = isName
        ? [...fields.map((field) => ({ text: `${JSON.stringify(field.path)}: `, label: field.path, about: aboutField(field) })),
           ...JSON_OPERATORS.map(([name, about]) => ({ text: `"${name}": `, label: name, about }))]
        : [];
    // A quote that the editor closed already is taken along.
    const to = text[caret] === '"' ? caret + 1 : caret;
    return { from, to, expects: isName ? 'field' : 'value', options: matching(options, word.replace('"', '')) };
}
