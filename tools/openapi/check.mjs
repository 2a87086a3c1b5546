// Holds the OpenAPI document to two linters and its YAML to its JSON:
//     node tools/openapi/check.mjs DOCUMENT.json DOCUMENT.yaml
// The linters are those of build/openapi (package-lock.json beside this file). What they find that is meant to be so stands
// in waivers.tsv with its reason; a waiver that no finding needs is a failure. The last line is "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const installed = join(here, '../../build/openapi');
const [json, yaml] = process.argv.slice(2);

const waivers = readFileSync(join(here, 'waivers.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
        const [rule, place, reason] = line.split('\t');
        if (!reason) throw new Error(`waivers.tsv: no reason in "${line}"`);
        return { rule, place: new RegExp(place), reason, used: 0 };
    });

function run(program, parameters) {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', NODE_PATH: join(installed, 'node_modules') };
    const ran = spawnSync(join(installed, 'node_modules/.bin', program), parameters, { cwd: installed, env, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (ran.error) throw ran.error;
    return ran;
}

/** A list behind whatever a linter says before it. */
function parsed(ran, start) {
    const from = ran.stdout.indexOf(start);
    if (from < 0) throw new Error(`no findings in what was said:\n${ran.stdout.slice(0, 2000)}\n${ran.stderr.slice(0, 2000)}`);
    return JSON.parse(ran.stdout.slice(from));
}

function redocly() {
    const ran = run('redocly', ['lint', json, '--config', join(here, 'redocly.yaml'), '--format=json', '--max-problems=100000']);
    return parsed(ran, '{').problems.map((found) => ({
        rule: `redocly:${found.ruleId}`,
        place: found.location[0]?.pointer ?? '',
        message: found.message,
    }));
}

function spectral() {
    // Rulesets are looked up beside the file that names them.
    const ruleset = join(installed, 'spectral.yaml');
    copyFileSync(join(here, 'spectral.yaml'), ruleset);
    const ran = run('spectral', ['lint', json, '--ruleset', ruleset, '--format', 'json', '--quiet', '--fail-severity', 'hint']);
    return parsed(ran, '[').map((found) => ({
        rule: `spectral:${found.code}`,
        place: `#/${found.path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`,
        message: found.message,
    }));
}

const count = { passed: 0, failed: 0 };
function tell(name, problem) {
    count[problem ? 'failed' : 'passed'] += 1;
    if (problem) console.log(`FAILED ${name}: ${problem}`);
}

/** A rule's name, or the beginning of names with a star. */
const covers = (pattern, rule) => (pattern.endsWith('*') ? rule.startsWith(pattern.slice(0, -1)) : rule === pattern);

function judge(name, findings) {
    const left = findings.filter((found) => {
        const waiver = waivers.find((one) => covers(one.rule, found.rule) && one.place.test(found.place));
        if (waiver) waiver.used += 1;
        return !waiver;
    });
    const shown = left.slice(0, 40).map((found) => `${found.rule} at ${found.place}: ${found.message}`);
    tell(name, left.length > 0 && `${left.length} findings\n  ${shown.join('\n  ')}`);
}

judge('redocly', redocly());
judge('spectral', spectral());
for (const { rule, place, used } of waivers) tell(`waiver of ${rule} at ${place.source}`, used === 0 && 'nothing needs it any more');
const { load } = createRequire(join(installed, 'package.json'))('js-yaml');
const same = isDeepStrictEqual(load(readFileSync(yaml, 'utf8')), JSON.parse(readFileSync(json, 'utf8')));
tell('the YAML says what the JSON says', !same && 'it differs');
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed === 0 ? 0 : 1;
