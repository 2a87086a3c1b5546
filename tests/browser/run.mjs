#!/usr/bin/env node
// Plays the tests in a browser:
//     node tests/browser/run.mjs --server build/release/credvault [--only WORD,WORD] [--verbose]
// Each file *.test.mjs registers its tests; --tests DIR plays those of another folder. The last line is
// "N passed, N failed".
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { play } from './lib/suite.mjs';
import { closeBrowser } from './lib/browser.mjs';

const { values } = parseArgs({
    options: {
        server: { type: 'string' },
        only: { type: 'string' },
        tests: { type: 'string' },
        verbose: { type: 'boolean', default: false },
    },
});
if (!values.server) {
    console.error('--server says which program to test');
    process.exit(2);
}
const folder = values.tests ? resolve(values.tests) : dirname(fileURLToPath(import.meta.url));
for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.test.mjs'))
    .sort())
    await import(pathToFileURL(join(folder, file)));
const good = await play({ ...values, server: resolve(values.server) });
await closeBrowser();
process.exit(good ? 0 : 1);
