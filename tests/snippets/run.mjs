// Runs what web/src/snippets writes, in every language that this machine has, against a receiver, and compares what came
// with what was meant, byte for byte. --only bash,go picks languages. The last line is "N passed, N failed".
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { cases } from './cases.mjs';
import { generators } from './generators.mjs';
import { compareGuide } from './guide.mjs';
import { languages } from './languages.mjs';

const run = promisify(execFile);
const root = mkdtempSync(join(tmpdir(), 'credvault-snippets-'));
const only = process.argv[2] === '--only' ? process.argv[3].split(',') : null;

const has = (command) =>
    process.env.PATH.split(delimiter).some((directory) => {
        try {
            accessSync(join(directory, command), constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });

/** Keeps the last request that came. */
function receiver() {
    const got = { last: null };
    const server = createServer((request, response) => {
        const pieces = [];
        request.on('data', (piece) => pieces.push(piece));
        request.on('end', () => {
            got.last = { method: request.method, path: request.url, headers: request.headers, body: Buffer.concat(pieces) };
            response.setHeader('Content-Type', 'application/json');
            response.end('{"status":"success","data":"ñ"}');
        });
    });
    return new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => resolve({ got, origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }));
    });
}

/** None, or what came otherwise than it was meant. */
function problem(meant, got) {
    if (got === null) return 'nothing came';
    if (got.method !== meant.method) return `the method is ${got.method}`;
    // Characters that no URL may hold are encoded; the same path is meant.
    const same = decodeURIComponent(got.path.replace(/%(?![0-9A-F]{2})/gi, '%25')) === decodeURIComponent(meant.path);
    if (!same) return `the path is ${got.path}, meant ${meant.path}`;
    const body = Buffer.from(meant.body ?? '');
    if (!got.body.equals(body)) {
        const at = body.findIndex((byte, index) => got.body[index] !== byte);
        const near = (bytes) => bytes.subarray(Math.max(0, at - 10), at + 10).toString('hex');
        return `the body has ${got.body.length} bytes, meant ${body.length}; at ${at} it has ${near(got.body)}, meant ${near(body)}`;
    }
    const headers = new Map(meant.headers);
    // A body that nobody types is bytes, not the form that many clients would call it.
    if (meant.body !== undefined && !headers.has('Content-Type')) headers.set('Content-Type', 'application/octet-stream');
    for (const [name, value] of headers) {
        const came = got.headers[name.toLowerCase()];
        if (came !== value) return `${name} is ${came}, meant ${value}`;
    }
    return null;
}

const { snippet, SNIPPET_LANGUAGES } = await generators(root);
const { got, origin, close } = await receiver();
const { HOME, PATH } = process.env;
const count = { passed: 0, failed: 0 };

function tell(name, found) {
    count[found === null ? 'passed' : 'failed'] += 1;
    if (found !== null) console.log(`FAILED ${name}: ${found}`);
}

async function play(id) {
    const language = languages[id];
    const directory = join(root, id);
    mkdirSync(directory);
    const options = { cwd: directory, timeout: 120_000, env: { ...process.env, HOME, PATH: `${directory}${delimiter}${PATH}` } };
    const files = cases.map(([name, { path, ...request }]) => [name, snippet(id, { ...request, url: origin + path })]);
    if (language.file) for (const [name, text] of files) writeFileSync(join(directory, language.file(name)), text);
    for (const command of language.prepare?.(directory, files) ?? []) await run(command[0], command.slice(1), options);
    for (const [name, meant] of cases) {
        got.last = null;
        const [command, ...parameters] = language.run(name);
        const ran = await run(command, parameters, options).catch((error) => error);
        const found = problem(meant, got.last);
        const told = found === null && ran instanceof Error ? `it ended with ${ran.code}` : found;
        tell(`${id}: ${name}`, told && `${told}\n${ran.stderr ?? ''}`.slice(0, 1500));
    }
}

if (!only) tell('the guide', await compareGuide(root));
const ran = [];
const absent = [];
for (const { id } of SNIPPET_LANGUAGES) {
    if (only && !only.includes(id)) continue;
    const language = languages[id];
    if (!language) {
        tell(id, 'tests/snippets/languages.mjs does not know how to run it');
    } else if (!language.needs.every(has)) {
        absent.push(`${id} (${language.needs.filter((command) => !has(command)).join(', ')})`);
    } else {
        const started = Date.now();
        await play(id).catch((error) => tell(id, `${error.message}\n${error.stderr ?? ''}`));
        ran.push(`${id} ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
}
close();
rmSync(root, { recursive: true, force: true });
console.log(`run: ${ran.join(', ')}`);
if (absent.length > 0) console.log(`not on this machine: ${absent.join(', ')}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.passed > 0 && count.failed === 0 ? 0 : 1;
