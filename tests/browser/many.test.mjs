// A collection with many records: CREDVAULT_MANY says how many, 100,000 unless said otherwise. Says how long requests took.
import assert from 'node:assert/strict';
import { checkAccessible, ownersPage } from './lib/browser.mjs';
import { stock } from './lib/orders.mjs';
import { serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';

const MANY = Number(process.env.CREDVAULT_MANY ?? 100_000);
/** For a hang: five milliseconds for each record. */
const PATIENCE = 120_000 + MANY * 5;

test('many: the table scrolls and pages through all of them', async (one) => {
    const server = await serve(one);
    await stock(server, MANY);
    const page = await ownersPage(one, server, { path: '/data/shop/orders' });
    const box = page.getByRole('group', { name: 'Records' });
    await page
        .getByText(`${MANY.toLocaleString('en-US')} records`)
        .first()
        .waitFor();
    const times = () =>
        page.evaluate(() =>
            performance
                .getEntriesByType('resource')
                .filter((entry) => entry.name.includes('/records?'))
                .map((entry) => entry.duration),
        );
    await page.evaluate(() => performance.setResourceTimingBufferSize(100_000));

    const last = `o-${String(MANY - 1).padStart(6, '0')}`;
    const started = Date.now();
    // Faster than anybody scrolls: each time to the end of what has been read.
    for (;;) {
        const done = await box.evaluate(async (node, wanted) => {
            for (let turn = 0; turn < 200; turn++) {
                node.scrollTop = node.scrollHeight;
                await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
                if (node.querySelector(`tr[data-key="${wanted}"]`)) return true;
            }
            return false;
        }, last);
        if (done) break;
        assert.ok(Date.now() - started < PATIENCE, 'the end was not reached');
    }
    const all = await times();
    say('to the end', all, Date.now() - started);
    await one.check('only what is seen is drawn, and only what is near is kept', async () => {
        assert.ok((await page.locator('tbody tr').count()) < 120);
    });
    await one.check('back at the beginning, forgotten rows are read again', async () => {
        await page.evaluate(() => performance.clearResourceTimings());
        await box.evaluate((node) => {
            node.scrollTop = 0;
        });
        if (MANY < 400_000) await page.locator('tr[data-key=o-000000]').waitFor();
        await page.locator('tbody tr[data-key]').first().waitFor();
        say('back', await times());
    });
    await one.check('the last ones, and up from there', async () => {
        await page.goto(`${server.url}/data/shop/orders?from=end`);
        await page.locator(`tr[data-key="${last}"]`).waitFor();
        await box.evaluate(async (node) => {
            for (let turn = 0; turn < 30; turn++) {
                node.scrollTop -= 4000;
                await new Promise((resolve) => setTimeout(resolve, 60));
            }
        });
        const ids = await page.locator('tbody tr[data-key]').evaluateAll((rows) => rows.map((row) => row.dataset.key));
        assert.deepEqual(ids, [...ids].sort());
        say('up from the last', await times());
    });
    await one.check('a filter tells honestly how many', async () => {
        await page.goto(`${server.url}/data/shop/orders?filter=number+>%3D+10`);
        await page.getByText('10,000+ records match').waitFor();
        say('filtered', await times());
    });
});

test('many: a sort that no index gives says so, and offers to make one', async (one) => {
    const server = await serve(one);
    await stock(server, 25_000);
    const page = await ownersPage(one, server, { path: '/data/shop/orders?sort=-total' });
    await page.getByText('No index gives the sort by total: all 25,000 records are read for each page.').waitFor();
    await one.check('it is read in the largest pages that there are', async () => {
        await page.locator('tbody tr[data-key]').first().waitFor();
        const asked = await page.evaluate(() =>
            performance
                .getEntriesByType('resource')
                .filter((entry) => entry.name.includes('/records?'))
                .map((entry) => new URL(entry.name).searchParams.get('limit')),
        );
        assert.deepEqual([...new Set(asked)], ['1000']);
    });
    await one.check('the index is made from here, and the notice goes when it is ready', async () => {
        await page.getByRole('button', { name: 'Create index' }).click();
        const dialog = page.getByRole('dialog', { name: 'Create index' });
        assert.equal(await dialog.getByRole('combobox', { name: 'Fields' }).inputValue(), '-total');
        await checkAccessible(page, 'the sort of many');
        await dialog.getByRole('button', { name: 'Create index' }).click();
        await page.locator('.notice').waitFor({ state: 'detached' });
        assert.ok((await page.locator('tbody tr[data-key]').count()) > 0);
    });
    await one.check('by id nothing is said', async () => {
        await page.goto(`${server.url}/data/shop/orders`);
        await page.locator('tr[data-key=o-000000]').waitFor();
        assert.equal(await page.getByText('No index gives').count(), 0);
    });
});

function say(what, durations, whole) {
    const sorted = [...durations].sort((a, b) => a - b);
    const at = (share) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
    console.log(
        `  ${what}: ${sorted.length} requests, median ${at(0.5)} ms, 95% ${at(0.95)} ms, longest ${at(1)} ms, over 50 ms ${sorted.filter((time) => time > 50).length}${whole ? `, ${(whole / 1000).toFixed(1)} s in all` : ''}`,
    );
}
