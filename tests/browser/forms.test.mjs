// Each form shows the same call as a program, and no secret in it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import typescript from '../../web/node_modules/typescript/lib/typescript.js';
import { openPage, ownersPage, signIn } from './lib/browser.mjs';
import { furnish, invite } from './lib/data.mjs';
import { editor, writeInto } from './lib/orders.mjs';
import { OWNER, serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';
import { totp } from './lib/totp.mjs';

const SECRET = 'a secret of the test';
const dialog = (page) => page.getByRole('dialog').last();

/** Fills in what is secret, opens the snippet and returns its text. */
async function snippetOf(scope) {
    const secrets = scope.locator(
        'input[type=password], input[name=code], input[name=recovery_code], input[name=token]',
    );
    for (const field of await secrets.all()) await field.fill(SECRET);
    const fold = scope.locator('details.fold', { hasText: 'The same call from a program' }).last();
    await fold.locator('summary').click();
    const text = await fold.locator('pre').innerText();
    assert.ok(!text.includes(SECRET), text);
    return text;
}

const checkSnippet = (one, name, scope, wanted) =>
    one.check(name, async () => assert.match(await snippetOf(scope), wanted));

const call = (method, path) => new RegExp(`curl ${method === 'GET' ? '' : `-X ${method} `}(--globoff )?'[^']*${path}'`);

// Name, path, what opens it, the call. Without what opens it, it is on the page: named by its button.
const press = (name) => (page) => page.getByRole('button', { name, exact: true }).first().click();
const pick = (menu, item) => async (page) => {
    await page.getByRole('button', { name: menu, exact: true }).first().click();
    await page.getByRole('menuitem', { name: item }).click();
};
const ofKey = (then) => async (page) => {
    await page.getByRole('cell', { name: 'nightly report' }).click();
    await page.getByRole('dialog', { name: 'nightly report' }).waitFor();
    await then(page);
};
const COLLECTION = '/v1/databases/shop/collections/customers';

const FORMS = [
    ['create a workspace', '/settings/workspace', press('Create workspace'), call('POST', '/v1/workspaces')],
    ['leave a workspace', '/settings/workspace', press('Leave workspace'), call('POST', '/v1/workspaces/\\w+/leave')],
    [
        'delete a workspace',
        '/settings/workspace',
        press('Delete workspace'),
        call('DELETE', '/v1/workspaces/\\w+\\?name=default'),
    ],
    [
        'require a second factor',
        '/settings/workspace',
        (page) => page.getByLabel('Members must have a second factor').click(),
        /"require_totp": true/,
    ],
    ['set up a second factor', '/settings/account', press('Set up second factor'), call('POST', '/v1/auth/totp')],
    ['sign out everywhere', '/settings/account', press('Sign out everywhere'), call('POST', '/v1/auth/logout')],
    ['create a key', '/settings/api-keys', press('Create key'), call('POST', '/v1/api-keys')],
    ['change a key', '/settings/api-keys', ofKey(press('Change key')), call('PATCH', '/v1/api-keys/\\w+')],
    ['rotate a key', '/settings/api-keys', ofKey(press('Rotate key')), call('POST', '/v1/api-keys/\\w+/rotate')],
    ['revoke a key', '/settings/api-keys', ofKey(pick('More', 'Revoke key')), call('POST', '/v1/api-keys/\\w+/revoke')],
    ['delete a key', '/settings/api-keys', ofKey(pick('More', 'Delete key')), call('DELETE', '/v1/api-keys/\\w+')],
    ['invite a member', '/settings/members', press('Invite member'), call('POST', '/v1/invitations')],
    [
        'change a role',
        '/settings/members',
        pick('More about dev@example.com', 'Change role'),
        call('PATCH', '/v1/members/\\w+'),
    ],
    [
        'remove a member',
        '/settings/members',
        pick('More about dev@example.com', 'Remove member'),
        call('DELETE', '/v1/members/\\w+'),
    ],
    ['revoke an invitation', '/settings/members', press('Revoke invitation'), call('DELETE', '/v1/invitations/\\w+')],
    ['create a database', '/data', press('Create database'), call('POST', '/v1/databases')],
    ['delete a database', '/data', pick('Actions for shop', 'Delete database'), call('DELETE', '/v1/databases/shop')],
    ['create a collection', '/data/shop', press('Create collection'), call('POST', '/v1/databases/shop/collections')],
    [
        'delete a collection',
        '/data/shop',
        pick('Actions for customers', 'Delete collection'),
        call('DELETE', COLLECTION),
    ],
    ['create an index', '/data/shop/customers/indexes', press('Create index'), call('POST', `${COLLECTION}/indexes`)],
    [
        'delete an index',
        '/data/shop/customers/indexes',
        pick('Actions for by_age', 'Delete index'),
        call('DELETE', `${COLLECTION}/indexes/by_age`),
    ],
    ['insert a record', '/data/shop/customers', press('Insert record'), call('POST', `${COLLECTION}/records`)],
    [
        'edit a record',
        '/data/shop/customers?record=c-0001',
        press('Edit record'),
        call('PUT', `${COLLECTION}/records/c-0001`),
    ],
    [
        'run a pipeline that writes',
        `/data/shop/customers/pipeline?pipeline=${encodeURIComponent('[["$out", "\\"copy\\""]]')}`,
        press('Run pipeline'),
        call('POST', `${COLLECTION}/aggregate`),
    ],
];

// Name, path, what is within the form, the call.
const ON_PAGES = [
    ['rename a workspace', '/settings/workspace', 'Rename workspace', call('PATCH', '/v1/workspaces/\\w+')],
    ['change the tier', '/settings/workspace', 'Change tier', call('PATCH', '/v1/limits')],
    ['change one’s name', '/settings/account', 'Change name', call('PATCH', '/v1/auth/me')],
    ['change one’s password', '/settings/account', 'Change password', call('POST', '/v1/auth/password')],
    ['a collection’s settings', '/data/shop/customers/settings', 'Save settings', call('PATCH', COLLECTION)],
    ['expiry', '/data/shop/customers/settings', 'Save expiry', /"ttl"/],
    ['a schema', '/data/shop/customers/schema', 'Save schema', /"validation"/],
    ['export', '/data/shop/customers/import', 'Export records', call('GET', `${COLLECTION}/export\\?[^']*`)],
    ['create a webhook', '/webhooks/new', 'Create webhook', call('POST', '/v1/webhooks')],
];

const SHOWN = [
    ['API keys', '/settings/api-keys', call('GET', "/v1/api-keys\\?[^']*")],
    ['members', '/settings/members', call('GET', '/v1/invitations')],
    ['audit log', '/settings/audit', call('GET', "/v1/audit-logs\\?[^']*")],
    ['databases', '/data', call('GET', "/v1/databases\\?[^']*")],
    ['collections', '/data/shop', call('GET', "/v1/databases/shop/collections\\?[^']*")],
    ['records', '/data/shop/customers', call('POST', `${COLLECTION}/query`)],
    ['explain', '/data/shop/customers/explain?sort=age', call('POST', `${COLLECTION}/explain`)],
    ['changes', '/data/shop/customers/changes', call('GET', `${COLLECTION}/changes\\?[^']*`)],
    ['webhooks', '/webhooks', call('GET', "/v1/webhooks\\?[^']*")],
    ['limits', '/settings/limits', call('GET', '/v1/limits')],
];

test('forms: each shows its call as a program', async (one) => {
    const server = await serve(one);
    await furnish(server);
    await server.call('POST', `${COLLECTION}/indexes`, { fields: ['age'], name: 'by_age' });
    const page = await ownersPage(one, server);
    for (const [name, path, open, wanted] of FORMS) {
        await one.check(name, async () => {
            await page.goto(server.url + path);
            await open(page);
            assert.match(await snippetOf(dialog(page)), wanted);
        });
    }
    for (const [name, path, button, wanted] of ON_PAGES) {
        await one.check(name, async () => {
            await page.goto(server.url + path);
            const form = page.locator('form', { has: page.getByRole('button', { name: button, exact: true }) });
            await form.waitFor();
            assert.match(await snippetOf(form), wanted);
        });
    }
    for (const [name, path, wanted] of SHOWN) {
        await one.check(`list: ${name}`, async () => {
            await page.goto(server.url + path);
            await page.locator('#main details.fold').last().waitFor();
            assert.match(await snippetOf(page.locator('#main')), wanted);
        });
    }
    await one.check('a webhook’s headers that are secret are left out', async () => {
        await page.goto(`${server.url}/webhooks/new`);
        await page.getByText('Signature, headers and caps').click();
        await page.getByLabel('Headers').fill(`X-Tenant: 42\nAuthorization: Bearer ${SECRET}`);
        const text = await snippetOf(page.locator('form'));
        assert.match(text, /"X-Tenant": "42"/);
        assert.match(text, /"Authorization": "…"/);
    });
});

test('forms: webhooks show their calls', async (one) => {
    const server = await serve(one);
    await furnish(server);
    const [{ id }] = (await server.call('GET', '/v1/webhooks')).data;
    const page = await ownersPage(one, server, { path: `/webhooks/${id}` });
    await page.getByRole('button', { name: 'Send test event' }).waitFor();
    for (const [name, item, wanted] of [
        ['replay', 'Replay deliveries', call('POST', `/v1/webhooks/${id}/replay`)],
        ['rotate', 'Rotate secret', call('POST', `/v1/webhooks/${id}/rotate`)],
        ['delete', 'Delete webhook', call('DELETE', `/v1/webhooks/${id}`)],
    ])
        await one.check(name, async () => {
            await pick('More', item)(page);
            assert.match(await snippetOf(dialog(page)), wanted);
            await page.keyboard.press('Escape');
            await page.getByRole('dialog').waitFor({ state: 'detached' });
        });
    await one.check('test event', async () => {
        await press('Send test event')(page);
        assert.match(await snippetOf(dialog(page)), call('POST', `/v1/webhooks/${id}/test`));
    });
    await one.check('change', async () => {
        await page.goto(`${server.url}/webhooks/${id}/settings`);
        await page.getByRole('button', { name: 'Save webhook' }).waitFor();
        assert.match(await snippetOf(page.locator('form')), call('PATCH', `/v1/webhooks/${id}`));
    });
});

test('forms: before one is in, and the second factor, show their calls', async (one) => {
    const fresh = await serve(one, { owner: false });
    const door = await openPage(one, fresh);
    await door.goto(fresh.url);
    await door.getByRole('heading', { name: 'Set up the owner' }).waitFor();
    await checkSnippet(one, 'setup', door.locator('form'), call('POST', '/v1/auth/setup'));

    const server = await serve(one);
    const page = await openPage(one, server, { allow: ['401'] });
    const visit = async (name, path, wanted) => {
        await page.goto(server.url + path);
        await page.locator('form').waitFor();
        await checkSnippet(one, name, page.locator('form'), wanted);
    };
    const { token } = await invite(server, 'grace@example.com');
    await visit('sign in', '/', call('POST', '/v1/auth/login'));
    await visit('ask for a link', '/reset', call('POST', '/v1/auth/reset'));
    await visit('accept an invitation', `/invitation#token=${token}`, /"token": "cvi_…"/);
    await page.goto('about:blank');
    await visit(
        'set the password',
        `/reset#code=${SECRET.replaceAll(' ', '')}`,
        call('POST', '/v1/auth/reset/confirm'),
    );

    await signIn(page, server);
    await visit('join a workspace', `/invitation#token=${token}`, /cva_…[^]*"token": "cvi_…"/);
    await page.goto(`${server.url}/settings/account`);
    await press('Set up second factor')(page);
    await dialog(page).getByLabel('Your password').fill(OWNER.password);
    await page.keyboard.press('Enter');
    const code = dialog(page).getByLabel('The code that the app shows');
    await code.waitFor();
    const secret = (await dialog(page).locator('pre').first().textContent()).trim();
    await checkSnippet(one, 'confirm the second factor', dialog(page), call('POST', '/v1/auth/totp/confirm'));
    await code.fill(totp(secret));
    await page.keyboard.press('Enter');
    const codes = page.getByRole('dialog', { name: 'Recovery codes' });
    await codes.getByLabel('I have stored the codes').check();
    await codes.getByRole('button', { name: 'Close' }).click();
    for (const [button, wanted] of [
        ['Make new recovery codes', call('POST', '/v1/auth/totp/recovery-codes')],
        ['Remove second factor', call('POST', '/v1/auth/totp/disable')],
    ]) {
        await press(button)(page);
        await checkSnippet(one, button, dialog(page), wanted);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.context().clearCookies();
    await page.goto(server.url);
    await page.getByLabel('Email').fill(OWNER.email);
    await page.getByLabel('Password').fill(OWNER.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Second factor' }).waitFor();
    await checkSnippet(one, 'sign in with a second factor', page.locator('form'), /"code": "…"/);
});

test('forms: a conflict and an import show their calls', async (one) => {
    const server = await serve(one);
    await furnish(server);
    const page = await ownersPage(one, server, { path: '/data/shop/customers?record=c-0001', allow: ['412'] });
    await page.getByRole('button', { name: 'Edit record' }).click();
    await editor(page, 'Record c-0001').waitFor();
    await writeInto(page, editor(page, 'Record c-0001'), '{"name": "mine"}');
    await server.call('PATCH', `${COLLECTION}/records/c-0001`, { name: 'theirs' });
    await page.getByRole('button', { name: 'Save record' }).click();
    const conflict = page.getByRole('form', { name: 'Conflict' });
    await conflict.waitFor();
    await checkSnippet(one, 'conflict', conflict, /If-Match: "[\d.]+"[^]*"mine"/);
    await conflict.getByRole('button', { name: 'Keep what is stored' }).click();
    await page.getByRole('button', { name: 'Edit record' }).waitFor();
    await page.goto(`${server.url}/data/shop/customers/import`);
    await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'a.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from('{"id": "new"}\n') });
    const form = page.locator('form', { has: page.getByRole('button', { name: 'Import file' }) });
    await form.getByText('The first records').first().waitFor();
    await checkSnippet(one, 'import', form, call('POST', `${COLLECTION}/import\\?job=true`));
});

// Forms without a call to show, and why.
const WITHOUT = {
    'app/palette.tsx': 'tells the keys',
    'data/pipeline.tsx PipelineText': 'what is edited goes back into the page',
    'settings/members/invite.tsx Invited': 'shows what was made',
    'ui/secret.tsx SecretDialog': 'shows what was made',
    'webhooks/secret.tsx WebhookSecret': 'shows what was made',
    'data/record-drawer.tsx useEdits': 'nothing is sent',
};

// They are made of what they show.
const PARTS = ['ui/form.tsx', 'ui/dialog.tsx', 'ui/parts-page.tsx'];

const sourcesUnder = (folder, path = '') =>
    readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory()
            ? sourcesUnder(folder, `${path}${entry.name}/`)
            : entry.name.endsWith('.tsx')
              ? [path + entry.name]
              : [],
    );

test('forms: no source has one without its call', async () => {
    const root = fileURLToPath(new URL('../../web/src/', import.meta.url));
    const missing = [];
    let seen = 0;
    for (const name of sourcesUnder(root)) {
        if (PARTS.includes(name)) continue;
        const text = readFileSync(root + name, 'utf8');
        const source = typescript.createSourceFile(
            name,
            text,
            typescript.ScriptTarget.Latest,
            true,
            typescript.ScriptKind.TSX,
        );
        for (const statement of source.statements) {
            const own = statement.getText();
            const forms = own.match(/<(form|Form|Dialog|FormDialog|Confirm|RotateDialog)[\s>]/g)?.length ?? 0;
            if (forms === 0) continue;
            seen += forms;
            const calls = own.match(/<CallSnippet|\bcall=\{(?!undefined)|<RotateDialog[\s>]/g)?.length ?? 0;
            const where = `${name} ${statement.name?.text ?? ''}`.trim();
            if (calls < forms && !(where in WITHOUT) && !(name in WITHOUT)) missing.push(where);
        }
    }
    assert.deepEqual(missing, []);
    assert.ok(seen > 40, `only ${seen} forms were found`);
});
