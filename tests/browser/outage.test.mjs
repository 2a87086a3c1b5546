// Every screen while the server is slow, fails, or is gone: it says so, and goes on when the server does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { openPage, signIn } from './lib/browser.mjs';
import { furnish } from './lib/data.mjs';
import { serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';

const PIPELINE = encodeURIComponent('[["$match", "{\\"age\\": 30}"]]');
const CUSTOMERS = '/data/shop/customers';

// Path, heading, what is there in the end; LOADED unless something else says that it is still awaited.
const SCREENS = (webhook, delivery) => [
    ['/', 'Home', (page) => page.locator('.activity li').first()],
    ['/data', 'Data', (page) => page.getByRole('cell', { name: 'shop', exact: true })],
    ['/data/shop', 'shop', (page) => page.getByRole('cell', { name: 'customers', exact: true })],
    [CUSTOMERS, 'customers', (page) => page.locator('tr[data-key=c-0000]')],
    [`${CUSTOMERS}?filter=age+%3E+20&sort=-age`, 'customers', (page) => page.locator('tr[data-key]').first()],
    [`${CUSTOMERS}?view=json`, 'customers', (page) => page.getByRole('article').first()],
    [`${CUSTOMERS}?record=c-0001`, 'customers', (page) => page.getByRole('button', { name: 'Edit record' })],
    [`${CUSTOMERS}/pipeline?pipeline=${PIPELINE}`, 'customers', (page) => page.getByLabel('First documents')],
    [`${CUSTOMERS}/indexes`, 'customers', (page) => page.getByText('No index yet')],
    [`${CUSTOMERS}/explain`, 'customers', (page) => page.getByRole('list', { name: 'Plan' })],
    [`${CUSTOMERS}/schema`, 'customers', (page) => page.getByRole('button', { name: 'Save schema' })],
    [`${CUSTOMERS}/import`, 'customers', (page) => page.getByText('Drop a file here, or')],
    [`${CUSTOMERS}/changes`, 'customers', (page) => page.getByText('Live', { exact: true })],
    [`${CUSTOMERS}/settings`, 'customers', (page) => page.getByRole('button', { name: 'Save expiry' })],
    ['/webhooks', 'Webhooks', (page) => page.getByRole('cell', { name: 'Orders to the warehouse' })],
    ['/webhooks/new', 'Create webhook', (page) => page.locator('.sent')],
    [`/webhooks/${webhook}`, 'Webhook', (page) => page.getByRole('cell', { name: 'webhook.test' })],
    [
        `/webhooks/${webhook}?delivery=${delivery}`,
        'Webhook',
        (page) => page.getByRole('heading', { name: '1 attempt' }),
    ],
    [`/webhooks/${webhook}/statistics`, 'Webhook', (page) => page.getByText('Last failure')],
    [`/webhooks/${webhook}/settings`, 'Webhook', (page) => page.locator('.sent')],
    [`/webhooks/${webhook}/verify`, 'Webhook', (page) => page.getByRole('heading', { name: 'Verify what arrives' })],
    ['/settings/api-keys', 'API keys', (page) => page.getByRole('cell', { name: 'web shop' })],
    ['/settings/api-keys?key=key_none', 'API keys', (page) => page.getByRole('cell', { name: 'web shop' })],
    ['/settings/members', 'Members', (page) => page.getByRole('button', { name: 'Revoke invitation' })],
    ['/settings/workspace', 'Workspace', (page) => page.getByRole('button', { name: 'Change tier' })],
    ['/settings/limits', 'Limits and usage', (page) => page.getByRole('table', { name: 'Usage by key and user' })],
    ['/settings/account', 'Account', (page) => page.getByText('this one')],
    ['/settings/audit', 'Audit log', (page) => page.getByRole('cell', { name: 'Revoke API key' })],
];

const FAILURES = {
    500: ['INTERNAL_ERROR', 'The server failed'],
    503: ['OVERLOADED', 'The server is busy'],
};

/** What becomes of the calls of a page: they pass, are held back, fail or find nobody. */
class Weather {
    constructor() {
        this.state = 'passes';
        this.held = [];
    }

    async over(page, wanted) {
        await page.route(
            (url) => wanted(url.pathname),
            (route) => (this.state === 'held' ? this.held.push(route) : this.answer(route)),
        );
    }

    change(state) {
        this.state = state;
        if (state === 'held') return;
        for (const route of this.held.splice(0)) void this.answer(route);
    }

    async answer(route) {
        // The page may have gone on.
        const done = (work) => work.catch(() => {});
        if (this.state === 'passes') return done(route.continue());
        if (this.state === 'gone') return done(route.abort('connectionrefused'));
        const [code, message] = FAILURES[this.state];
        return done(
            route.fulfill({
                status: Number(this.state),
                contentType: 'application/json',
                headers: { 'X-Request-Id': 'req_outage' },
                body: JSON.stringify({ status: 'error', code, message, request_id: 'req_outage' }),
            }),
        );
    }
}

const isCall = (path) => (path.startsWith('/v1/') && path !== '/v1/auth/me') || path === '/metrics';
const again = (page) => page.getByRole('button', { name: 'Try again' });
const AWAITED = '[role=status][aria-label=Loading], [role=progressbar], .starting, .explorer-loading';

async function checkFits(page) {
    const over = await page.evaluate(() => {
        const main = document.querySelector('#main') ?? document.documentElement;
        return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth);
    });
    assert.ok(over <= 0, `too wide by ${over} pixels`);
}

/** Presses each "Try again" until there is none. */
async function recover(page, there) {
    const until = Date.now() + 15_000;
    // A notice may go by itself, or come a moment after another has gone.
    while ((await again(page).count()) > 0 || !(await there.isVisible())) {
        assert.ok(Date.now() < until, `it did not recover: ${await page.locator('body').innerText()}`);
        await again(page)
            .first()
            .click({ timeout: 500 })
            .catch(() => {});
        await there.waitFor({ timeout: 500 }).catch(() => {});
    }
}

async function visit(page, server, weather, [path, heading, there]) {
    weather.change('held');
    await page.goto(server.url + path);
    if (heading) await page.getByRole('heading', { name: heading, level: 1, exact: true }).waitFor();
    await page.locator(AWAITED).first().waitFor();
    assert.equal(await again(page).count(), 0, 'nothing has failed yet');
    await checkFits(page);

    weather.change('500');
    await page.getByRole('alert').getByText('The server failed').first().waitFor();
    await page.getByRole('button', { name: 'Copy req_outage' }).first().waitFor();
    await checkFits(page);

    weather.change('503');
    await again(page).first().click();
    await page.getByRole('alert').getByText('The server is busy').first().waitFor();

    weather.change('gone');
    await again(page).first().click();
    await page.getByRole('alert').getByText("The server can't be reached").first().waitFor();

    weather.change('passes');
    await recover(page, there(page));
    assert.equal(await page.getByRole('status', { name: 'Loading' }).count(), 0);
}

test('outage: every screen says so, and goes on', async (one) => {
    const server = await serve(one, { config: '[outgoing]\nallowed_addresses = ["127.0.0.0/8"]\n' });
    await furnish(server);
    const [{ id }] = (await server.call('GET', '/v1/webhooks')).data;
    await server.call('PATCH', `/v1/webhooks/${id}`, { url: 'http://127.0.0.1:9/' });
    const { data: tested } = await server.call('POST', `/v1/webhooks/${id}/test`, {});
    const screens = SCREENS(id, tested.id);
    await one.check('no screen is left out', () => {
        const routes = readFileSync(new URL('../../web/src/app/routes.ts', import.meta.url), 'utf8');
        const patterns = [...routes.matchAll(/pattern: '([^']+)'/g)].map(([, pattern]) => pattern);
        const reaches = (pattern, path) =>
            new RegExp(`^${pattern.replace(/\/:\w+\?/g, '(/[^/]+)?').replace(/:\w+/g, '[^/]+')}$`).test(path);
        const missing = patterns.filter(
            (pattern) => !screens.some(([path]) => reaches(pattern, path.split('?')[0])) && !QUIET.includes(pattern),
        );
        assert.ok(patterns.length > 10);
        assert.deepEqual(missing, []);
    });
    const left = [...screens];
    // Side by side: most of it is waiting.
    const walk = async () => {
        const page = await openPage(one, server, { allow: ['500', '503', '404', 'ERR_'] });
        await signIn(page, server, { path: '/settings' });
        const weather = new Weather();
        await weather.over(page, isCall);
        for (let next = left.shift(); next; next = left.shift()) {
            const screen = next;
            await one.check(screen[0].replace(id, 'id').replace(tested.id, 'id'), () =>
                visit(page, server, weather, screen),
            );
        }
    };
    await Promise.all([walk(), walk(), walk()]);
});

// They ask for nothing, or are not shipped.
const QUIET = ['/settings', '/parts'];

test('outage: at the door', async (one) => {
    const server = await serve(one);
    const page = await openPage(one, server, { allow: ['500', '503', 'ERR_'] });
    const weather = new Weather();
    await weather.over(page, (path) => path.startsWith('/v1/'));
    await one.check('before it is known whether there is an owner', () =>
        visit(page, server, weather, ['/', undefined, () => page.getByLabel('Email')]),
    );
    await one.check('while signing in', async () => {
        await page.getByLabel('Email').fill('owner@example.com');
        await page.getByLabel('Password').fill('correct horse battery');
        weather.change('500');
        await page.keyboard.press('Enter');
        await page.getByText('The server failed').waitFor();
        weather.change('gone');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByText("The server can't be reached").waitFor();
        weather.change('passes');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { name: 'Home' }).waitFor();
    });
    await one.check('who is in and comes back', async () => {
        weather.change('held');
        await page.goto(`${server.url}/settings`);
        await page.locator(AWAITED).first().waitFor();
        weather.change('503');
        await page.getByText('The server is busy').waitFor();
        weather.change('gone');
        await again(page).click();
        await page.getByText("The server can't be reached").waitFor();
        weather.change('passes');
        await recover(page, page.getByRole('heading', { name: 'Settings' }));
    });
    await one.check('a search says what it could not look through', async () => {
        weather.change('500');
        await page.keyboard.press('ControlOrMeta+k');
        await page.keyboard.type('shop');
        await page.getByText('Databases and collections were not searched. The server failed').waitFor();
        await page.keyboard.press('Escape');
    });
    weather.change('passes');
});

test('outage: code that does not come', async (one) => {
    const server = await serve(one);
    await furnish(server);
    const page = await openPage(one, server, { allow: ['500', '503', 'ERR_', 'dynamically imported'] });
    await signIn(page, server, { path: '/settings' });
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    const weather = new Weather();
    await weather.over(page, (path) => /^\/assets\/.*\.js$/.test(path));
    await one.check('of a screen', async () => {
        weather.change('held');
        await page.getByRole('link', { name: 'Data', exact: true }).click();
        await page.getByRole('status', { name: 'Loading' }).waitFor();
        weather.change('gone');
        await page.getByRole('heading', { name: 'This page did not load' }).waitFor();
        weather.change('passes');
        await recover(page, page.getByRole('cell', { name: 'shop', exact: true }));
    });
    await one.check('of a part of a collection', async () => {
        await page.goto(server.url + CUSTOMERS);
        await page.locator('tr[data-key=c-0000]').waitFor();
        weather.change('held');
        await page.getByRole('link', { name: 'Indexes' }).click();
        await page.getByRole('status', { name: 'Loading' }).waitFor();
        weather.change('500');
        await page.getByText('The code of this part could not be fetched').waitFor();
        weather.change('passes');
        await recover(page, page.getByText('No index yet'));
    });
    await one.check('of the editor: a plain field takes its place', async () => {
        await page.goto(server.url + CUSTOMERS);
        await page.locator('tr[data-key=c-0000]').waitFor();
        weather.change('gone');
        await page.getByRole('button', { name: 'Insert record' }).click();
        await page.getByRole('dialog').locator('textarea').fill('{"id": "plain"}');
        await page.getByRole('dialog').getByRole('button', { name: 'Insert record' }).click();
        await page.getByRole('dialog', { name: 'plain' }).waitFor();
        weather.change('passes');
    });
    await one.check('of everything: the page says why it is empty', async () => {
        weather.change('gone');
        await page.goto(`${server.url}/settings`);
        await page.getByText('the server is slow or gone: reload the page').waitFor();
        weather.change('passes');
        await page.reload();
        await page.getByRole('heading', { name: 'Settings' }).waitFor();
    });
});

test('outage: the explorer', async (one) => {
    const server = await serve(one);
    const page = await openPage(one, server, { allow: ['500', '503', 'ERR_', 'preload'] });
    const weather = new Weather();
    await weather.over(page, (path) => path === '/v1/openapi.json');
    weather.change('held');
    await page.goto(`${server.url}/api-docs`);
    await page.getByText('Loading the API').waitFor();
    weather.change('500');
    await page.getByRole('alert').getByText('/v1/openapi.json was answered with 500').waitFor();
    weather.change('gone');
    await again(page).click();
    await page.getByRole('alert').getByText("the server can't be reached").waitFor();
    weather.change('passes');
    await recover(page, page.locator('.opblock').first());
});
