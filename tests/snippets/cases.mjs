// Requests that break generators which only look right.

const lineSeparator = String.fromCodePoint(0x2028);
const controls = Array.from({ length: 31 }, (_, at) => String.fromCodePoint(at + 1)).join('');
const invisible = String.fromCodePoint(0x7f, 0x85, 0xa0, 0xad, 0x200b, 0x200e, 0x202e, 0x2066, 0x2069, 0x2029, 0xfeff, 0xe0001);

const quotes = `' '' '\\'' " "" \\" \` \`\` ''' """ ’ ‘ “ ” „ « »`;
const meta = '$HOME ${HOME} $(id) `id` $$ %s %d %n %% %41 #{1+1} #$0 #@x {$x} {{x}} <%= 1 %> !! !x & | ; < > * ? ~ @file ??/ ??= //';
const escapes = 'a\\b \\n \\\\ \\u0041 \\x41 \\u{41} \\0 \\c trailing\\';
const unicode = `Zoë Ωμέγα 日本語 👩‍👩‍👧 e\u0301 ${lineSeparator} ${invisible}`;

const json = (value) => JSON.stringify(value);
const typed = (...others) => [['Authorization', 'ApiKey cv_live_x$y`z%41'], ['Content-Type', 'application/json'], ...others];

/** [name, {method, path, headers, body?}]; the receiver's origin is put before the path. */
export const cases = [
    ['quotes', { method: 'POST', path: '/v1/x', headers: typed(), body: json({ quotes, meta, escapes }) }],
    ['unicode', { method: 'POST', path: '/v1/x', headers: typed(), body: json({ unicode, [unicode]: 1 }) }],
    // Not JSON: every control character that a body can hold raw, in all neighbourhoods.
    ['raw', { method: 'PUT', path: '/v1/x', headers: [['Content-Type', 'application/octet-stream']], body: `${controls}7${[...controls].join('f0"\\$')}` }],
    ['integers', { method: 'PATCH', path: '/v1/x', headers: typed(), body: '{"n": 9007199254740993, "m": -9223372036854775808,\r\n\t"f": 1.0, "e": 1E400}\n' }],
    ['lines', { method: 'POST', path: '/v1/x', headers: typed(), body: `{\n  "a": "it's",\n  "b": "\${c}"\n}\n\n` }],
    ['untyped', { method: 'POST', path: '/v1/x', headers: [['X-A', 'b']], body: '@a=b&c' }],
    ['empty', { method: 'POST', path: '/v1/x', headers: typed(), body: '' }],
    ['long', { method: 'POST', path: '/v1/x', headers: typed(), body: json({ text: `é"\\${lineSeparator}😀`.repeat(9_000) }) }],
    ['query', { method: 'GET', path: `/v1/x?age[gt]=18&name={"a":'b'}&c=%24%25%5B d$e\`&tags[in]=a,b&sort=-a`, headers: [['Authorization', `Bearer "q" 'q' \\ $x %PATH% #{x}`]] }],
    ['etag', { method: 'DELETE', path: '/v1/x/a%2Fb', headers: [['If-Match', '"3.1", "\\"'], ['Prefer', 'return=minimal']] }],
];
