// The generators of web/src/snippets as a module that Node takes.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../web/node_modules/esbuild/lib/main.js';

export async function generators(directory) {
    const outfile = join(directory, 'snippets.mjs');
    const entry = fileURLToPath(new URL('../../web/src/snippets/index.ts', import.meta.url));
    await build({ entryPoints: [entry], bundle: true, format: 'esm', outfile, logLevel: 'warning' });
    return import(outfile);
}
