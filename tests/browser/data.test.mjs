// Databases, collections, and what a collection has beside its records.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ownersPage, painted } from './lib/browser.mjs';
import { editor, order, records, stock, writeInto } from './lib/orders.mjs';
import { serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';

async function shop(one, { count = 300, path = '/data', ...options } = {}) {
    const server = await serve(one);
    await stock(server, count);
    return [server, await ownersPage(one, server, { ...options, path })];
}

test('data: databases and collections are created, found, and deleted by name', async (one) => {
    const server = await serve(one);
    const page = await ownersPage(one, server, { path: '/data', allow: ['400', '404', '409'] });
    await page.getByText('No database yet').waitFor();
    await page.keyboard.press('c');
    const create = page.getByRole('dialog', { name: 'Create database' });
    await create.getByLabel('Name').fill('1 shop');
    await page.keyboard.press('Enter');
    await create.locator('input[name=name][aria-invalid=true]').waitFor();
    await create.getByLabel('Name').fill('shop');
    await create.getByText('The same call from a program').click();
    assert.match(await create.locator('pre').textContent(), /"name": "shop"/);
    await create.getByRole('button', { name: 'Create database' }).click();
    await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
    await page.getByText('No collection yet').waitFor();
    await page.getByRole('button', { name: 'Create collection' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill('orders');
    await page.keyboard.press('Enter');
    await page.getByText('No record yet').waitFor();
    await server.call('POST', records, [order(1), order(2)]);
    await server.call('POST', '/v1/databases', { name: 'other' });

    await one.check('figures', async () => {
        await page.goto(`${server.url}/data`);
        const row = page.getByRole('row').filter({ hasText: 'shop' });
        await row.getByRole('cell', { name: '2', exact: true }).waitFor();
        await page.goto(`${server.url}/data/shop`);
        await page.getByText('1 collection, 2 records').waitFor();
    });
    await one.check('found by name, in the URL', async () => {
        await page.goto(`${server.url}/data`);
        await page.getByRole('cell', { name: 'other', exact: true }).waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type('sho');
        await page.getByRole('cell', { name: 'other', exact: true }).waitFor({ state: 'detached' });
        assert.equal(new URL(page.url()).searchParams.get('find'), 'sho');
    });
    await page.goto(`${server.url}/data/shop`);
    await page.getByRole('button', { name: 'Actions for orders' }).click();
    await page.getByRole('menuitem', { name: 'Delete collection' }).click();
    const ask = page.getByRole('dialog', { name: 'Delete collection orders' });
    await ask.getByText('2 records').waitFor();
    assert.equal(await ask.getByRole('button', { name: 'Delete collection' }).getAttribute('aria-disabled'), 'true');
    await ask.getByLabel('Type orders to confirm').fill('orders');
    await page.keyboard.press('Enter');
    await page.getByText('No collection yet').waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete database' }).click();
    await page.getByRole('dialog').getByLabel('Type shop to confirm').fill('shop');
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'other', exact: true }).waitFor();
    assert.equal((await server.call('GET', '/v1/databases')).data.length, 1);
});

test('data: a list that can’t be read says so, and is read again', async (one) => {
    const [, page] = await shop(one, { count: 3, path: '/data/shop', allow: ['500', '404'] });
    await page.getByRole('cell', { name: 'orders', exact: true }).waitFor();
    const body = JSON.stringify({
        status: 'error',
        code: 'INTERNAL_ERROR',
        message: 'The server failed',
        request_id: 'req_list',
    });
    await page.route('**/v1/databases/shop/collections?**', (route) =>
        route.fulfill({ status: 500, contentType: 'application/json', body }),
    );
    await page.reload();
    await page.getByRole('alert').getByText('The server failed').waitFor();
    await page.unroute('**/v1/databases/shop/collections?**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('cell', { name: 'orders', exact: true }).waitFor();
    await one.check('a collection that is not there', async () => {
        await page.goto(page.url() + '/nowhere');
        await page.getByRole('alert').getByText("There is no collection named 'nowhere'").waitFor();
    });
    await one.check('Ctrl K finds collections', async () => {
        await page.keyboard.press('ControlOrMeta+k');
        await page.keyboard.type('orde');
        await page.getByRole('option', { name: 'shop / orders' }).waitFor();
        await page.keyboard.press('Enter');
        await page.getByRole('cell', { name: 'o-000000' }).waitFor();
    });
});

test('data: an index is advised, created, built and deleted; the plan is a picture', async (one) => {
    const [server, page] = await shop(one, {
        count: 20_000,
        path: '/data/shop/orders/explain?filter=city+%3D+Oslo&sort=-total',
    });
    const plan = page.getByRole('list', { name: 'Plan' });
    await plan.getByText('20,000 records read').waitFor();
    await plan.getByText('in memory: no index gives this order').waitFor();
    await page.getByRole('button', { name: 'Create this index' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Create index' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.goto(`${server.url}/data/shop/orders/indexes`);
    await page.getByRole('row').filter({ hasText: 'city, -total' }).getByText('ready').waitFor();
    await page.goto(`${server.url}/data/shop/orders/explain?filter=city+%3D+Oslo&sort=-total`);
    await plan.getByText('entries in its order').waitFor();
    assert.equal(await plan.getByText('in memory').count(), 0);

    for (let call = 0; call < 3; call++)
        await server.call('POST', '/v1/databases/shop/collections/orders/query', {
            filter: { status: 'paid' },
            sort: '-number',
        });
    await page.goto(`${server.url}/data/shop/orders/indexes`);
    await page.getByText('3 queries looked at').waitFor();
    await one.check('the API’s error stands under its field', async () => {
        page.allowed.push('400');
        await page.keyboard.press('c');
        await page.getByRole('dialog').getByRole('button', { name: 'Create index' }).click();
        await page.getByRole('dialog').locator('input[name=fields][aria-invalid=true]').waitFor();
        await page.keyboard.press('Escape');
    });
    await page.getByRole('button', { name: 'Actions for by_city_-total' }).click();
    await page.getByRole('menuitem', { name: 'Delete index' }).click();
    await page.getByRole('dialog').getByLabel('Type by_city_-total to confirm').fill('by_city_-total');
    await page.keyboard.press('Enter');
    await page.getByText('No index yet').waitFor();
});

test('data: a schema is checked without a change, saved, and refuses', async (one) => {
    const [server, page] = await shop(one, { path: '/data/shop/orders/schema', allow: ['400'] });
    await writeInto(page, editor(page, 'JSON Schema'), '{"properties": {"total": {"maximum": 100}}}');
    await page.getByRole('button', { name: 'Check the stored records' }).click();
    await page.getByText(/of 300 records do not fit/).waitFor();
    await page.getByRole('list', { name: 'Records that do not fit' }).getByText('/total').first().waitFor();
    assert.equal((await server.call('GET', '/v1/databases/shop/collections/orders')).data.validation.mode, 'off');
    await page.getByLabel('Refuse').check();
    await page.getByRole('button', { name: 'Save schema' }).click();
    await page.getByText('The schema was saved').waitFor();
    assert.equal((await server.call('GET', '/v1/databases/shop/collections/orders')).data.validation.mode, 'error');

    await page.goto(`${server.url}/data/shop/orders?insert=1`);
    await page.getByRole('dialog').getByRole('textbox').waitFor();
    await writeInto(page, editor(page, 'New record'), '{"id": "dear", "total": 500}');
    await page.getByRole('dialog').getByRole('button', { name: 'Insert record' }).click();
    await page.getByRole('dialog').getByText('must be at most 100').first().waitFor();
});

test('data: records expire by a field, and settings are kept', async (one) => {
    const [server, page] = await shop(one, { path: '/data/shop/orders/settings', allow: ['400'] });
    await page.getByLabel('Changing a record needs If-Match').check();
    await page.getByLabel('And the record before and after it').check();
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText('The settings were saved').waitFor();
    await page.getByLabel('Field with a time').fill('expires_at');
    await page.getByLabel('Seconds after it').fill('3600');
    await page.getByRole('button', { name: 'Save expiry' }).click();
    await page.getByText('Records expire 60 min after').waitFor();
    const { data } = await server.call('GET', '/v1/databases/shop/collections/orders');
    assert.deepEqual(
        [data.require_if_match, data.change_images, data.ttl],
        [true, 'both', { field: 'expires_at', seconds: 3600 }],
    );
});

test('data: files are dropped, looked into, imported by a job; records are exported', async (one) => {
    const [server, page] = await shop(one, { count: 3, path: '/data/shop/orders/import' });
    const folder = mkdtempSync(join(tmpdir(), 'credvault-import-'));
    one.onEnd(() => rmSync(folder, { recursive: true }));
    const file = (name, content) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
    };
    await one.check('CSV, with types and a line that fails', async () => {
        const path = file(
            'people.csv',
            `id,name,zip,age\np-1,"Ada, Countess",007,36\np-2,Bob,12345,41\np-3,"Eve ""E""",1,x\n`,
        );
        await page.locator('input[type=file]').setInputFiles(path);
        await page.getByRole('cell', { name: 'Ada, Countess' }).waitFor();
        await page.getByRole('combobox', { name: /^age/ }).selectOption('int');
        await page.getByRole('combobox', { name: /^zip/ }).selectOption('string');
        await page.getByRole('button', { name: 'Import file' }).click();
        await page.getByText('2 inserted, 1 failed').waitFor();
        await page.getByText('1 record not imported').click();
        await page
            .getByText(/Line 4/)
            .first()
            .waitFor();
        const { data } = await server.call('GET', `${records}/p-1`);
        assert.deepEqual([data.name, data.zip, data.age], ['Ada, Countess', '007', 36]);
    });
    await one.check('NDJSON, compressed, dropped; integers beyond 2^53', async () => {
        const bytes = gzipSync(
            Array.from({ length: 5000 }, (_, index) => `{"id":"n-${index}","big":9223372036854775807}`).join('\n'),
        );
        const transfer = await page.evaluateHandle(
            (content) => {
                const data = new DataTransfer();
                data.items.add(new File([Uint8Array.from(content)], 'more.ndjson.gz'));
                return data;
            },
            [...bytes],
        );
        await page.dispatchEvent('.drop', 'drop', { dataTransfer: transfer });
        await page.getByRole('cell', { name: '9223372036854775807' }).first().waitFor();
        await page.getByRole('button', { name: 'Import file' }).click();
        await page.getByText('5,000 inserted').waitFor();
    });
    await one.check('what is no NDJSON is said before it is sent', async () => {
        await page.locator('input[type=file]').setInputFiles(file('broken.ndjson', '{"a": 1}\nnot json\n'));
        await page.getByText('Line 2 is no JSON').waitFor();
        await page.getByRole('button', { name: 'Cancel' }).click();
    });
    await one.check('export', async () => {
        await page.getByRole('combobox', { name: 'Filter of the export' }).fill('id starts with o-');
        await page.keyboard.press('Enter');
        await page.getByRole('region', { name: 'Export' }).getByLabel('Format').selectOption('csv');
        await page.getByLabel('Fields').last().fill('id, city');
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name: 'Export records' }).click();
        const saved = join(folder, 'out.csv');
        await (await download).saveAs(saved);
        assert.equal(
            readFileSync(saved, 'utf8').trim().split(/\r?\n/).join('\n'),
            ['id,city', ...[0, 1, 2].map((number) => `${order(number).id},${order(number).city}`)].join('\n'),
        );
    });
});

test('data: changes show up as they are written', async (one) => {
    const [server, page] = await shop(one, { path: '/data/shop/orders/changes' });
    await page.getByText('No change yet').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'o-000007' });
    await page.getByText('Live', { exact: true }).waitFor();
    await server.call('PATCH', `${records}/o-000007`, { $inc: { number: 1 } });
    await row.first().getByText('update').waitFor();
    await page.keyboard.press('p');
    await page.getByText('Paused').waitFor();
    await server.call('DELETE', `${records}/o-000008`);
    // It has been written by now, and the page's stream was closed before.
    assert.equal(await page.getByRole('row').filter({ hasText: 'o-000008' }).count(), 0);
    await page.keyboard.press('p');
    // Nothing was missed meanwhile.
    await page.getByRole('row').filter({ hasText: 'o-000008' }).getByText('delete').waitFor();
    await page.getByLabel('Which changes').selectOption('insert');
    await server.call('POST', records, { id: 'fresh' });
    await page.getByRole('row').filter({ hasText: 'fresh' }).click();
    await page.getByRole('dialog', { name: 'insert fresh' }).waitFor();
    await page.keyboard.press('Escape');
});

test('data: a pipeline is built stage by stage', async (one) => {
    const [server, page] = await shop(one, { path: '/data/shop/orders/pipeline', allow: ['400'] });
    const all = Array.from({ length: 300 }, (_, number) => order(number));
    const paid = all.filter((entry) => entry.status === 'paid');
    const cities = new Set(paid.map((entry) => entry.city)).size;
    await page.getByText('No stage yet').waitFor();
    await painted(page);
    await page.keyboard.press('c');
    await writeInto(page, editor(page, 'Stage 1, $match'), '{"status": "paid"}');
    const stage = (number) => page.getByRole('region', { name: new RegExp(`^Stage ${number}`) });
    await stage(1).getByText(`${paid.length} documents`).waitFor();
    await page.getByRole('button', { name: 'Add stage' }).click();
    await page.getByRole('menuitem', { name: '$group', exact: true }).click();
    await writeInto(page, editor(page, 'Stage 2, $group'), '{"_id": "$city", "orders": {"$sum": 1}}');
    await stage(2).getByText(`${cities} documents`).waitFor();
    await one.check('the API’s error stands at its stage', async () => {
        await writeInto(page, editor(page, 'Stage 2, $group'), '{"_id": "$city", "orders": {"$summ": 1}}');
        await stage(2)
            .getByText(/\$summ/)
            .last()
            .waitFor();
        assert.equal(await stage(1).getByRole('alert').count(), 0);
        await writeInto(page, editor(page, 'Stage 2, $group'), '{"_id": "$city", "orders": {"$sum": 1}}');
        await stage(2).getByText(`${cities} documents`).waitFor();
    });
    await page.getByRole('button', { name: 'Run pipeline' }).click();
    await page.getByRole('table', { name: 'Result' }).waitFor();
    await page.waitForURL((url) => /"\$group".*\$sum\\": 1/.test(url.searchParams.get('pipeline') ?? ''));
    await page.reload();
    await stage(2).getByText(`${cities} documents`).waitFor();
    await one.check('a stage that writes waits for a yes', async () => {
        await page.getByRole('button', { name: 'Add stage' }).click();
        await page.getByRole('menuitem', { name: '$out' }).click();
        // The last call of the stages' own run, which must leave the third out.
        const explained = page.waitForResponse((answer) => answer.url().endsWith('/explain'));
        await writeInto(page, editor(page, 'Stage 3, $out'), '"by_city"');
        await stage(3).getByText('Writes').waitFor();
        await explained;
        assert.equal((await server.call('GET', '/v1/databases/shop/collections')).data.length, 1);
        await page.getByRole('button', { name: 'Run pipeline' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Run pipeline' }).click();
        await page.getByText('The pipeline has written its documents').waitFor();
        assert.equal((await server.call('GET', '/v1/databases/shop/collections')).data.length, 2);
    });
    await one.check('as JSON', async () => {
        await page.getByRole('button', { name: 'Edit as JSON' }).click();
        await writeInto(page, editor(page.getByRole('dialog'), 'Pipeline'), '[{"$sortByCount": "$status"}]');
        await page.getByRole('button', { name: 'Use pipeline' }).click();
        await stage(1).getByText('4 documents').waitFor();
    });
});
