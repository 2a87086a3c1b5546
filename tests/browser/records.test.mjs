// Records: found, read, written, with others writing, and with a server that is slow or fails.
import assert from 'node:assert/strict';
import { openPage, ownersPage, signIn } from './lib/browser.mjs';
import { editor, order, records, stock, writeInto } from './lib/orders.mjs';
import { ADMIN_KEY, serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';

const HOME = '/data/shop/orders';

async function orders(one, { count = 300, path = HOME, ...options } = {}) {
    const server = await serve(one);
    await stock(server, count);
    const page = await ownersPage(one, server, { ...options, path });
    if (path === HOME) await page.getByRole('cell', { name: 'o-000000' }).waitFor();
    return [server, page];
}

const raw = (server, id) =>
    fetch(`${server.url}${records}/${id}`, { headers: { Authorization: `ApiKey ${ADMIN_KEY}` } }).then((answer) =>
        answer.text(),
    );
const bar = (page) => page.getByRole('combobox', { name: 'Filter', exact: true });

test('records: the filter completes fields, operators and values', async (one) => {
    const [, page] = await orders(one, { allow: ['400'] });
    await page.keyboard.press('/');
    await page.keyboard.type('cit');
    await page.getByRole('option', { name: /^city/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('option', { name: /^contains/ }).waitFor();
    await page.keyboard.type('= Os');
    await page.getByRole('option', { name: /^Oslo/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('and "gift wrap" = true');
    await page.keyboard.press('Enter');
    const wanted = Array.from({ length: 300 }, (_, number) => order(number)).filter(
        (one) => one.city === 'Oslo' && one['gift wrap'],
    );
    await page.getByText(`${wanted.length} records match`).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('filter'), 'city = Oslo and "gift wrap" = true');
    await page.reload();
    await page.getByText(`${wanted.length} records match`).waitFor();

    await one.check('JSON, with names in objects', async () => {
        await bar(page).fill('{"customer.vip": true, "total": {"$lt": 300}}');
        await page.keyboard.press('Enter');
        const count = Array.from({ length: 300 }, (_, number) => order(number)).filter(
            (one) => one.customer.vip && one.total < 300,
        ).length;
        await page.getByText(`${count} records match`).waitFor();
    });
    await one.check('JSON completes, too', async () => {
        await bar(page).fill('{"tot');
        await page.getByRole('option', { name: /^total/ }).waitFor();
        await page.keyboard.press('Escape');
    });
    await one.check('the API’s own error', async () => {
        await bar(page).fill('{"total": {"$greater": 3}}');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').getByText("Unknown operator '$greater'").waitFor();
    });
    await one.check('what can’t be read is told without a call', async () => {
        await bar(page).fill('city Oslo');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').getByText("Expected an operator after 'city'").waitFor();
    });
    await one.check('nothing found', async () => {
        await bar(page).fill('city = Rome');
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Clear the filter' }).last().click();
        await page.getByRole('cell', { name: 'o-000000' }).waitFor();
    });
});

test('records: sorted by column, as JSON, from the end; columns are chosen', async (one) => {
    const [, page] = await orders(one, { count: 2000 });
    const total = page.getByRole('columnheader', { name: 'total' }).getByRole('button');
    await total.click();
    await total.click();
    const dearest = Array.from({ length: 2000 }, (_, number) => order(number)).sort((a, b) => b.total - a.total)[0];
    await page.getByRole('row').nth(1).getByText(dearest.id).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('sort'), '-total');
    await page.goBack();
    await page.goBack();
    await page.getByRole('row').nth(1).getByText('o-000000').waitFor();
    await one.check('a name with a space sorts, too', async () => {
        await page.getByRole('columnheader', { name: 'gift wrap' }).getByRole('button').click();
        await page.getByRole('row').nth(1).getByText('false').first().waitFor();
        await page.goBack();
        await page.getByRole('row').nth(1).getByText('o-000000').waitFor();
    });
    await page.getByRole('button', { name: 'Go to the last' }).click();
    await page.getByText('o-001999').waitFor();
    await one.check('up from the last: what is read before stays in its place', async () => {
        const box = await page.getByRole('group', { name: 'Records' }).elementHandle();
        await page.waitForFunction(
            (node) => {
                node.scrollTop -= 5000;
                const seen = [...node.querySelectorAll('tbody tr[data-key]')].map((row) => row.dataset.key);
                return seen.length > 10 && seen.every((id) => id < 'o-001700');
            },
            box,
            { polling: 100 },
        );
        const ids = await page.locator('tbody tr[data-key]').evaluateAll((rows) => rows.map((row) => row.dataset.key));
        assert.deepEqual(ids, [...ids].sort());
        assert.ok(ids.length > 10 && ids[0] < 'o-001700', ids[0]);
    });
    await page.getByRole('button', { name: 'Go to the first' }).click();
    await page.getByRole('cell', { name: 'o-000000' }).waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemradio', { name: 'city' }).click();
    await page.getByRole('columnheader', { name: 'city' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.getByRole('article', { name: 'Record o-000003' }).getByText('"fragile"').waitFor();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByRole('article', { name: 'Record o-000051' }).waitFor();
    await page.getByText('Records 51 to 100').waitFor();
});

test('records: inserted and edited; numbers stay as they were written', async (one) => {
    const [server, page] = await orders(one, { allow: ['400', '409'] });
    await page.keyboard.press('c');
    await page.getByRole('dialog', { name: 'Insert record' }).getByRole('textbox').waitFor();
    await writeInto(
        page,
        editor(page, 'New record'),
        '{"id": "exact", "big": 9223372036854775807, "one": 1.0, "text": "a\\u00e9"}',
    );
    await page.getByText('The same call from a program').last().click();
    assert.match(await page.getByRole('dialog').locator('pre').textContent(), /9223372036854775807/);
    await page.getByRole('dialog').getByRole('button', { name: 'Insert record' }).click();
    await page.getByRole('dialog', { name: 'exact' }).getByText('9223372036854775807').waitFor();
    await page.keyboard.press('e');
    const field = editor(page, 'Record exact');
    await field.waitFor();
    await field.click();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.insertText(', "more": [1, 2]');
    await page.getByRole('button', { name: 'Save record' }).click();
    await page.getByText('Saved exact').waitFor();
    const text = await raw(server, 'exact');
    assert.match(text, /"big":9223372036854775807,"one":1\.0,"text":"aé","more":\[1,2\]/);
    await one.check('what is no JSON can’t be sent', async () => {
        await page.keyboard.press('e');
        await editor(page, 'Record exact').waitFor();
        await writeInto(page, editor(page, 'Record exact'), '{"a": }');
        await page.getByText('This is no JSON yet').waitFor();
        assert.equal(await page.getByRole('button', { name: 'Save record' }).getAttribute('aria-disabled'), 'true');
    });
    await one.check('edits are not lost without a question', async () => {
        await page.getByRole('button', { name: 'Close' }).first().click();
        await page
            .getByRole('dialog', { name: 'Discard edits' })
            .getByRole('button', { name: 'Discard edits' })
            .click();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
    });
    await one.check('an id that is taken: the API’s words', async () => {
        await page.keyboard.press('c');
        await page.getByRole('dialog').getByRole('textbox').waitFor();
        await writeInto(page, editor(page, 'New record'), '{"id": "o-000001"}');
        await page.getByRole('dialog').getByRole('button', { name: 'Insert record' }).click();
        await page.getByRole('dialog').getByRole('alert').getByText(/req_/).waitFor();
    });
});

test('records: a second tab changes the same record', async (one) => {
    const [server, page] = await orders(one, { allow: ['412', '404'], path: `${HOME}?record=o-000004` });
    const other = await openPage(one, server);
    await signIn(other, server, { path: `${HOME}?record=o-000004` });
    const edit = async (tab, text) => {
        await tab.getByRole('button', { name: 'Edit record' }).click();
        await editor(tab, 'Record o-000004').waitFor();
        await writeInto(tab, editor(tab, 'Record o-000004'), text);
    };
    await edit(page, '{"number": 4, "status": "mine"}');
    await edit(other, '{"number": 4, "city": "theirs"}');
    await other.getByRole('button', { name: 'Save record' }).click();
    await other.getByText('Saved o-000004').waitFor();
    await page.getByRole('button', { name: 'Save record' }).click();
    await page.getByText('This record was changed since you opened it').waitFor();
    await page.getByRole('region', { name: 'Now stored' }).getByText('"theirs"').waitFor();
    await page.getByRole('region', { name: 'Yours' }).getByText('"mine"').waitFor();
    assert.match(await raw(server, 'o-000004'), /theirs/, 'nothing was saved');
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByText('Saved o-000004').waitFor();
    assert.match(await raw(server, 'o-000004'), /mine/);

    await one.check('keep what is stored', async () => {
        await edit(page, '{"status": "lost"}');
        await server.call('PATCH', `${records}/o-000004`, { status: 'kept' });
        await page.getByRole('button', { name: 'Save record' }).click();
        await page.getByRole('button', { name: 'Keep what is stored' }).click();
        await page.getByRole('dialog').getByText('"kept"').waitFor();
        assert.match(await raw(server, 'o-000004'), /kept/);
    });
    await one.check('deleted meanwhile', async () => {
        await edit(page, '{"status": "again"}');
        await server.call('DELETE', `${records}/o-000004`);
        await page.getByRole('button', { name: 'Save record' }).click();
        await page.getByText('This record was deleted since you opened it').waitFor();
        await page.getByRole('button', { name: 'Insert mine again' }).click();
        await page.getByRole('dialog').getByText('"again"', { exact: true }).waitFor();
        await page.getByRole('button', { name: 'Edit record' }).waitFor();
        assert.match(await raw(server, 'o-000004'), /again/);
    });
});

test('records: deleted at once, and back by undo', async (one) => {
    const [server, page] = await orders(one, { allow: ['412', '404'] });
    const before = JSON.parse(await raw(server, 'o-000002')).data;
    await page.getByRole('cell', { name: 'o-000002' }).waitFor();
    await page.locator('tr[data-key=o-000002]').getByText(before.city).click();
    await page.getByRole('dialog', { name: 'o-000002' }).getByText('"bulky"').waitFor();
    await page.getByRole('button', { name: 'Delete record' }).click();
    await page.getByText('Deleted o-000002. Undo inserts it again as version 1').waitFor();
    assert.equal(await page.locator('tr[data-key=o-000002]').count(), 0);
    await page.getByText('299 records').first().waitFor();
    assert.match(await raw(server, 'o-000002'), /RECORD_NOT_FOUND/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('o-000002 is back').waitFor();
    await page.locator('tr[data-key=o-000002]').waitFor();
    const after = JSON.parse(await raw(server, 'o-000002')).data;
    assert.equal(after.created_at, before.created_at);
    assert.deepEqual({ ...after, updated_at: '', _version: 0 }, { ...before, updated_at: '', _version: 0 });
    await one.check('not over a change of somebody else', async () => {
        await page.locator('tr[data-key=o-000003]').getByText(order(3).city).click();
        await page.getByRole('dialog', { name: 'o-000003' }).getByText('"gift"').waitFor();
        await server.call('PATCH', `${records}/o-000003`, { status: 'changed' });
        await page.getByRole('button', { name: 'Delete record' }).click();
        await page.getByText('o-000003 was not deleted').waitFor();
        await page.locator('tr[data-key=o-000003]').waitFor();
    });
});

test('records: by keyboard alone', async (one) => {
    const [server, page] = await orders(one, { path: '/' });
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.getByRole('cell', { name: 'shop', exact: true }).waitFor();
    for (const key of ['j', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('cell', { name: 'orders', exact: true }).waitFor();
    for (const key of ['j', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('cell', { name: 'o-000000' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('number >= 10');
    await page.keyboard.press('Enter');
    await page.getByText('290 records match').waitFor();
    await page.keyboard.press('Escape');
    for (const key of ['j', 'j', 'k', 'j', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('dialog', { name: 'o-000011' }).getByText('"fragile"').waitFor();
    await page.keyboard.press('j');
    await page.getByRole('dialog', { name: 'o-000012' }).getByText('"bulky"').waitFor();
    await page.keyboard.press('e');
    await editor(page, 'Record o-000012').waitFor();
    await page.waitForFunction(() => document.activeElement?.shadowRoot !== null);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('{"number": 12, "by": "keyboard"}');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByText('Saved o-000012').waitFor();
    assert.match(await raw(server, 'o-000012'), /keyboard/);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    for (const words of ['Filter', 'Insert record', 'Next row', 'Show as table or as JSON'])
        await help.getByText(words, { exact: true }).first().waitFor();
    await page.keyboard.press('Escape');
});

test('records: the server is slow, fails, or is gone', async (one) => {
    const [server, page] = await orders(one, { allow: ['500', 'ERR_'] });
    const path = /\/collections\/orders\/records\?/;
    await one.check('slow: a skeleton, then the records', async () => {
        let go;
        const wait = new Promise((resolve) => {
            go = resolve;
        });
        await page.route(path, async (route) => {
            await wait;
            await route.continue();
        });
        await page.keyboard.press('r');
        await page.getByRole('status', { name: 'Loading' }).waitFor();
        go();
        await page.getByRole('cell', { name: 'o-000000' }).waitFor();
        await page.unroute(path);
    });
    await one.check('failing: what happened, and once more', async () => {
        const body = JSON.stringify({
            status: 'error',
            code: 'INTERNAL_ERROR',
            message: 'The server failed',
            request_id: 'req_test',
        });
        await page.route(path, (route) => route.fulfill({ status: 500, contentType: 'application/json', body }));
        await page.keyboard.press('r');
        await page.getByRole('alert').getByText('The server failed').waitFor();
        await page.getByText('req_test').waitFor();
        await page.unroute(path);
        await page.getByRole('button', { name: 'Try again' }).click();
        await page.getByRole('cell', { name: 'o-000000' }).waitFor();
    });
    await one.check('gone: what is shown stays, the edit too', async () => {
        await page.goto(`${server.url}${HOME}?record=o-000001`);
        await page.getByRole('button', { name: 'Edit record' }).click();
        await editor(page, 'Record o-000001').waitFor();
        await writeInto(page, editor(page, 'Record o-000001'), '{"number": 1, "late": true}');
        await page.route('**/v1/**', (route) => route.abort('connectionrefused'));
        await page.getByRole('button', { name: 'Save record' }).click();
        await page.getByRole('dialog').getByText("The server can't be reached").waitFor({ timeout: 30_000 });
        await page.unroute('**/v1/**');
        await page.getByRole('button', { name: 'Save record' }).click();
        await page.getByText('Saved o-000001').waitFor();
        assert.match(await raw(server, 'o-000001'), /"late":true/);
    });
});

test('records: who may only read is offered nothing else', async (one) => {
    const server = await serve(one);
    await stock(server, 50);
    const { data } = await server.call('POST', '/v1/invitations', { email: 'view@example.com', role: 'viewer' });
    await fetch(`${server.url}/v1/invitations/accept`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ token: data.token, password: 'words of a viewer', name: 'Vera' }),
    }).then((answer) => answer.text());
    const page = await openPage(one, server);
    await signIn(page, server, { email: 'view@example.com', password: 'words of a viewer', path: HOME });
    await page.getByRole('cell', { name: 'o-000000' }).waitFor();
    await page.keyboard.press('c');
    await page.locator('tr[data-key=o-000003]').getByText(order(3).city).click();
    await page.getByRole('dialog', { name: 'o-000003' }).getByText('"gift"').waitFor();
    await page.keyboard.press('e');
    for (const name of ['Insert record', 'Edit record', 'Delete record'])
        assert.equal(await page.getByRole('button', { name }).count(), 0, name);
    assert.equal(await page.getByRole('link', { name: 'Pipeline' }).count(), 0);
    for (const [tab, words] of [
        ['indexes', 'No index yet'],
        ['settings', 'Admins of the workspace change these settings.'],
        ['import', 'Export records'],
        ['schema', 'JSON Schema'],
    ]) {
        await page.goto(`${server.url}${HOME}/${tab}`);
        await page.getByText(words).first().waitFor();
        for (const name of ['Create index', 'Save schema', 'Import file', 'Delete collection'])
            assert.equal(await page.getByRole('button', { name }).count(), 0, name);
    }
});
