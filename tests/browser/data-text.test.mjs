// What needs no browser: the filter bar's language, JSON as text, and what a file seems to hold.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../web/node_modules/esbuild/lib/main.js';
import { test } from './lib/suite.mjs';

/** A module of web/src/data as one that Node takes. */
async function load(one, name) {
    const folder = mkdtempSync(join(tmpdir(), 'credvault-module-'));
    one.onEnd(() => rmSync(folder, { recursive: true }));
    const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
    const outfile = join(folder, 'module.mjs');
    await build({
        entryPoints: [path(`../../web/src/data/${name}.ts`)],
        bundle: true,
        format: 'esm',
        outfile,
        logLevel: 'warning',
        alias: { '@credvault/client': path('../../clients/typescript/src/index.ts') },
    });
    return import(outfile);
}

const FILTERS = [
    ['', undefined],
    ['status = paid', { status: 'paid' }],
    ['status == "paid"', { status: 'paid' }],
    ['total>=10.5 and total<20', { $and: [{ total: { $gte: 10.5 } }, { total: { $lt: 20 } }] }],
    ['a = 1 and b != x', { a: 1, b: { $ne: 'x' } }],
    ['a = 1 or b = 2 and c = 3', { $or: [{ a: 1 }, { b: 2, c: 3 }] }],
    ['(a = 1 or b = 2) and not c = 3', { $or: [{ a: 1 }, { b: 2 }], $nor: [{ c: 3 }] }],
    ['"gift wrap" = true', { 'gift wrap': true }],
    ['`a"b` = null', { 'a"b': null }],
    ['zip = "007"', { zip: '007' }],
    ['zip = 007', { zip: '007' }],
    ['n = 9223372036854775807', { n: 9223372036854775807n }],
    ['name contains a.b', { name: { $regex: 'a\\.b', $options: 'i' } }],
    ['name starts with "x y"', { name: { $regex: '^x y' } }],
    ['name ends with $', { name: { $regex: '\\$$' } }],
    ['name matches "^a.*z$"', { name: { $regex: '^a.*z$' } }],
    ['tags in ["a", 2]', { tags: { $in: ['a', 2] } }],
    ['tags not in [1]', { tags: { $nin: [1] } }],
    ['a.b exists and c missing', { 'a.b': { $exists: true }, c: { $exists: false } }],
    ['o = {"$a": 1}', { o: { $eq: { $a: 1 } } }],
    ['{"a": {"$gt": 3}}', { a: { $gt: 3 } }],
    ['{"a": 1} and b = 2', { a: 1, b: 2 }],
    ['AND = 3', { AND: 3 }],
];

const WRONG = [
    ['status', /operator after 'status'/],
    ['status =', /value after 'status ='/],
    ['= 3', /field before '='/],
    ['a = b c', /'and' or 'or' before 'c'/],
    ['(a = 1', /Expected '\)'/],
    ['a = "x', /quote is not closed/],
    ['{"a": 1', /bracket is not closed/],
    ['a in b', /wants a list/],
    ['{"a": }', /no JSON/],
    ['a = 1 and', /Expected a field/],
];

test('text: the filter bar’s language', async (one) => {
    const { parseFilter, fieldText, valueText } = await load(one, 'filter-language');
    for (const [text, filter] of FILTERS) assert.deepEqual(parseFilter(text), filter, text);
    for (const [text, message] of WRONG) assert.throws(() => parseFilter(text), message, text);
    await one.check('what is completed is read as it was meant', () => {
        for (const name of ['a', 'a b', 'a"b', 'a\\b', 'or', 'é', 'a=b', '$x']) {
            for (const value of [
                'x',
                'x y',
                'true',
                '12',
                '1.5',
                'null',
                '',
                'a"b',
                'and',
                "it's",
                '9223372036854775807',
                12,
                -1.5,
                true,
            ]) {
                assert.deepEqual(
                    parseFilter(`${fieldText(name)} = ${valueText(value)}`),
                    { [name]: value },
                    `${name} ${value}`,
                );
            }
        }
    });
});

test('text: what can follow in the filter bar', async (one) => {
    const { complete } = await load(one, 'completion');
    const fields = [
        { path: 'city', types: new Set(['string']), values: ['Oslo', 'New York'], indexed: true },
        { path: 'gift wrap', types: new Set(['boolean']), values: [], indexed: false },
    ];
    const at = (text, caret = text.length) => {
        const { expects, from, options } = complete(text, caret, fields);
        return [expects, text.slice(from, caret), ...options.slice(0, 2).map((option) => option.text)];
    };
    assert.deepEqual(at(''), ['field', '', 'city ', '"gift wrap" ']);
    assert.deepEqual(at('gi'), ['field', 'gi', '"gift wrap" ']);
    assert.deepEqual(at('"gif'), ['field', '"gif', '"gift wrap" ']);
    assert.deepEqual(at('city '), ['operator', '', '= ', '!= ']);
    assert.deepEqual(at('city = '), ['value', '', 'Oslo ', '"New York" ']);
    assert.deepEqual(at('city = Ne'), ['value', 'Ne', '"New York" ']);
    assert.deepEqual(at('"gift wrap" = '), ['value', '', 'true ', 'false ']);
    assert.deepEqual(at('city = Oslo '), ['join', '', 'and ', 'or ']);
    assert.deepEqual(at('city exists '), ['join', '', 'and ', 'or ']);
    assert.deepEqual(at('city starts with '), ['value', '', 'Oslo ', '"New York" ']);
    assert.deepEqual(at('(city = Oslo or '), ['field', '', 'city ', '"gift wrap" ']);
    assert.deepEqual(at('ci = 3', 2), ['field', 'ci', 'city ']);
    assert.deepEqual(at('{"ci'), ['field', '"ci', '"city": ']);
    assert.deepEqual(at('{"city": {"$gt'), ['field', '"$gt', '"$gt": ', '"$gte": ']);
});

test('text: JSON keeps its numbers, order and names', async (one) => {
    const { prettyJson, membersOf, editableText, dataOf, differences } = await load(one, 'json-text');
    const record =
        '{"id":"a","big":9223372036854775807,"f":1.0,"e":1e400,"z":-0.0,"t":"a\\u00e9\\"{","o":{"x":[1,{}],"y":[]},"created_at":"c","updated_at":"u","_version":3}';
    assert.equal(
        prettyJson('{"a":[1.0,{"b":{}}],"c":[]}'),
        '{\n  "a": [\n    1.0,\n    {\n      "b": {}\n    }\n  ],\n  "c": []\n}',
    );
    assert.deepEqual(
        membersOf(record).map(([name]) => name),
        ['id', 'big', 'f', 'e', 'z', 't', 'o', 'created_at', 'updated_at', '_version'],
    );
    const edited = editableText(record);
    for (const part of ['"big": 9223372036854775807', '"f": 1.0', '"e": 1e400', '"z": -0.0', '"t": "a\\u00e9\\"{"'])
        assert.ok(edited.includes(part), part);
    assert.ok(!/created_at|_version|"id"/.test(edited));
    assert.equal(dataOf(`{"status":"success","data":${record}}`), record);
    assert.deepEqual(differences('{"a":1,"b":2.0,"c":3}', '{"c": 3, "b":2,"d":4}'), ['a', 'b', 'd']);
    assert.throws(() => prettyJson('{"a":'), SyntaxError);
});

test('text: a pipeline as stages and back', async (one) => {
    const { stagesOf, pipelineText, restored, savedText } = await load(one, 'stages');
    const stages = stagesOf('[{"$match": {"a": 1.0, "b": "]}"}}, {"$limit": 5}]');
    assert.deepEqual(
        stages.map(({ operator }) => operator),
        ['$match', '$limit'],
    );
    assert.equal(pipelineText(stages).replaceAll(/\s/g, ''), '[{"$match":{"a":1.0,"b":"]}"}},{"$limit":5}]');
    stages[0].on = false;
    const again = restored(savedText(stages));
    assert.deepEqual(
        again.map(({ operator, on }) => [operator, on]),
        [
            ['$match', false],
            ['$limit', true],
        ],
    );
    assert.throws(() => stagesOf('{}'));
    assert.throws(() => stagesOf('[{"$match": {}, "$limit": 1}]'), /one operator/);
});

test('text: what a file seems to hold', async (one) => {
    const { previewOf, cellsOf } = await load(one, 'import-preview');
    const preview = (name, text) => previewOf(new File([text], name));
    const csv = await preview(
        'a.csv',
        'id,age,zip,f,ok,tags,none\r\n1,3,007,1.5,true,"[1]",\r\n2,,12345,2,false,"{}",\r\n',
    );
    assert.deepEqual(
        csv.columns.map((column) => column.type),
        ['string', 'int', 'string', 'double', 'bool', 'json', 'string'],
    );
    assert.equal((await preview('a.tsv', 'a\tb\n1\t2\n')).delimiter, 'tab');
    assert.equal((await preview('a.csv', 'a;b;c\n1,5;2;3\n')).delimiter, ';');
    assert.equal((await preview('a.csv', 'n\n9223372036854775808\n')).columns[0].type, 'double');
    assert.deepEqual(cellsOf('a,"b ""c""\nd",\n"",x', ',', 9), [
        ['a', 'b "c"\nd', ''],
        ['', 'x'],
    ]);
    const lines = await preview('a.jsonl', '{"a":1}\n\n{"a":"x","b":9223372036854775807}\n');
    assert.deepEqual(lines.columns, [
        { name: 'a', type: 'number or string' },
        { name: 'b', type: 'number' },
    ]);
    const array = await preview('a.json', '[{"a":"]"},{"a":"}"}]');
    assert.deepEqual([array.format, array.records.length], ['json', 2]);
    assert.match((await preview('a.ndjson', '{"a":1}\nnope\n')).problem, /Line 2/);
    await one.check('a file that is cut off in a record', async () => {
        const long = await preview('a.ndjson', `${'{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxx"}\n'.repeat(20_000)}{"a":`);
        assert.deepEqual([long.problem, long.records.length], [undefined, 8]);
    });
});
