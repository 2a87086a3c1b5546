// The client in Node, Deno and Bun against one server. Deno and Bun come from the npm registry, for this alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADMIN_KEY, serve } from '../../../tests/browser/lib/server.mjs';
import { test } from '../../../tests/browser/lib/suite.mjs';

const FOLDER = fileURLToPath(new URL('./runtimes/', import.meta.url));

function install() {
    if (existsSync(join(FOLDER, 'node_modules', '.package-lock.json'))) return;
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: FOLDER,
        stdio: ['ignore', 'inherit', 'inherit'],
    });
}

/** The program of a package for this machine; undefined where there is none. */
function programOf(scope, path) {
    const folder = join(FOLDER, 'node_modules', scope);
    if (!existsSync(folder)) return undefined;
    return readdirSync(folder)
        .map((name) => join(folder, name, path))
        .find((program) => existsSync(program));
}

const play = (server, program, ...words) => {
    const home = mkdtempSync(join(tmpdir(), 'credvault-runtime-'));
    try {
        return execFileSync(program, [...words, join(FOLDER, 'smoke.mjs'), server.url, ADMIN_KEY], {
            encoding: 'utf8',
            timeout: 120_000,
            stdio: ['ignore', 'pipe', 'pipe'],
            // They keep caches, and look for newer versions of themselves.
            env: { ...process.env, HOME: home, DENO_DIR: home, DENO_NO_UPDATE_CHECK: '1', DO_NOT_TRACK: '1' },
        });
    } finally {
        rmSync(home, { recursive: true, force: true });
    }
};

test('client: works in Node, Deno and Bun', async (one) => {
    const server = await serve(one);
    await one.check('Node', () => assert.match(play(server, process.execPath), /works in Node/));
    install();
    for (const [name, scope, path, ...words] of [
        ['Deno', '@deno', 'deno', 'run', '--no-remote', '--no-config', '--allow-net=127.0.0.1'],
        ['Bun', '@oven', 'bin/bun', 'run'],
    ]) {
        const program = programOf(scope, path);
        // The packages have programs for x64 and arm64 alone.
        if (!program) console.log(`  ${name} was not tested: there is none for ${process.platform} ${process.arch}`);
        else await one.check(name, () => assert.match(play(server, program, ...words), new RegExp(`works in ${name}`)));
    }
});
