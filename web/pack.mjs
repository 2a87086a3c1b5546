// Packs dist/ for the program: node pack.mjs DIST OUT writes OUT/pages.bin (every file as it is, and compressed where
// that pays), OUT/pages.s (which puts it into the program) and OUT/pages.cpp (the table that pages/page.h declares).
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [dist, out] = process.argv.slice(2).map((path) => resolve(path));

const types = {
    '.css': 'text/css; charset=utf-8',
    '.html': 'text/html; charset=utf-8',
    '.ico': 'image/x-icon',
    '.js': 'text/javascript; charset=utf-8',
    '.json': 'application/json',
    '.png': 'image/png',
    '.svg': 'image/svg+xml',
    '.txt': 'text/plain; charset=utf-8',
    '.webmanifest': 'application/manifest+json',
    '.woff2': 'font/woff2',
};

function files(directory) {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
        const path = join(directory, entry.name);
        return entry.isDirectory() ? files(path) : [path];
    });
}

/** Nothing where it would hardly be smaller: each form costs room in the program. */
const worth = (packed, plain) => (packed.length < plain.length * 0.9 ? packed : Buffer.alloc(0));

let size = 0;
const blocks = [];
function place(bytes) {
    const offset = size;
    blocks.push(bytes);
    size += bytes.length;
    return `{credvault_pages + ${offset}, ${bytes.length}}`;
}

function row(file) {
    const type = types[extname(file)];
    if (!type) throw new Error(`${file}: its media type is unknown to pack.mjs`);
    const path = '/' + relative(dist, file).split('\\').join('/');
    const plain = readFileSync(file);
    const digest = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
    const gzip = worth(gzipSync(plain, { level: 9 }), plain);
    const brotli = worth(
        brotliCompressSync(plain, {
            params: {
                [constants.BROTLI_PARAM_QUALITY]: 11,
                [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
                [constants.BROTLI_PARAM_LGWIN]: 24,
            },
        }),
        plain,
    );
    const forms = [plain, gzip, brotli].map(place).join(', ');
    const text = [path, type, digest].map((value) => JSON.stringify(value)).join(', ');
    return { path, line: `    Page{${text}, ${forms}, ${path.startsWith('/assets/')}},` };
}

const order = (a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
const rows = files(dist).map(row).sort(order);
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'pages.bin'), Buffer.concat(blocks));
writeFileSync(
    join(out, 'pages.s'),
    `    .section .rodata
    .global credvault_pages
    .type credvault_pages, @object
    .balign 64
credvault_pages:
    .incbin "pages.bin"
    .size credvault_pages, . - credvault_pages
    .section .note.GNU-stack,"",@progbits
`,
);
writeFileSync(
    join(out, 'pages.cpp'),
    `// Made by web/pack.mjs.
#include <array>

#include "pages/page.h"

extern "C" const char credvault_pages[];

namespace credvault::pages {
namespace {

const std::array<Page, ${rows.length}> pages{
${rows.map(({ line }) => line).join('\n')}
};

}  // namespace

std::span<const Page> packed_pages() { return pages; }

}  // namespace credvault::pages
`,
);
