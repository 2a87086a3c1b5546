// What another runtime has of its own: fetch, streams, timers. Its last word is what Node's is.
import { ApiError, CredVault, isCode } from '../../dist/index.js';

const [url, apiKey] = (globalThis.Deno?.args ?? globalThis.process.argv.slice(2)).slice(-2);
const client = new CredVault({ url, apiKey });
const expect = (good, what) => {
    if (!good) throw new Error(`not as expected: ${what}`);
};

const name = `smoke_${Math.random().toString(36).slice(2)}`;
await client.post('/v1/databases', { body: { name } });
await client.post('/v1/databases/{database}/collections', { path: { database: name }, body: { name: 'orders' } });
const orders = client.database(name).collection('orders');

const made = await orders.insert({ id: 'first', big: 9223372036854775807n, text: 'ü “x”' });
expect(made.etag !== undefined, 'an ETag');
const back = await orders.get('first');
expect(back.data.big === 9223372036854775807n && back.data.text === 'ü “x”', 'what was stored');
await orders.update('first', { $inc: { n: 1 } }, { ifMatch: made.etag });
const refused = await orders.update('first', { n: 2 }, { ifMatch: made.etag }).catch((error) => error);
expect(refused instanceof ApiError && isCode(refused, 'PRECONDITION_FAILED'), 'a typed error');

const lines = Array.from({ length: 500 }, (_, n) => JSON.stringify({ id: `s-${n}`, n })).join('\n');
const body = new ReadableStream({
    start(control) {
        const bytes = new TextEncoder().encode(lines);
        for (let at = 0; at < bytes.length; at += 777) control.enqueue(bytes.slice(at, at + 777));
        control.close();
    },
});
await orders.import(body, 'application/x-ndjson');
let listed = 0;
for await (const order of orders.list({ limit: 90, sort: 'n' })) listed += order.id ? 1 : 0;
let exported = 0;
for await (const record of orders.export()) exported += record.id ? 1 : 0;
expect(listed === 501 && exported === 501, `501 listed and exported, not ${listed} and ${exported}`);

const control = new AbortController();
const seen = [];
for await (const change of orders.changes({ since: 'oldest' }, { signal: control.signal })) {
    seen.push(change.operation);
    if (seen.length === 2) control.abort();
}
expect(seen.join() === 'insert,update', `the first changes, not ${seen.slice(0, 5)}`);

const slow = new CredVault({ url: 'http://127.0.0.1:1', retry: { attempts: 2, firstDelay: 1 } });
const gone = await slow.get('/v1/databases').catch((error) => error);
expect(gone.name === 'ConnectionError' || gone.constructor.name === 'ConnectionError', 'a server that is not there');
console.log(`works in ${globalThis.Deno ? 'Deno' : globalThis.Bun ? 'Bun' : 'Node'}`);
