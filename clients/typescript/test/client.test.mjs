// Plays the client against a real server, and against small ones that fail as real ones may:
//     node tests/browser/run.mjs --tests clients/typescript/test --server build/release/credvault
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import {
    ApiError,
    ConnectionError,
    CredVault,
    RawJson,
    isCode,
    isKeyed,
    parseJson,
    stringifyJson,
} from '../dist/index.js';
import { ADMIN_KEY, OWNER, serve } from '../../../tests/browser/lib/server.mjs';
import { test } from '../../../tests/browser/lib/suite.mjs';

const retry = { attempts: 4, firstDelay: 5, longestDelay: 3_000 };

async function start(one) {
    const server = await serve(one);
    const client = new CredVault({ url: server.url, apiKey: ADMIN_KEY, retry });
    await client.post('/v1/databases', { body: { name: 'shop' } });
    await client.post('/v1/databases/{database}/collections', { path: { database: 'shop' }, body: { name: 'orders' } });
    return { server, client, orders: client.database('shop').collection('orders') };
}

/** A server that answers as the list says, one entry a request, the last one for ever. */
async function pretend(one, answers) {
    const seen = [];
    const server = createServer((request, response) => {
        const pieces = [];
        request.on('data', (piece) => pieces.push(piece));
        request.on('end', () => {
            seen.push({
                method: request.method,
                url: request.url,
                headers: request.headers,
                body: String(Buffer.concat(pieces)),
                at: Date.now(),
            });
            const answer = answers[Math.min(seen.length, answers.length) - 1];
            if (answer === 'break') return request.socket.destroy();
            response.writeHead(answer.status ?? 200, { 'Content-Type': 'application/json', ...answer.headers });
            response.end(answer.text ?? JSON.stringify(answer.body ?? { status: 'success', data: [] }));
        });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    one.onEnd(() => new Promise((resolve) => server.close(resolve) && server.closeAllConnections()));
    return { url: `http://127.0.0.1:${server.address().port}`, seen };
}

const problem = (status, code, headers) => ({
    status,
    headers,
    body: { status: 'error', code, message: 'no', request_id: 'req_1' },
});

test('client: records in and out, ETags, operators', async (one) => {
    const { orders } = await start(one);
    const made = await orders.insert({ item: 'pen', count: 3 });
    assert.equal(made.status, 201);
    assert.match(made.requestId, /^req_/);
    const changed = await orders.update(made.data.id, { $inc: { count: 1 } }, { ifMatch: made.etag });
    assert.equal(changed.data.count, 4);
    await assert.rejects(
        orders.update(made.data.id, { count: 0 }, { ifMatch: made.etag }),
        (error) => isCode(error, 'PRECONDITION_FAILED') && error.status === 412,
    );
    assert.equal((await orders.get(made.data.id)).data.item, 'pen');
    assert.equal((await orders.query({ filter: { count: { $gt: 3 } } })).data.length, 1);
    assert.equal((await orders.aggregate([{ $group: { _id: null, sum: { $sum: '$count' } } }])).data[0].sum, 4);
    assert.equal((await orders.delete(made.data.id)).status, 204);
    await assert.rejects(orders.get(made.data.id), (error) => isCode(error, 'RECORD_NOT_FOUND'));
});

test('client: integers beyond 2^53, names and ids of any kind', async (one) => {
    const { orders } = await start(one);
    const record = {
        id: 'a/b c?#%',
        big: 9223372036854775807n,
        small: -9223372036854775808n,
        edge: 9007199254740993n,
        half: 0.5,
        name: '“ü” \n',
    };
    await orders.insert(record);
    const back = await orders.get(record.id);
    for (const name of Object.keys(record)) assert.equal(back.data[name], record[name], name);
    assert.match(back.text, /"big":9223372036854775807/);
    await orders.replace(record.id, { ...record, nested: { list: [1n, 2, 9007199254740993n] } });
    assert.equal((await orders.get(record.id)).data.nested.list[2], 9007199254740993n);
    const raw = await orders.update(record.id, new RawJson('{"exact":1.0}'));
    assert.match(raw.text, /"exact":1\.0/);
});

test('client: JSON, read and written exactly', async () => {
    const texts = [
        'null',
        '[]',
        '{}',
        '{"a":[1,-2.5,1e3,true,false,null,"x"]}',
        '{"a\\"b\\\\":" \\u00e9 [}","n":12345678901234567890123}',
        ' [ 1 , { "b" : 9007199254740993 } ] ',
        '{"__proto__":9007199254740993}',
    ];
    for (const text of texts) {
        const written = stringifyJson(parseJson(text));
        assert.deepEqual(JSON.parse(written), JSON.parse(text), text);
        for (const digits of text.match(/\d{16,}/g) ?? [])
            assert.ok(written.includes(digits), `${digits} in ${written}`);
    }
    assert.equal(stringifyJson({ a: 1n, b: undefined, c: [2n] }, 2), '{\n  "a": 1,\n  "c": [\n    2\n  ]\n}');
    assert.throws(() => parseJson('{"a":9007199254740993'), SyntaxError);
});

test('client: cursors as iterators give each record once', async (one) => {
    const { orders, client } = await start(one);
    await orders.insert(
        Array.from({ length: 250 }, (_, index) => ({ id: `o-${String(index).padStart(3, '0')}`, n: index })),
    );
    const ids = [];
    for await (const order of orders.list({ limit: 40, sort: '-n', filters: { 'n[gte]': 10 } })) ids.push(order.id);
    assert.equal(ids.length, 240);
    assert.equal(new Set(ids).size, 240);
    assert.equal(ids[0], 'o-249');
    let pages = 0;
    for await (const page of client.pages('/v1/databases/{database}/collections/{collection}/records', {
        path: { database: 'shop', collection: 'orders' },
        query: { limit: 100 },
    })) {
        pages++;
        assert.ok(page.data.length <= 100);
    }
    assert.equal(pages, 3);
    const names = [];
    for await (const database of client.list('/v1/databases')) names.push(database.name);
    assert.deepEqual(names, ['shop']);
});

test('client: streams in and out', async (one) => {
    const { orders } = await start(one);
    const lines = Array.from({ length: 5_000 }, (_, index) =>
        JSON.stringify({ id: `s-${index}`, text: 'ü'.repeat(20), n: index }),
    ).join('\n');
    const body = new ReadableStream({
        start(control) {
            const bytes = new TextEncoder().encode(lines);
            // Cut in the middle of characters and lines.
            for (let at = 0; at < bytes.length; at += 7_777) control.enqueue(bytes.slice(at, at + 7_777));
            control.close();
        },
    });
    const imported = await orders.import(body, 'application/x-ndjson');
    assert.equal(imported.status, 200);
    let count = 0;
    let sum = 0;
    for await (const record of orders.export({ filter: { n: { $lt: 4_000 } } })) {
        count++;
        sum += record.n;
        assert.equal(record.text, 'ü'.repeat(20));
    }
    assert.deepEqual([count, sum], [4_000, (3_999 * 4_000) / 2]);
    for await (const record of orders.export()) {
        assert.ok(record.id);
        break;
    }
    const csv = await orders.exportStream({ format: 'csv', fields: 'id,n' });
    assert.match(await csv.text(), /^id,n\r?\n/);
});

test('client: the change feed goes on after the server was away', async (one) => {
    const { orders, server } = await start(one);
    const control = new AbortController();
    const seen = [];
    const followed = (async () => {
        for await (const change of orders.changes({ since: 'oldest', record: true }, { signal: control.signal })) {
            seen.push(change);
            if (seen.length === 3) control.abort();
        }
    })();
    await orders.insert({ id: 'one' });
    await orders.update('one', { changed: true });
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await server.stop();
    await server.start();
    await orders.delete('one');
    await followed;
    assert.deepEqual(
        seen.map((change) => [change.operation, change.id]),
        [
            ['insert', 'one'],
            ['update', 'one'],
            ['delete', 'one'],
        ],
    );
    await assert.rejects(
        async () => {
            for await (const change of orders.changes({ since: 'not a position' })) assert.fail(change);
        },
        (error) => error instanceof ApiError && error.status === 400,
    );
});

test('client: errors are typed, with all fields that are wrong', async (one) => {
    const { client, server } = await start(one);
    await assert.rejects(
        client.post('/v1/databases', { body: { name: 'shop' } }),
        (error) => isCode(error, 'ALREADY_EXISTS') && error.about('name') !== undefined,
    );
    await assert.rejects(client.post('/v1/api-keys', { body: { name: '', scopes: ['nothing:here'] } }), (error) => {
        assert.ok(error instanceof ApiError);
        assert.equal(error.status, 400);
        assert.match(error.requestId, /^req_/);
        return true;
    });
    await assert.rejects(new CredVault({ url: server.url, apiKey: 'cv_live_wrong' }).get('/v1/databases'), (error) =>
        isCode(error, 'UNAUTHENTICATED'),
    );
    const nobody = new CredVault({ url: 'http://127.0.0.1:1', retry: { attempts: 2, firstDelay: 1 } });
    await assert.rejects(nobody.get('/v1/databases'), ConnectionError);
    const page = await pretend(one, [
        { status: 502, headers: { 'Content-Type': 'text/html' }, text: '<h1>Bad gateway</h1>' },
    ]);
    await assert.rejects(
        new CredVault({ url: page.url, retry }).post('/v1/auth/login', { body: {} }),
        (error) => isCode(error, 'UNEXPECTED_ANSWER') && error.status === 502,
    );
});

test('client: signed-in users, tokens that change, another workspace', async (one) => {
    const { server } = await start(one);
    const open = new CredVault({ url: server.url });
    const signedIn = (await open.post('/v1/auth/login', { body: { email: OWNER.email, password: OWNER.password } }))
        .data;
    let token = 'cva_wrong';
    const user = new CredVault({ url: server.url, accessToken: () => token });
    await assert.rejects(user.get('/v1/auth/me'), (error) => isCode(error, 'UNAUTHENTICATED'));
    token = signedIn.access_token;
    assert.equal((await user.get('/v1/auth/me')).data.user.email, OWNER.email);
    const made = (await user.post('/v1/workspaces', { body: { name: 'Other' } })).data;
    const other = new CredVault({ url: server.url, accessToken: token, workspace: made.id });
    assert.deepEqual((await other.get('/v1/databases')).data, []);
});

test('client: an import as a job takes no Idempotency-Key, another one does', async (one) => {
    const { client, orders } = await start(one);
    const job = await orders.import('{"id": "a"}\n', 'application/x-ndjson', { job: true });
    assert.equal(job.status, 202);
    let state = job.data;
    for (let asked = 0; asked < 200 && state.state !== 'succeeded'; asked++) {
        assert.ok(['queued', 'running'].includes(state.state), state.state);
        await new Promise((resolve) => setTimeout(resolve, 25));
        state = (await client.get('/v1/jobs/{job}', { path: { job: state.id } })).data;
    }
    assert.equal(state.result.inserted, 1);
    const seen = await pretend(one, [{}]);
    const other = new CredVault({ url: seen.url, retry }).database('shop').collection('orders');
    await other.import('', 'application/x-ndjson', { job: true });
    await other.import('', 'application/x-ndjson', { job: false });
    assert.deepEqual(
        seen.seen.map(({ headers }) => headers['idempotency-key'] !== undefined),
        [false, true],
    );
});

/** What a browser does with cookies, for one page: keeps them by name and sends those of the path. */
class Browser {
    constructor() {
        this.cookies = new Map();
        this.calls = [];
    }

    fetch = async (target, init = {}) => {
        const url = new URL(target);
        this.calls.push(`${init.method} ${url.pathname}`);
        const cookie = [...this.cookies]
            .filter(([, { path }]) => url.pathname.startsWith(path))
            .map(([name, { value }]) => `${name}=${value}`)
            .join('; ');
        // A page's cookies go along to its own origin, which a browser names.
        const headers = { ...init.headers, ...(cookie && { Cookie: cookie }), Origin: url.origin };
        const response = await fetch(target, { ...init, headers });
        for (const line of response.headers.getSetCookie()) {
            const [pair, ...attributes] = line.split('; ');
            const [name, value] = pair.split('=');
            const path = attributes.find((one) => one.startsWith('Path='))?.slice(5) ?? '/';
            if (value === '') this.cookies.delete(name);
            else this.cookies.set(name, { value, path });
        }
        return response;
    };

    count = (call) => this.calls.filter((one) => one === call).length;
}

async function signedIn(one) {
    const server = await serve(one);
    const browser = new Browser();
    const client = new CredVault({ url: server.url, cookie: true, fetch: browser.fetch, retry });
    const body = { email: OWNER.email, password: OWNER.password, cookie: true };
    client.transport.csrfToken = (await client.post('/v1/auth/login', { body })).data.csrf_token;
    assert.deepEqual([...browser.cookies.keys()].sort(), ['credvault_refresh', 'credvault_session']);
    return { server, browser, client };
}

const rename = (client, name) => client.patch('/v1/auth/me', { body: { name } });

test('client: a session in cookies is refreshed, once for all calls that need it', async (one) => {
    const { browser, client } = await signedIn(one);
    let out = 0;
    client.transport.onSignedOut = () => out++;
    assert.equal((await rename(client, 'Ada')).data.name, 'Ada');
    await one.check('a CSRF token that is gone is read anew', async () => {
        client.transport.csrfToken = undefined;
        assert.equal((await rename(client, 'Ada Lovelace')).data.name, 'Ada Lovelace');
        assert.equal(browser.count('POST /v1/auth/refresh'), 0);
    });
    await one.check('an access token that is gone is made anew, and the call goes on', async () => {
        browser.cookies.delete('credvault_session');
        const before = client.transport.csrfToken;
        assert.equal((await rename(client, 'Countess')).data.name, 'Countess');
        assert.equal(browser.count('POST /v1/auth/refresh'), 1);
        assert.ok(browser.cookies.has('credvault_session'));
        assert.notEqual(client.transport.csrfToken, before);
    });
    await one.check('many calls at once refresh it once', async () => {
        browser.cookies.delete('credvault_session');
        const names = ['/v1/auth/me', '/v1/limits', '/v1/databases', '/v1/workspaces'];
        const answers = await Promise.all(names.map((name) => client.answer('GET', name)));
        assert.deepEqual(
            answers.map(({ status }) => status),
            [200, 200, 200, 200],
        );
        assert.equal(browser.count('POST /v1/auth/refresh'), 2);
    });
    assert.equal(out, 0);
});

test('client: a session that is over is told, and not one whose server fails', async (one) => {
    const { server, browser, client } = await signedIn(one);
    let out = 0;
    client.transport.onSignedOut = () => out++;
    await one.check('a refresh that the server is too busy for ends nothing', async () => {
        const kept = { ...browser.cookies.get('credvault_session') };
        browser.cookies.delete('credvault_session');
        const send = browser.fetch;
        const busy = new CredVault({
            url: server.url,
            cookie: true,
            retry: { attempts: 1 },
            fetch: (target, init) =>
                String(target).endsWith('/v1/auth/refresh')
                    ? Promise.resolve(new Response('{}', { status: 503 }))
                    : send(target, init),
        });
        busy.transport.onSignedOut = () => out++;
        await assert.rejects(busy.get('/v1/limits'), (error) => isCode(error, 'UNAUTHENTICATED'));
        assert.equal(out, 0);
        browser.cookies.set('credvault_session', kept);
        assert.equal((await client.get('/v1/limits')).status, 200);
    });
    await one.check('ended elsewhere', async () => {
        const other = new CredVault({ url: server.url });
        const body = { email: OWNER.email, password: OWNER.password };
        const { data } = await other.post('/v1/auth/login', { body });
        const user = new CredVault({ url: server.url, accessToken: data.access_token });
        await user.post('/v1/auth/logout', { body: { everywhere: true } });
        await assert.rejects(client.get('/v1/limits'), (error) => isCode(error, 'UNAUTHENTICATED'));
        assert.equal(out, 1);
    });
});

test('client: what can be repeated is, as long as Retry-After says', async (one) => {
    const limited = await pretend(one, [problem(429, 'RATE_LIMITED', { 'Retry-After': '1' }), {}]);
    await new CredVault({ url: limited.url, retry }).get('/v1/databases');
    assert.equal(limited.seen.length, 2);
    assert.ok(limited.seen[1].at - limited.seen[0].at >= 990, `after ${limited.seen[1].at - limited.seen[0].at} ms`);

    const long = await pretend(one, [problem(429, 'RATE_LIMITED', { 'Retry-After': '60' })]);
    await assert.rejects(
        new CredVault({ url: long.url, retry }).get('/v1/databases'),
        (error) => error.retryAfter === 60,
    );
    assert.equal(long.seen.length, 1, 'what is asked to wait longer than it may is told at once');

    const broken = await pretend(one, [
        'break',
        problem(503, 'OVERLOADED'),
        { status: 201, body: { status: 'success', data: {} } },
    ]);
    await new CredVault({ url: broken.url, retry }).post('/v1/databases', { body: { name: 'shop' } });
    const keys = broken.seen.map((request) => request.headers['idempotency-key']);
    assert.equal(keys.length, 3);
    assert.ok(keys[0]);
    assert.equal(new Set(keys).size, 1, 'the same key each time');
    assert.equal(new Set(broken.seen.map((request) => request.body)).size, 1);

    const own = await pretend(one, [{}]);
    await new CredVault({ url: own.url, retry }).post('/v1/databases', {
        body: { name: 'shop' },
        idempotencyKey: 'order-4711',
    });
    assert.equal(own.seen[0].headers['idempotency-key'], 'order-4711');

    const ended = await pretend(one, [problem(503, 'OVERLOADED')]);
    await assert.rejects(
        new CredVault({ url: ended.url, retry }).get('/v1/databases'),
        (error) => error.status === 503,
    );
    assert.equal(ended.seen.length, 4);
});

test('client: what can not be repeated is not', async (one) => {
    for (const call of [
        (client) => client.post('/v1/databases', { body: { name: 'shop' }, idempotencyKey: false }),
        (client) => client.post('/v1/auth/login', { body: { email: 'a', password: 'b' } }),
        (client) =>
            client
                .database('shop')
                .collection('orders')
                .update('one', { $inc: { n: 1 } }),
    ]) {
        for (const answer of ['break', problem(503, 'OVERLOADED')]) {
            const server = await pretend(one, [answer, {}]);
            await assert.rejects(call(new CredVault({ url: server.url, retry })));
            assert.equal(server.seen.length, 1);
        }
    }
    // 429 has done nothing, whatever was asked for.
    const limited = await pretend(one, [problem(429, 'RATE_LIMITED'), {}]);
    await new CredVault({ url: limited.url, retry })
        .database('shop')
        .collection('orders')
        .update('one', { $inc: { n: 1 } });
    assert.equal(limited.seen.length, 2);
    const fault = await pretend(one, [problem(500, 'INTERNAL'), {}]);
    await assert.rejects(
        new CredVault({ url: fault.url, retry }).get('/v1/databases'),
        (error) => error.status === 500,
    );
    assert.equal(fault.seen.length, 1);
});

test('client: time limits and signals', async (one) => {
    const silent = createServer(() => {});
    await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
    one.onEnd(() => new Promise((resolve) => silent.close(resolve) && silent.closeAllConnections()));
    const url = `http://127.0.0.1:${silent.address().port}`;
    await assert.rejects(
        new CredVault({ url, timeout: 50, retry: { attempts: 1 } }).get('/v1/databases'),
        (error) => error instanceof ConnectionError && /0\.05 s/.test(error.message),
    );
    const control = new AbortController();
    const call = new CredVault({ url, retry }).get('/v1/databases', { signal: control.signal });
    setTimeout(() => control.abort(new Error('not wanted any more')), 30);
    await assert.rejects(call, /not wanted any more/);
});

test('client: an Idempotency-Key goes to the calls that take one', async () => {
    const document = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));
    // A pipeline takes one for $out and $merge; most only read, and are not to be kept for a day.
    const left = ['/v1/databases/{database}/collections/{collection}/aggregate', '/v1/databases/{database}/aggregate'];
    const differ = Object.entries(document.paths)
        .filter(([path, methods]) => methods.post && !left.includes(path))
        .filter(
            ([path, { post }]) =>
                isKeyed(path) !== (post.parameters ?? []).some((parameter) => parameter.name === 'Idempotency-Key'),
        )
        .map(([path]) => path);
    assert.deepEqual(differ, []);
});
