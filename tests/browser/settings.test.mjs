import assert from 'node:assert/strict';
import { ownersPage } from './lib/browser.mjs';
import { furnish } from './lib/data.mjs';
import { serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';

const works = (server, secret) =>
    fetch(`${server.url}/v1/databases`, { headers: { Authorization: `ApiKey ${secret}` } }).then(
        (answer) => answer.status,
    );

async function secretOf(page, name) {
    const dialog = page.getByRole('dialog', { name: `The secret of ${name}` });
    const secret = (await dialog.locator('pre').first().textContent()).trim();
    await dialog.getByLabel('I have stored the secret').check();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'hidden' });
    return secret;
}

test('API keys: made with restrictions, changed, disabled and back, rotated, revoked, deleted', async (one) => {
    const server = await serve(one);
    await furnish(server);
    const page = await ownersPage(one, server, { path: '/settings/api-keys', allow: ['400'] });
    await page.getByRole('cell', { name: 'web shop' }).waitFor();
    await page.keyboard.press('c');
    const form = page.getByRole('dialog', { name: 'Create API key' });
    await form.getByRole('button', { name: 'Create key' }).click();
    await form.locator('input[name=name][aria-invalid=true]').waitFor();
    await form.getByLabel('Name').fill('restricted');
    await form.getByText('Restrictions: databases').click();
    await form.getByLabel('Databases', { exact: true }).fill('shop');
    await form.getByLabel('Addresses').fill('not an address');
    await form.getByRole('button', { name: 'Create key' }).click();
    await form.locator('[name="restrictions.addresses"][aria-invalid=true]').waitFor();
    await form.getByLabel('Addresses').fill('127.0.0.0/8');
    await form.getByText('The same call from a program').click();
    assert.match(await form.locator('pre').textContent(), /127\.0\.0\.0\/8/);
    await form.getByRole('button', { name: 'Create key' }).click();
    const secret = await secretOf(page, 'restricted');
    assert.equal(await works(server, secret), 200);

    await page.getByRole('cell', { name: 'restricted', exact: true }).click();
    const drawer = page.getByRole('dialog', { name: 'restricted' });
    await drawer.getByText('127.0.0.0/8').waitFor();
    const shown = page.url();
    assert.match(shown, /\?key=key_/);

    await drawer.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Disable key' }).click();
    await drawer.getByText('disabled', { exact: true }).waitFor();
    assert.equal(await works(server, secret), 401);
    await page.getByRole('button', { name: 'Undo' }).click();
    await drawer.getByText('active', { exact: true }).waitFor();
    assert.equal(await works(server, secret), 200);

    await drawer.getByRole('button', { name: 'Change key' }).click();
    const change = page.getByRole('dialog', { name: 'Change restricted' });
    await change.getByLabel('Name').fill('narrow');
    await change.getByRole('button', { name: 'Save key' }).click();
    await page.getByRole('dialog', { name: 'narrow' }).waitFor();

    await page.getByRole('button', { name: 'Rotate key' }).click();
    await page.getByRole('dialog', { name: 'Rotate narrow' }).getByRole('button', { name: 'Rotate key' }).click();
    const next = await secretOf(page, 'narrow');
    assert.equal(await works(server, next), 200);
    assert.equal(await works(server, secret), 200, 'the old secret ends later');

    const narrow = page.getByRole('dialog', { name: 'narrow' });
    await narrow.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Revoke key' }).click();
    const revoke = page.getByRole('dialog', { name: 'Revoke narrow' });
    assert.equal(await revoke.getByRole('button', { name: 'Revoke key' }).getAttribute('aria-disabled'), 'true');
    await revoke.getByLabel('Type narrow to confirm').fill('narrow');
    await revoke.getByRole('button', { name: 'Revoke key' }).click();
    await narrow.getByText('revoked', { exact: true }).waitFor();
    assert.equal(await works(server, next), 401);
    assert.equal(await works(server, secret), 401);

    await narrow.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete key' }).click();
    const remove = page.getByRole('dialog', { name: 'Delete narrow' });
    await remove.getByLabel('Type narrow to confirm').fill('narrow');
    await remove.getByRole('button', { name: 'Delete key' }).click();
    await page.getByRole('cell', { name: 'narrow', exact: true }).waitFor({ state: 'detached' });
});

test('API keys: the URL holds filter, sort and the key that is open', async (one) => {
    const server = await serve(one);
    await furnish(server);
    const page = await ownersPage(one, server, { path: '/settings/api-keys?status=revoked' });
    await page.getByRole('cell', { name: 'leaked key' }).waitFor();
    assert.equal(await page.getByRole('cell', { name: 'web shop' }).count(), 0);
    await page.getByLabel('Status', { exact: true }).selectOption('');
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button', { name: 'Name' }).click();
    await page.getByRole('cell', { name: 'web shop' }).click();
    await page.getByRole('dialog', { name: 'web shop' }).waitFor();
    await page.reload();
    await page.getByRole('dialog', { name: 'web shop' }).waitFor();
    await page.goBack();
    await page.getByRole('dialog', { name: 'web shop' }).waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).searchParams.get('sort'), 'name');
});

test('members: roles, undo, invitations, the last owner', async (one) => {
    const server = await serve(one);
    await furnish(server);
    const page = await ownersPage(one, server, { path: '/settings/members', allow: ['409'] });
    await page.getByRole('table', { name: 'Members' }).getByText('dev@example.com').waitFor();
    await page.getByRole('button', { name: 'More about dev@example.com' }).click();
    await page.getByRole('menuitem', { name: 'Change role' }).click();
    await page.getByRole('dialog').getByLabel('Role').selectOption('admin');
    await page.getByRole('dialog').getByRole('button', { name: 'Change role' }).click();
    const row = page.getByRole('table', { name: 'Members' }).getByRole('row').filter({ hasText: 'dev@example.com' });
    await row.getByText('admin').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.getByText('developer').waitFor();

    await page.getByRole('button', { name: 'More about view@example.com' }).click();
    await page.getByRole('menuitem', { name: 'Remove member' }).click();
    await page.getByRole('dialog').getByLabel('Type view@example.com to confirm').fill('view@example.com');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove member' }).click();
    await page.getByRole('table', { name: 'Members' }).getByText('view@example.com').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Revoke invitation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke invitation' }).click();
    await page.getByText('late@example.com is not invited any more').waitFor();

    await one.check('a workspace keeps its last owner', async () => {
        await page.getByRole('button', { name: 'More about owner@example.com' }).click();
        await page.getByRole('menuitem', { name: 'Change role' }).click();
        await page.getByRole('dialog').getByLabel('Role').selectOption('viewer');
        await page.getByRole('dialog').getByRole('button', { name: 'Change role' }).click();
        await page.getByRole('dialog').getByText('LAST_OWNER').waitFor();
        await page
            .getByRole('dialog')
            .getByText(/req_\w+/)
            .waitFor();
    });
});

test('workspace: renamed, moved to another tier, another made and deleted', async (one) => {
    const server = await serve(one);
    await furnish(server);
    const page = await ownersPage(one, server, { path: '/settings/workspace' });
    await page.getByRole('textbox', { name: 'Name' }).fill('Acme');
    await page.getByRole('button', { name: 'Rename workspace' }).click();
    await page.getByRole('banner').getByText('Acme').waitFor();
    await page.getByRole('combobox', { name: 'Tier' }).selectOption('free');
    await page.getByRole('button', { name: 'Change tier' }).click();
    await page.getByText('The workspace’s tier is free').waitFor();
    await page.goto(`${server.url}/settings/limits`);
    await page
        .getByText(/400 of [\d,]+/)
        .first()
        .waitFor();

    await page.goto(`${server.url}/settings/workspace`);
    await page.getByRole('button', { name: 'Create workspace' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Trial');
    await page.keyboard.press('Enter');
    await page.getByRole('banner').getByText('Trial').waitFor();
    await page.getByRole('button', { name: 'Delete workspace' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Trial' });
    await dialog.getByLabel('Type Trial to confirm').fill('trial');
    assert.equal(await dialog.getByRole('button', { name: 'Delete workspace' }).getAttribute('aria-disabled'), 'true');
    await dialog.getByLabel('Type Trial to confirm').fill('Trial');
    await dialog.getByRole('button', { name: 'Delete workspace' }).click();
    await page.getByText('Trial is being deleted').waitFor();
    await page.getByRole('banner').getByText('Acme').waitFor();
});

test('audit log: filtered, opened, before and after, verified', async (one) => {
    const server = await serve(one);
    await furnish(server);
    const page = await ownersPage(one, server, { path: '/settings/audit' });
    await page.getByRole('row').filter({ hasText: 'Revoke API key' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('updateApiKey');
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'Update API key' }).click();
    const drawer = page.getByRole('dialog', { name: 'Update API key' });
    await drawer.getByText('Before and after').waitFor();
    assert.match(
        await drawer
            .locator('.gone')
            .allTextContents()
            .then((all) => all.join('\n')),
        /"active"/,
    );
    assert.match(
        await drawer
            .locator('.new')
            .allTextContents()
            .then((all) => all.join('\n')),
        /"disabled"/,
    );
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Verify chain' }).click();
    await page.getByText(/The chain of [\d,]+ entries is sound/).waitFor();
    await page.goto(`${server.url}/settings/audit?action=nothingOfThatName`);
    await page.getByText('Nothing matches').waitFor();
});

test('home: figures of real use', async (one) => {
    const server = await serve(one);
    await furnish(server);
    const page = await ownersPage(one, server, { path: '/?days=7' });
    await page.getByRole('heading', { name: /^\d+ calls$/ }).waitFor();
    await page.getByRole('heading', { name: /^5 errors/ }).waitFor();
    await page.getByText('400 used, no limit').waitFor();
    await page.locator('.activity').getByText('Revoke API key').first().waitFor();
    await page.getByRole('table', { name: 'Time to answer' }).waitFor({ state: 'attached' });
    await one.check('all steps done, the list is gone', async () => {
        await page.getByRole('heading', { name: 'First steps' }).waitFor();
        assert.equal(await page.getByText('(to do)').count(), 1, 'the second factor is left');
        await page.getByRole('button', { name: 'Hide first steps' }).click();
        await page.getByRole('heading', { name: 'First steps' }).waitFor({ state: 'detached' });
    });
});

test('home: the server’s figures are not asked for where they are known to be refused', async (one) => {
    const server = await serve(one);
    const page = await ownersPage(one, server, { path: '/settings/workspace' });
    let asked = 0;
    page.on('request', (request) => (asked += new URL(request.url()).pathname === '/metrics' ? 1 : 0));
    await page.getByRole('button', { name: 'Create workspace' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Laboratory');
    await page.keyboard.press('Enter');
    await page.getByRole('banner').getByText('Laboratory').waitFor();
    const home = async () => {
        await page.goto(server.url);
        await page.getByRole('heading', { name: 'Recent activity' }).waitFor();
        await page.locator('.quota').first().waitFor();
    };
    await home();
    assert.equal(await page.getByRole('heading', { name: 'Now', exact: true }).count(), 0);
    await one.check('not even when it was made elsewhere, from the second time on', async () => {
        page.allowed.push('403');
        await page.evaluate(() => localStorage.removeItem('credvault.no-server-figures'));
        const refused = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/metrics');
        await home();
        assert.equal((await refused).status(), 403);
        await page.waitForFunction(() => localStorage.getItem('credvault.no-server-figures') !== null);
        asked = 0;
        await home();
    });
    assert.equal(asked, 0);
    await one.check('they are back in the first workspace', async () => {
        await page.getByRole('banner').getByRole('button', { name: 'Laboratory' }).click();
        await page.getByRole('menuitemradio', { name: 'default' }).click();
        await page.getByRole('heading', { name: 'Now', exact: true }).waitFor();
        await page.getByRole('table', { name: 'Time to answer' }).waitFor({ state: 'attached' });
    });
});
