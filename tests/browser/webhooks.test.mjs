import assert from 'node:assert/strict';
import { checkAccessible, ownersPage, signIn, openPage } from './lib/browser.mjs';
import { furnish } from './lib/data.mjs';
import { receive } from './lib/receiver.mjs';
import { OWNER, serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';

// Receivers of the tests are on the loopback; waits are a hundredth of those that are documented.
const config = '[outgoing]\nallowed_addresses = ["127.0.0.0/8"]\n[webhooks]\nretry_permille = 10\n';
const heading = (page, name) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
const insert = (server, record) =>
    server.call('POST', '/v1/databases/shop/collections/orders/records', record);
/** The usual data, and no webhook yet. */
async function furnishAlone(server) {
    await furnish(server);
    for (const { id } of (await server.call('GET', '/v1/webhooks')).data)
        await server.call('DELETE', `/v1/webhooks/${id}`);
}

const make = (server, body) => server.call('POST', '/v1/webhooks', body).then((answer) => answer.data);

async function storedSecret(page, name) {
    const dialog = page.getByRole('dialog', { name: `The secret of ${name}` });
    const secret = (await dialog.locator('pre').first().textContent()).trim();
    await dialog.getByLabel('I have stored the secret').check();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'hidden' });
    return secret;
}

/** The program that the page shows in JavaScript, as a function. */
async function shownVerifier(page) {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Language').selectOption('javascript');
    const code = await dialog.locator('pre').nth(1).textContent();
    return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).verify;
}

test('webhooks: made with a filter and a preview, signed as the shown code verifies', async (one) => {
    const server = await serve(one, { config });
    await furnishAlone(server);
    const receiver = await receive(one);
    const page = await ownersPage(one, server, { path: '/webhooks', allow: ['400'] });
    await page.getByText('No webhooks yet').waitFor();
    await page.keyboard.press('c');
    await heading(page, 'Create webhook');
    const preview = page.getByRole('region', { name: 'What is sent' });
    await preview.getByText('"document.created"').waitFor();

    await one.check('an address that is not allowed is refused before it is saved', async () => {
        await page.getByLabel('URL').fill('http://10.0.0.1/hooks');
        await page.keyboard.press('Tab');
        await page.locator('[name=url][aria-invalid=true]').waitFor();
        await page.getByText('The server does not call').waitFor();
    });
    await page.getByLabel('URL').fill(`${receiver.url}/orders`);
    await page.getByLabel('Description').fill('Orders to the warehouse');
    await page.getByRole('combobox', { name: 'Database' }).fill('shop');
    await page.getByRole('combobox', { name: 'Collection' }).fill('orders');
    const filter = page.getByRole('combobox', { name: 'Only records that match' });
    await one.check('a filter that can’t be read is told, and nothing is sent', async () => {
        await filter.fill('status = ');
        await filter.blur();
        await page.getByText('Expected a value after').waitFor();
        await page.getByRole('button', { name: 'Create webhook' }).click();
        assert.deepEqual((await server.call('GET', '/v1/webhooks')).data, []);
    });
    await filter.fill('status = paid');
    await filter.blur();
    await one.check('the preview follows the settings', async () => {
        await page.getByLabel('Format').selectOption('cloudevents');
        await preview.getByText('"1.0"').waitFor();
        await page.getByLabel('Format').selectOption('standard');
        await preview.getByLabel('Example of').selectOption('document.deleted');
        await preview.getByText('"document.deleted"').waitFor();
        await page.getByText('Signature, headers and caps').click();
        await page.getByLabel('Headers').fill('X-Tenant: 42');
        await preview.getByText('X-Tenant:').waitFor();
        await checkAccessible(page, 'the form');
    });
    await page.getByRole('button', { name: 'Create webhook' }).click();
    await page.getByRole('dialog', { name: 'The secret of Orders to the warehouse' }).waitFor();
    await checkAccessible(page, 'the secret');
    const verify = await shownVerifier(page);
    await one.check('there is code in several languages', async () => {
        const languages = await page.getByRole('dialog').getByLabel('Language').locator('option').allTextContents();
        assert.ok(languages.length >= 5, languages.join());
        for (const language of languages) {
            await page.getByRole('dialog').getByLabel('Language').selectOption(language);
            assert.match(await page.getByRole('dialog').locator('pre').nth(1).textContent(), /webhook-signature|signatures/);
        }
    });
    const secret = await storedSecret(page, 'Orders to the warehouse');
    await heading(page, 'Orders to the warehouse');
    assert.match(page.url(), /\/webhooks\/wh_\w+$/);

    await insert(server, { id: 'open-1', status: 'open' });
    await insert(server, { id: 'paid-1', status: 'paid' });
    const delivery = await receiver.wait(() => true);
    assert.equal(delivery.headers['x-tenant'], '42');
    assert.equal(JSON.parse(delivery.body).data.id, 'paid-1');
    assert.equal(verify(secret, delivery.headers, delivery.body), true, 'the shown code verifies it');
    assert.equal(verify(secret, delivery.headers, `${delivery.body} `), false);
    await page.keyboard.press('r');
    await page.getByRole('cell', { name: 'shop/orders/paid-1' }).waitFor({ timeout: 5000 }).catch(async () => {
        await page.keyboard.press('r');
    });
    await page.getByRole('cell', { name: 'shop/orders/paid-1' }).click();
    const drawer = page.getByRole('dialog', { name: 'document.created' });
    await drawer.getByText('{"ok":true}').waitFor();
    await drawer.getByText('"paid-1"').first().waitFor();
    await checkAccessible(page, 'a delivery');
    assert.equal(receiver.arrived.length, 1, 'the open order is not the webhook’s');

    await one.check('changed: what was not touched is left', async () => {
        await page.keyboard.press('Escape');
        await page.getByRole('link', { name: 'Settings', exact: true }).last().click();
        await page.getByLabel('Description').fill('Paid orders');
        await page.getByRole('button', { name: 'Save webhook' }).click();
        await heading(page, 'Paid orders');
        const [webhook] = (await server.call('GET', '/v1/webhooks')).data;
        assert.deepEqual(webhook.filter, { status: 'paid' });
        assert.deepEqual([webhook.database, webhook.collection, webhook.payload], ['shop', 'orders', 'record']);
        await insert(server, { id: 'paid-2', status: 'paid' });
        const second = await receiver.wait((one) => one.body.includes('paid-2'));
        assert.equal(second.headers['x-tenant'], '42');
    });
});

test('webhooks: failed deliveries are seen, sent again and replayed', async (one) => {
    const server = await serve(one, { config });
    await furnishAlone(server);
    const receiver = await receive(one);
    receiver.answer = () => ({ status: 503, body: 'the warehouse is closed' });
    const { id } = await make(server, {
        url: receiver.url,
        description: 'Warehouse',
        events: ['document.*'],
        database: 'shop',
        collection: 'orders',
    });
    await insert(server, { id: 'o1', total: 1 });
    await receiver.wait(() => true, 2);
    const page = await ownersPage(one, server, { path: `/webhooks/${id}` });
    await heading(page, 'Warehouse');
    await page.getByRole('cell', { name: 'shop/orders/o1' }).click();
    const drawer = page.getByRole('dialog', { name: 'document.created' });
    await one.check('each attempt with its answer, and the next try', async () => {
        await drawer.getByText('retrying', { exact: true }).waitFor();
        await drawer.getByText('Next try').waitFor();
        await drawer.getByText('The answer was not 2xx').first().waitFor();
        await drawer.getByText('the warehouse is closed').first().waitFor();
        assert.match(page.url(), /delivery=dlv_/);
        await checkAccessible(page, 'a failed delivery');
    });
    await one.check('sent again, it arrives with the same id, and the screen tells', async () => {
        receiver.answer = () => ({ status: 200, body: 'thanks' });
        const before = receiver.arrived.length;
        await drawer.getByRole('button', { name: 'Send again' }).click();
        await drawer.getByText('delivered', { exact: true }).waitFor();
        await drawer.getByText('thanks').waitFor();
        const again = receiver.arrived.at(before);
        assert.equal(again.headers['webhook-id'], receiver.arrived[0].headers['webhook-id']);
        await page.getByRole('row', { name: /delivered.*shop\/orders\/o1/ }).waitFor();
    });
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await one.check('a range of time is replayed', async () => {
        const before = receiver.arrived.length;
        await page.getByRole('button', { name: 'More' }).click();
        await page.getByRole('menuitem', { name: 'Replay deliveries' }).click();
        const dialog = page.getByRole('dialog', { name: 'Replay deliveries' });
        await dialog.getByLabel('A range of time').check();
        await dialog.getByLabel('From').fill('2020-01-01T00:00:01');
        await checkAccessible(page, 'replay');
        await dialog.getByRole('button', { name: 'Replay deliveries' }).click();
        await page.getByText('1 delivery is sent again').waitFor();
        await receiver.wait(() => true, before + 1);
    });
    await one.check('where nothing failed for good, replaying that says so', async () => {
        await page.getByRole('button', { name: 'More' }).click();
        await page.getByRole('menuitem', { name: 'Replay deliveries' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Replay deliveries' }).click();
        await page.getByText('There is nothing of the kind to send again').waitFor();
    });
    await one.check('filtered by status and by what they are about', async () => {
        await page.getByLabel('Status', { exact: true }).selectOption('failed');
        await page.getByText('No delivery is like that').waitFor();
        await page.getByRole('button', { name: 'Show all deliveries' }).click();
        await page.getByLabel('Find by what it is about').fill('o1');
        await page.getByRole('cell', { name: 'shop/orders/o1' }).waitFor();
        await page.waitForURL(/find=o1/);
    });
    await one.check('success and latency are drawn, and told in a table', async () => {
        await page.getByRole('link', { name: 'Success and latency' }).click();
        await page.getByText(/% succeeded/).waitFor();
        await page.locator('.chart canvas').nth(1).waitFor();
        const table = page.getByRole('table', { name: 'Attempts by the hour' });
        const last = await table.locator('tbody tr').last().locator('td').allTextContents();
        assert.equal(Number(last[0]), receiver.arrived.length);
        assert.ok(Number(last[1]) >= 2, last.join());
        await checkAccessible(page, 'statistics');
    });
});

test('webhooks: test event, pause, resume, rotate, disable, delete', async (one) => {
    const server = await serve(one, { config });
    await furnishAlone(server);
    const receiver = await receive(one);
    const { id, secret } = await make(server, { url: receiver.url, description: 'Mirror', events: ['document.*'] });
    const page = await ownersPage(one, server, { path: '/webhooks' });
    await page.getByRole('cell', { name: 'Mirror' }).waitFor();
    await one.check('opened from the list by the keyboard', async () => {
        await page.keyboard.press('j');
        await page.keyboard.press('Enter');
        await heading(page, 'Mirror');
        assert.equal(new URL(page.url()).pathname, `/webhooks/${id}`);
    });
    await one.check('a test event of any type, with what came of it', async () => {
        await page.keyboard.press('t');
        const dialog = page.getByRole('dialog', { name: 'Send test event' });
        await dialog.getByLabel('Example of').selectOption('document.updated');
        await dialog.getByRole('button', { name: 'Send test event' }).click();
        await dialog.getByText('It arrived').waitFor();
        await dialog.getByText('{"ok":true}').waitFor();
        assert.equal(JSON.parse(receiver.arrived.at(-1).body).type, 'document.updated');
        await checkAccessible(page, 'a test event');
        receiver.answer = () => ({ status: 302, body: '' });
        await dialog.getByRole('button', { name: 'Send test event' }).click();
        await dialog.getByText('It did not arrive').waitFor();
        await dialog.getByText('302').waitFor();
        receiver.answer = () => ({ status: 200, body: '' });
        await dialog.getByRole('button', { name: 'Close' }).first().click();
    });
    await one.check('paused, events wait; resumed, they come', async () => {
        await page.getByRole('button', { name: 'Pause webhook' }).click();
        await page.getByText('Events wait until it is resumed').waitFor();
        await insert(server, { id: 'w1' });
        assert.equal((await server.call('GET', `/v1/webhooks/${id}`)).data.status, 'paused');
        await page.getByRole('button', { name: 'Resume webhook' }).click();
        await receiver.wait((delivery) => delivery.body.includes('"w1"'));
        await page.getByRole('button', { name: 'Pause webhook' }).waitFor();
    });
    await one.check('rotated with an overlap: both sign', async () => {
        await page.getByRole('button', { name: 'More' }).click();
        await page.getByRole('menuitem', { name: 'Rotate secret' }).click();
        const dialog = page.getByRole('dialog', { name: 'Rotate the secret of Mirror' });
        await dialog.getByLabel('The old secret ends').selectOption('3600');
        await dialog.getByRole('button', { name: 'Rotate secret' }).click();
        await page.getByRole('dialog', { name: 'The secret of Mirror' }).waitFor();
        const verify = await shownVerifier(page);
        const next = await storedSecret(page, 'Mirror');
        assert.notEqual(next, secret);
        await insert(server, { id: 'r1' });
        const delivery = await receiver.wait((one) => one.body.includes('"r1"'));
        assert.equal(verify(secret, delivery.headers, delivery.body), true, 'the old secret');
        assert.equal(verify(next, delivery.headers, delivery.body), true, 'the new secret');
    });
    await one.check('disabled, and back', async () => {
        await page.getByRole('button', { name: 'More' }).click();
        await page.getByRole('menuitem', { name: 'Disable webhook' }).click();
        await page.getByText('events pass by, and are not sent later').waitFor();
        await page.getByRole('button', { name: 'Undo' }).last().click();
        await page.getByRole('button', { name: 'Pause webhook' }).waitFor();
    });
    await one.check('deleted, once its name is typed', async () => {
        await page.getByRole('button', { name: 'More' }).click();
        await page.getByRole('menuitem', { name: 'Delete webhook' }).click();
        const dialog = page.getByRole('dialog', { name: 'Delete Mirror' });
        await dialog.getByLabel('Type Mirror to confirm').fill('Mirror');
        await dialog.getByRole('button', { name: 'Delete webhook' }).click();
        await page.getByText('No webhooks yet').waitFor();
        assert.deepEqual((await server.call('GET', '/v1/webhooks')).data, []);
    });
});

test('webhooks: signed by Ed25519, verified by the code and the key that are shown', async (one) => {
    const server = await serve(one, { config });
    await furnishAlone(server);
    const receiver = await receive(one);
    const page = await ownersPage(one, server, { path: '/webhooks/new' });
    await heading(page, 'Create webhook');
    await page.getByLabel('URL').fill(receiver.url);
    await page.getByLabel('Description').fill('Signed by key');
    await page.getByText('Signature, headers and caps').click();
    await page.getByLabel('Signature', { exact: true }).selectOption('v1a');
    await page.getByRole('button', { name: 'Create webhook' }).click();
    const dialog = page.getByRole('dialog', { name: 'The public key of Signed by key' });
    const key = (await dialog.locator('pre').first().textContent()).trim();
    assert.match(key, /^whpk_/);
    assert.equal(await dialog.getByLabel('I have stored the secret').count(), 0, 'there is no secret to store');
    await checkAccessible(page, 'the public key');
    const verify = await shownVerifier(page);
    await dialog.getByRole('button', { name: 'Close' }).first().click();
    await heading(page, 'Signed by key');
    await insert(server, { id: 'e1' });
    const first = await receiver.wait((delivery) => delivery.body.includes('"e1"'));
    assert.match(first.headers['webhook-signature'], /^v1a,/);
    assert.equal(verify(key, first.headers, first.body), true, 'the shown code verifies it');
    assert.equal(verify(key, first.headers, `${first.body} `), false);
    await one.check('the key is there again under Verify, and in the settings what signs', async () => {
        await page.getByRole('link', { name: 'Verify', exact: true }).click();
        await page.getByText(key).waitFor();
        await page.getByRole('link', { name: 'Settings', exact: true }).last().click();
        await page.getByText('v1a: Ed25519').waitFor();
    });
    await one.check('rotated with an overlap: both keys verify', async () => {
        await page.getByRole('button', { name: 'More' }).click();
        await page.getByRole('menuitem', { name: 'Rotate key' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Rotate key' }).click();
        await dialog.waitFor();
        const next = (await dialog.locator('pre').first().textContent()).trim();
        assert.notEqual(next, key);
        await insert(server, { id: 'e2' });
        const second = await receiver.wait((delivery) => delivery.body.includes('"e2"'));
        assert.equal(verify(key, second.headers, second.body), true, 'the old key');
        assert.equal(verify(next, second.headers, second.body), true, 'the new key');
    });
});

test('webhooks: why one is paused, and that events were lost', async (one) => {
    const small = '[changes]\nkept_rows = 50\nheld_rows = 200\n[storage]\nupkeep_ms = 20\n';
    const server = await serve(one, { config: `${config}window_messages = 8\n${small}` });
    await furnishAlone(server);
    const receiver = await receive(one);
    receiver.answer = () => ({ status: 410, body: 'moved away' });
    const { id } = await make(server, { url: receiver.url, description: 'Gone', events: ['document.*'] });
    const state = async () => (await server.call('GET', `/v1/webhooks/${id}`)).data;
    const until = async (probe) => {
        for (let waited = 0; waited < 300; waited++) {
            if (probe(await state())) return;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`It did not come to that: ${JSON.stringify(await state())}`);
    };
    await insert(server, { id: 'g1' });
    await until((webhook) => webhook.status === 'paused');
    const page = await ownersPage(one, server, { path: '/webhooks' });
    await one.check('410: paused, in the list and on its own screen, with the answer', async () => {
        await page.getByRole('row', { name: /Gone.*paused|paused.*Gone/ }).waitFor();
        await page.getByRole('cell', { name: 'Gone', exact: true }).click();
        await heading(page, 'Gone');
        await page.getByText('The receiver answered 410, that it is gone').waitFor();
        await page.getByRole('cell', { name: 'shop/orders/g1' }).click();
        const drawer = page.getByRole('dialog', { name: 'document.created' });
        await drawer.getByText('410').first().waitFor();
        await drawer.getByText('moved away').waitFor();
        await page.keyboard.press('Escape');
        await drawer.waitFor({ state: 'detached' });
        await checkAccessible(page, 'paused by a 410');
    });
    for (let i = 0; i < 60; i++)
        await insert(server, Array.from({ length: 25 }, (_, k) => ({ id: `g.${i}.${k}` })));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    receiver.answer = () => ({ status: 200, body: '' });
    await one.check('further behind than the log reaches: what was lost is told', async () => {
        await page.getByRole('button', { name: 'Resume webhook' }).click();
        await until((webhook) => webhook.last_gap_at !== undefined);
        await page.reload();
        await heading(page, 'Gone');
        await page.getByText('it was further behind than the change log reaches').waitFor();
        await page.getByRole('button', { name: 'Pause webhook' }).waitFor();
        await checkAccessible(page, 'events were lost');
    });
});

test('webhooks: a viewer reads, and is offered nothing that would be refused', async (one) => {
    const server = await serve(one, { config });
    await furnishAlone(server);
    const { id } = await make(server, { url: 'https://example.com/hooks', events: ['document.*'], enabled: false });
    const page = await openPage(one, server);
    await signIn(page, server, { email: 'view@example.com', password: OWNER.password, path: `/webhooks/${id}/settings` });
    await heading(page, 'https://example.com/hooks');
    await page.getByText('The whole record').waitFor();
    assert.equal(await page.getByRole('button', { name: /Send test event|Pause|More|Save webhook/ }).count(), 0);
    await page.goto(`${server.url}/webhooks`);
    await page.getByRole('cell', { name: 'https://example.com/hooks' }).first().waitFor();
    assert.equal(await page.getByText('Create webhook').count(), 0);
});

for (const [name, options] of [
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
]) {
    test(`webhooks: accessible and no wider than the window, ${name}`, async (one) => {
        const server = await serve(one, { config });
        await furnishAlone(server);
        const receiver = await receive(one);
        const { id } = await make(server, { url: receiver.url, description: 'Orders', events: ['document.*'] });
        await insert(server, { id: 'o1' });
        await receiver.wait(() => true);
        const page = await ownersPage(one, server, options);
        for (const [path, title] of [
            ['/webhooks', 'Webhooks'],
            ['/webhooks/new', 'Create webhook'],
            [`/webhooks/${id}`, 'Orders'],
            [`/webhooks/${id}/statistics`, 'Orders'],
            [`/webhooks/${id}/settings`, 'Orders'],
            [`/webhooks/${id}/verify`, 'Orders'],
        ])
            await one.check(path.replace(id, 'id'), async () => {
                await page.goto(server.url + path);
                await heading(page, title);
                await page.waitForLoadState('networkidle').catch(() => {});
                await checkAccessible(page, path);
                const over = await page.evaluate(() => {
                    const main = document.querySelector('#main');
                    return Math.max(
                        main.scrollWidth - main.clientWidth,
                        document.documentElement.scrollWidth - innerWidth,
                    );
                });
                assert.ok(over <= 0, `too wide by ${over} pixels`);
            });
    });
}
