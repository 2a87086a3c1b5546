// Every screen of "Data", light, dark and on a phone: accessible, and nothing wider than the window. CREDVAULT_SCREENSHOTS
// names a folder for pictures of them.
import assert from 'node:assert/strict';
import { checkAccessible, ownersPage, painted } from './lib/browser.mjs';
import { stock } from './lib/orders.mjs';
import { serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';

const PIPELINE = encodeURIComponent(
    JSON.stringify([
        ['$match', '{ "status": "paid" }'],
        ['$group', '{\n  "_id": "$city",\n  "orders": { "$sum": 1 }\n}'],
        ['$sort', '{ "orders": -1 }'],
    ]),
);
const COLLECTION = '/data/shop/orders';

/** Name, path, and what has to be there before it is looked at. */
const SCREENS = [
    ['databases', '/data', (page) => page.getByText('1 database', { exact: true })],
    ['collections', '/data/shop', (page) => page.getByText('2 collections', { exact: true })],
    ['records', COLLECTION, (page) => page.locator('tr[data-key=o-000000]')],
    [
        'records-filtered',
        `${COLLECTION}?filter=city+%3D+Oslo&sort=-total`,
        (page) => page.locator('tbody tr[data-key]').first(),
    ],
    ['records-json', `${COLLECTION}?view=json`, (page) => page.getByRole('article').first()],
    ['record', `${COLLECTION}?record=o-000004`, (page) => page.getByRole('dialog').getByText('"bulky"')],
    ['record-insert', `${COLLECTION}?insert=1`, (page) => page.getByRole('textbox', { name: 'New record' })],
    ['records-none', '/data/shop/empty', (page) => page.getByText('No record yet')],
    ['pipeline', `${COLLECTION}/pipeline?pipeline=${PIPELINE}`, (page) => page.getByText(/^8 documents/).first()],
    ['indexes', `${COLLECTION}/indexes`, (page) => page.getByText('ready', { exact: true })],
    ['explain', `${COLLECTION}/explain?filter=city+%3D+Oslo&sort=-total`, (page) => page.locator('.plan')],
    ['schema', `${COLLECTION}/schema`, (page) => page.getByRole('textbox', { name: 'JSON Schema' })],
    ['import', `${COLLECTION}/import`, (page) => page.getByText('Drop a file here, or')],
    ['changes', `${COLLECTION}/changes`, (page) => page.getByText('No change yet')],
    ['settings', `${COLLECTION}/settings`, (page) => page.getByRole('button', { name: 'Delete collection' })],
];

async function checkFits(page) {
    const over = await page.evaluate(() => {
        const main = document.querySelector('#main');
        return [main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth];
    });
    assert.ok(
        over.every((pixels) => pixels <= 0),
        `too wide by ${over} pixels`,
    );
}

for (const [name, options] of [
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
]) {
    test(`data screens: accessible, ${name}`, async (one) => {
        const server = await serve(one);
        await stock(server, 3000);
        await server.call('POST', '/v1/databases/shop/collections', { name: 'empty' });
        await server.call('POST', '/v1/databases/shop/collections/orders/indexes', { fields: ['status'] });
        for (let call = 0; call < 4; call++)
            await server.call('POST', '/v1/databases/shop/collections/orders/query', {
                filter: { city: 'Oslo' },
                sort: '-total',
            });
        const page = await ownersPage(one, server, options);
        for (const [screen, path, there] of SCREENS) {
            await one.check(screen, async () => {
                await page.goto(server.url + path);
                await there(page).waitFor();
                await page.waitForFunction(() => !document.querySelector('[role=status][aria-label=Loading]'));
                await painted(page);
                if (process.env.CREDVAULT_SCREENSHOTS)
                    await page.screenshot({ path: `${process.env.CREDVAULT_SCREENSHOTS}/data-${screen}-${name}.png` });
                await checkAccessible(page, screen);
                await checkFits(page);
            });
        }
        await one.check('the filter bar while it completes', async () => {
            await page.goto(server.url + COLLECTION);
            await page.locator('tr[data-key=o-000000]').waitFor();
            await page.getByRole('combobox', { name: 'Filter' }).fill('ci');
            await page.getByRole('option').first().waitFor();
            if (process.env.CREDVAULT_SCREENSHOTS)
                await page.screenshot({ path: `${process.env.CREDVAULT_SCREENSHOTS}/data-filter-${name}.png` });
            await checkAccessible(page, 'filter bar');
            await checkFits(page);
        });
    });
}
