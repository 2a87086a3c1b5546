// Every part of the dashboard on one page, which is no part of the program that is shipped: it is built for the tests.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../web/node_modules/vite/dist/node/index.js';
import { checkAccessible, openPage, ownersPage, signIn } from './lib/browser.mjs';
import { serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

let built;
/** The pages with the parts among them, built once. */
function pagesWithParts() {
    built ??= (async () => {
        const folder = mkdtempSync(join(tmpdir(), 'credvault-parts-'));
        process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
        const root = fileURLToPath(new URL('../../web/', import.meta.url));
        await build({ root, mode: 'parts', logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
        return folder;
    })();
    return built;
}

async function partsPage(one, server, options) {
    const folder = await pagesWithParts();
    const page = await openPage(one, server, options);
    await page.route(
        (url) => ['/', '/parts'].includes(url.pathname) || url.pathname.startsWith('/assets/'),
        (route) => {
            const { pathname } = new URL(route.request().url());
            const file = join(folder, pathname.startsWith('/assets/') ? pathname : 'index.html');
            if (!existsSync(file)) return route.fulfill({ status: 404 });
            return route.fulfill({ contentType: TYPES[extname(file)], body: readFileSync(file) });
        },
    );
    await signIn(page, server, { path: '/parts' });
    await page.getByRole('heading', { name: 'Parts', level: 1 }).waitFor();
    return page;
}

for (const [name, options] of [
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
])
    test(`parts: accessible, ${name}`, async (one) => {
        const server = await serve(one);
        const page = await partsPage(one, server, options);
        await page.locator('.chart canvas').first().waitFor({ state: 'attached' });
        await page.locator('.cm-content').first().waitFor();
        await checkAccessible(page, 'parts');
    });

test('parts: they are not shipped', async (one) => {
    const server = await serve(one);
    const page = await ownersPage(one, server, { path: '/parts' });
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
    await page.getByRole('link', { name: 'Go to Home' }).click();
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
});

test('parts: a table of 100,000 rows, of which those in sight are drawn', async (one) => {
    const server = await serve(one);
    const page = await partsPage(one, server);
    const table = page.getByRole('table', { name: 'Rows' });
    await table.waitFor();
    assert.equal(await table.getAttribute('aria-rowcount'), '100001');
    const drawn = () => page.locator('table[aria-label=Rows] tbody tr[data-index]').count();
    assert.ok((await drawn()) < 80, `${await drawn()} rows`);
    await page.locator('table[aria-label=Rows] tbody tr[data-index="0"]').focus();
    await page.keyboard.press('End');
    await page.locator('table[aria-label=Rows] tr[data-index="99999"]:focus').waitFor();
    assert.ok((await drawn()) < 80, `${await drawn()} rows`);
    await one.check('a column is as wide as one draws it, and stays so', async () => {
        const handle = page.getByRole('separator', { name: 'Width of Name' });
        const before = Number(await handle.getAttribute('aria-valuenow'));
        await handle.focus();
        await page.keyboard.press('ArrowRight');
        assert.equal(Number(await handle.getAttribute('aria-valuenow')), before + 16);
        await page.reload();
        assert.equal(
            Number(await page.getByRole('separator', { name: 'Width of Name' }).getAttribute('aria-valuenow')),
            before + 16,
        );
    });
});
