// docs/api/snippets.md: an insert in every language, as the generators write it. `node tests/snippets/guide.mjs` writes
// the file; tests/snippets/run.mjs compares.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generators } from './generators.mjs';

const path = fileURLToPath(new URL('../../docs/api/snippets.md', import.meta.url));
const fences = { javascript: 'js', node: 'js', cpp: 'cpp', csharp: 'csharp' };

const insert = {
    method: 'POST',
    url: 'http://127.0.0.1:8080/v1/databases/shop/collections/customers/records',
    headers: [
        ['Authorization', 'ApiKey YOUR_KEY'],
        ['Content-Type', 'application/json'],
        ['Idempotency-Key', 'order-4711'],
    ],
    body: '{"id":"ada","name":"Ada \\"the Countess\\" Lovelace","visits":9007199254740993}',
};

async function guide(directory) {
    const { snippet, SNIPPET_LANGUAGES } = await generators(directory);
    const parts = SNIPPET_LANGUAGES.map(
        ({ id, label }) => `## ${label}\n\n\`\`\`${fences[id] ?? id}\n${snippet(id, insert)}\`\`\`\n`,
    );
    return `# Calls from your language

Any language that speaks HTTP is a client. Below is one insert in each of those that the explorer at \`/api-docs\` and the
dashboard write snippets in: open a call there, fill in its values, choose a language and copy. The body is carried as an
escaped string, so that integers beyond 2^53 and all characters arrive as they are.

![A call in the explorer: its parameters, the snippet, the request as sent and the answer](../pictures/explorer-call.webp)

${parts.join('\n')}`;
}

/** None, or that the file is another. */
export async function compareGuide(directory) {
    const same = readFileSync(path, 'utf8') === (await guide(directory));
    return same ? null : 'docs/api/snippets.md is not what the generators write: node tests/snippets/guide.mjs';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const directory = mkdtempSync(join(tmpdir(), 'credvault-snippets-'));
    writeFileSync(path, await guide(directory));
    rmSync(directory, { recursive: true });
}
