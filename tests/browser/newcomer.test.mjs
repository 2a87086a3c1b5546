import assert from 'node:assert/strict';
import { openPage } from './lib/browser.mjs';
import { serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';

test('newcomer: from a fresh start to a call in the explorer', async (one) => {
    const server = await serve(one, { owner: false });
    const page = await openPage(one, server);
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Set up the owner' }).waitFor();
    await page.getByLabel('One-time code').fill(server.setupCode);
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByLabel('Password').fill('a few words will do');
    await page.getByRole('button', { name: 'Create owner' }).click();
    await page.getByRole('heading', { name: 'Home' }).waitFor();

    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'API Keys' }).click();
    await page.getByRole('button', { name: 'Create key' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill('first key');
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
    const dialog = page.getByRole('dialog', { name: 'The secret of first key' });
    const secret = (await dialog.locator('pre').first().textContent()).trim();
    assert.match(secret, /^cv_live_\w+$/);
    await dialog.getByRole('button', { name: 'Copy' }).first().click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
    await dialog.getByLabel('I have stored the secret').check();
    await dialog.getByRole('button', { name: 'Close' }).click();

    await one.check('the key works', async () => {
        const answer = await fetch(`${server.url}/v1/databases`, { headers: { Authorization: `ApiKey ${secret}` } });
        assert.equal(answer.status, 200);
    });
    await one.check('the first steps tick themselves off', async () => {
        await page.goto(server.url);
        await page.getByText('Make an API key (done)').waitFor();
        await page.getByText('Make a call with it, in the explorer or from a program (done)').waitFor();
    });
});
