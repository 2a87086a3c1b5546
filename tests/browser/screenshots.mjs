#!/usr/bin/env node
// Pictures of every screen: node tests/browser/screenshots.mjs --server build/release/credvault [--out DIR] [--only WORD]
// Light and dark, as wide as a desk and as a phone, with data in them. --docs makes those few that stand in docs/pictures
// instead, as WebP: ./dev screenshots --docs
import { mkdirSync, writeFileSync } from 'node:fs';
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
        docs: { type: 'boolean', default: false },
    },
});
const out = resolve(values.docs ? 'docs/pictures' : values.out);
mkdirSync(out, { recursive: true });
// What docs/ shows, and at most so many bytes each.
const IN_DOCS = ['records-filtered', 'pipeline', 'explain', 'webhook-form', 'explorer-call'];
const MOST_BYTES = 100_000;
const wanted = (name) => (!values.only || name.includes(values.only)) && (!values.docs || IN_DOCS.includes(name));

const ALL_KINDS = [
    ['light', { viewport: DESK, colorScheme: 'light' }],
    ['dark', { viewport: DESK, colorScheme: 'dark' }],
    ['phone', { viewport: PHONE, colorScheme: 'light', isMobile: true, hasTouch: true }],
];

const KINDS = values.docs ? ALL_KINDS.slice(0, 1) : ALL_KINDS;

const PIPELINE = encodeURIComponent(
    JSON.stringify([
        ['$match', '{ "age": { "$gt": 60 } }'],
        ['$group', '{\n  "_id": "$address.city",\n  "customers": { "$sum": 1 }\n}'],
    ]),
);

const DATA = [
    ['databases', '/data', 'Data'],
    ['collections', '/data/shop', 'shop'],
    ['records', '/data/shop/customers', 'customers'],
    ['record', '/data/shop/customers?record=c-0000', 'customers'],
    ['record-edit', '/data/shop/customers?record=c-0000&edit=1', 'customers'],
    ['records-json', '/data/shop/customers?view=json', 'customers'],
    ['records-filtered', '/data/shop/customers?filter=age+>+60&sort=-age', 'customers'],
    ['pipeline', `/data/shop/customers/pipeline?pipeline=${PIPELINE}`, 'customers'],
    ['indexes', '/data/shop/customers/indexes', 'customers'],
    ['explain', '/data/shop/customers/explain?filter=age+>+70&sort=-age', 'customers'],
    ['schema', '/data/shop/customers/schema', 'customers'],
    ['import', '/data/shop/customers/import', 'customers'],
    ['changes', '/data/shop/customers/changes', 'customers'],
    ['collection-settings', '/data/shop/customers/settings', 'customers'],
];

// What is shown only after something was pressed.
const MOMENTS = [
    [
        'explorer-call',
        '/api-docs',
        async (page) => {
            const operation = page.locator('.opblock[id$="-getLimits"]');
            await operation.locator('.opblock-summary-control').click();
            await operation.locator('.btn.execute').click();
            await operation.locator('.live-responses-table .response').first().waitFor();
            await operation.evaluate((node) => node.scrollIntoView());
            await page.mouse.wheel(0, -60);
        },
    ],
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

/** The PNG as WebP, by the browser. */
async function webpOf(context, png, quality) {
    const page = await context.newPage();
    const text = await page.evaluate(
        async ([bytes, quality]) => {
            const image = new Image();
            image.src = `data:image/png;base64,${bytes}`;
            await image.decode();
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [image.width, image.height];
            canvas.getContext('2d').drawImage(image, 0, 0);
            return canvas.toDataURL('image/webp', quality).split(',')[1];
        },
        [png.toString('base64'), quality],
    );
    await page.close();
    return Buffer.from(text, 'base64');
}

async function shoot(page, name, kind) {
    await page.waitForLoadState('networkidle').catch(() => {});
    await page.waitForTimeout(600);
    const png = await page.screenshot();
    if (!values.docs) {
        writeFileSync(join(out, `${name}-${kind}.png`), png);
        return;
    }
    const webp = await webpOf(page.context(), png, 0.82);
    if (webp.length > MOST_BYTES) throw new Error(`${name} takes ${webp.length} bytes`);
    writeFileSync(join(out, `${name}.webp`), webp);
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
            ...DATA,
            ...MOMENTS.map(([name, path, act]) => [name, path, '', act]),
        ]) {
            if (!wanted(name)) continue;
            await page.goto(server.url + path);
            await page.locator('h1').first().waitFor();
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
