#!/usr/bin/env node
// Pictures of every screen: node tests/browser/screenshots.mjs --server build/release/credvault [--out DIR] [--only WORD]
// Light and dark, as wide as a desk and as a phone, with data in them.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { closeBrowser, DESK, openBrowser, PHONE, signIn } from './lib/browser.mjs';
import { furnish, SCREENS } from './lib/data.mjs';
import { Server } from './lib/server.mjs';

const { values } = parseArgs({
    options: {
        server: { type: 'string' },
        out: { type: 'string', default: 'build/screenshots' },
        only: { type: 'string' },
    },
});
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const wanted = (name) => !values.only || name.includes(values.only);

const KINDS = [
    ['light', { viewport: DESK, colorScheme: 'light' }],
    ['dark', { viewport: DESK, colorScheme: 'dark' }],
    ['phone', { viewport: PHONE, colorScheme: 'light', isMobile: true, hasTouch: true }],
];

// What is shown only after something was pressed.
const MOMENTS = [
    ['key-form', '/settings/api-keys', (page) => page.getByRole('button', { name: 'Create key' }).first().click()],
    ['key-drawer', '/settings/api-keys', (page) => page.getByRole('cell', { name: 'nightly report' }).click()],
    ['palette', '/', (page) => page.keyboard.press('Control+k')],
    ['keys-help', '/settings/api-keys', (page) => page.keyboard.press('?')],
    [
        'audit-entry',
        '/settings/audit?action=updateApiKey',
        (page) => page.getByRole('cell', { name: 'Update API key' }).click(),
    ],
    [
        'delete-workspace',
        '/settings/workspace',
        (page) => page.getByRole('button', { name: 'Delete workspace' }).click(),
    ],
];

async function shoot(page, name, kind) {
    await page.waitForLoadState('networkidle').catch(() => {});
    await page.waitForTimeout(600);
    await page.screenshot({ path: join(out, `${name}-${kind}.png`) });
}

const server = await new Server(resolve(values.server)).start();
const fresh = await new Server(resolve(values.server), { owner: false }).start();
try {
    await furnish(server);
    for (const [kind, options] of KINDS) {
        const context = await (await openBrowser()).newContext({ ...options, reducedMotion: 'reduce' });
        const page = await context.newPage();
        for (const [name, url] of [
            ['setup', fresh.url],
            ['sign-in', server.url],
            ['reset', `${server.url}/reset`],
            ['invitation', `${server.url}/invitation#token=cvi_x`],
            ['explorer', `${server.url}/api-docs`],
        ]) {
            if (!wanted(name)) continue;
            await page.goto(url);
            await shoot(page, name, kind);
        }
        await signIn(page, server);
        for (const [name, path, , prepare] of [
            ...SCREENS,
            ...MOMENTS.map(([name, path, act]) => [name, path, '', act]),
        ]) {
            if (!wanted(name)) continue;
            await page.goto(server.url + path);
            await page.locator('h1').waitFor();
            if (prepare) {
                await page.waitForLoadState('networkidle').catch(() => {});
                await prepare(page);
            }
            await shoot(page, name, kind);
        }
        await context.close();
    }
    console.log(`The pictures are in ${out}`);
} finally {
    await closeBrowser();
    await server.remove();
    await fresh.remove();
}
