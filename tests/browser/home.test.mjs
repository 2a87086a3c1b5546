// Home's figures over time: of any workspace, with nothing in them and with something.
import assert from 'node:assert/strict';
import { checkAccessible, ownersPage } from './lib/browser.mjs';
import { furnish } from './lib/data.mjs';
import { serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';

/** What a chart's table says: an object for each time, by the columns' names. */
const figures = async (page, label) => {
    const table = page.getByRole('table', { name: label, exact: true });
    await table.waitFor({ state: 'attached' });
    return table.evaluate((node) => {
        const names = [...node.querySelectorAll('thead th')].map((cell) => cell.textContent.trim());
        return [...node.querySelectorAll('tbody tr')].map((row) =>
            Object.fromEntries([...row.children].map((cell, at) => [names[at], cell.textContent.trim()])),
        );
    });
};
const number = (text) => Number(text.replaceAll(',', ''));
const sum = (rows, name) => rows.reduce((total, row) => total + number(row[name]), 0);

test('home: the last 24 hours, and days', async (one) => {
    const server = await serve(one);
    await furnish(server);
    const page = await ownersPage(one, server);
    await page.getByRole('heading', { name: /^5 errors/ }).waitFor();
    await one.check('24 hours stand there, of which the last has the calls', async () => {
        const calls = await figures(page, 'Calls by hour');
        assert.equal(calls.length, 24);
        assert.match(calls[23].Time, /\d{4}, \d\d:00$/);
        // The hour may change while the server is filled.
        assert.ok(number(calls[23].Calls) + number(calls[22].Calls) >= 40, JSON.stringify(calls.slice(22)));
        assert.equal(sum(calls.slice(0, 22), 'Calls'), 0);
        assert.equal(sum(await figures(page, 'Errors by hour'), 'Errors'), 5);
    });
    await one.check('latency, in order of the share', async () => {
        const rows = await figures(page, 'Latency by hour');
        const now = rows.findLast((row) => row['50% within'] !== 'none');
        const micros = (text) => number(text.split(' ')[0]) * { µs: 1, ms: 1e3, s: 1e6 }[text.split(' ')[1]];
        const [half, most, all] = ['50% within', '95% within', '99% within'].map((name) => micros(now[name]));
        assert.ok(half > 0 && half <= most && most <= all, JSON.stringify(now));
        assert.equal(rows[0]['50% within'], 'none');
    });
    await one.check('storage, as the limits count it', async () => {
        const rows = await figures(page, 'Storage by hour');
        const { data } = await server.call('GET', '/v1/limits');
        const kib = (data.quotas.storage_bytes.used / 1024).toFixed(1).replace(/\.0$/, '');
        assert.equal(rows[23].Stored, `${kib} KiB`);
        assert.equal(rows[0].Stored, 'none', 'nothing is known of before the start');
        await page.getByText(`${kib} KiB in 400 records`).waitFor();
    });
    await one.check('another range, kept in the address', async () => {
        await page.getByLabel('Range').selectOption({ label: '30 days' });
        assert.equal((await figures(page, 'Calls by day')).length, 30);
        assert.equal((await figures(page, 'Latency by day')).length, 30);
        assert.equal(new URL(page.url()).searchParams.get('days'), '30');
        await page.reload();
        assert.equal((await figures(page, 'Storage by day')).length, 30);
        await page.getByLabel('Range').selectOption({ label: '24 hours' });
        await page.waitForFunction(() => !location.search.includes('days'));
    });
    await one.check('the charts are drawn, and the page is accessible', async () => {
        await figures(page, 'Calls by hour');
        // Four over time and two of now.
        await page.locator('.chart-host canvas').nth(5).waitFor({ state: 'attached' });
        await checkAccessible(page, 'home');
    });
    await one.check('after a restart all is there', async () => {
        await server.stop();
        await server.start();
        await page.goto(`${server.url}/`);
        const calls = await figures(page, 'Calls by hour');
        assert.ok(sum(calls, 'Calls') >= 40);
        const stored = await figures(page, 'Storage by hour');
        assert.match(stored[23].Stored, /KiB$/);
    });
});

test('home: a second workspace has figures of its own', async (one) => {
    const server = await serve(one);
    await furnish(server);
    // Who is not of the first workspace is refused the server's own metrics.
    const page = await ownersPage(one, server, { path: '/settings/workspace', allow: ['403'] });
    await page.getByRole('button', { name: 'Create workspace' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Trial');
    await page.keyboard.press('Enter');
    await page.getByRole('banner').getByText('Trial').waitFor();
    await page.goto(`${server.url}/`);
    await page.getByText('0 B in 0 records').waitFor();
    const calls = await figures(page, 'Calls by hour');
    assert.ok(number(calls[23].Calls) + number(calls[22].Calls) > 0, 'what the dashboard itself asked');
    const latency = await figures(page, 'Latency by hour');
    assert.ok(
        latency.some((row) => row['95% within'] !== 'none'),
        'its times, too',
    );
    assert.equal(await page.getByRole('heading', { name: 'Now', exact: true }).count(), 0);
    await checkAccessible(page, 'home of another workspace');
});

test('home: empty, and honest about it', async (one) => {
    const server = await serve(one);
    const page = await ownersPage(one, server, { path: '/?days=90' });
    await page.getByText('No errors in these 90 days.').waitFor();
    await one.check('storage of nothing', async () => {
        const rows = await figures(page, 'Storage by day');
        assert.equal(rows.length, 90);
        assert.equal(rows[89].Stored, '0 B');
        await page.getByText('0 B in 0 records').waitFor();
    });
    await one.check('when the server can not tell, the error and a way to try again stand there', async () => {
        await page.route('**/v1/usage?*', (route) => route.abort());
        page.allowed.push('ERR_FAILED');
        await page.goto(`${server.url}/?days=7`);
        await page.getByRole('button', { name: 'Try again' }).first().waitFor();
        await page.unroute('**/v1/usage?*');
        await page.getByRole('button', { name: 'Try again' }).first().click();
        await page.getByRole('table', { name: 'Calls by day' }).waitFor({ state: 'attached' });
    });
});
