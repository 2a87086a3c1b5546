// A workspace with something in it: what the screens are shown with.
import { OWNER } from './server.mjs';

const CITIES = ['London', 'Paris', 'Nairobi', 'Lima', 'Osaka', 'Quito'];

/** Databases, records, keys, members and a refused call or two. */
export async function furnish(server) {
    await server.call('POST', '/v1/databases', { name: 'shop' });
    for (const name of ['customers', 'orders']) await server.call('POST', '/v1/databases/shop/collections', { name });
    const customers = Array.from({ length: 400 }, (_, index) => ({
        id: `c-${String(index).padStart(4, '0')}`,
        name: `Customer ${index}`,
        email: `customer${index}@example.com`,
        age: 18 + ((index * 7) % 60),
        address: { city: CITIES[index % CITIES.length], zip: String(10_000 + index) },
        tags: index % 3 === 0 ? ['regular', 'mail'] : ['mail'],
    }));
    await server.call('POST', '/v1/databases/shop/collections/customers/records', customers);
    await server.call('POST', '/v1/webhooks', {
        url: 'https://example.com/hooks',
        description: 'Orders to the warehouse',
        events: ['document.*', 'index.failed'],
        database: 'shop',
        collection: 'orders',
        filter: { status: 'paid' },
        enabled: false,
    });
    const key = (body) => server.call('POST', '/v1/api-keys', body).then((answer) => answer.data);
    await key({
        name: 'web shop',
        scopes: ['database:read', 'database:write', 'query:execute', 'metadata:read'],
        expiry: '90d',
    });
    await key({
        name: 'nightly report',
        scopes: ['database:read', 'query:execute'],
        restrictions: { databases: ['shop'], addresses: ['203.0.113.0/24'] },
    });
    const off = await key({ name: 'old importer', scopes: ['database:write'] });
    await server.call('PATCH', `/v1/api-keys/${off.id}`, { enabled: false });
    const gone = await key({ name: 'leaked key', scopes: ['database:read'] });
    await server.call('POST', `/v1/api-keys/${gone.id}/revoke`);
    const used = await key({ name: 'warehouse', scopes: ['metadata:read', 'database:read'] });
    for (let call = 0; call < 30; call++) {
        const path = call % 6 === 0 ? '/v1/databases/nowhere' : '/v1/databases';
        await fetch(`${server.url}${path}`, { headers: { Authorization: `ApiKey ${used.secret}` } }).then((answer) =>
            answer.text(),
        );
    }
    for (const [email, role] of [
        ['dev@example.com', 'developer'],
        ['view@example.com', 'viewer'],
        ['late@example.com', 'admin'],
    ]) {
        const { data } = await server.call('POST', '/v1/invitations', { email, role });
        if (role === 'admin') continue;
        await fetch(`${server.url}/v1/invitations/accept`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({
                token: data.token,
                password: OWNER.password,
                name: role === 'developer' ? 'Grace Hopper' : 'Vera Viewer',
            }),
        }).then((answer) => answer.text());
    }
}

/** A token of the invitation that the email is sent. */
export const invite = async (server, email, role = 'developer') =>
    (await server.call('POST', '/v1/invitations', { email, role })).data;

/** The dashboard's screens: name, path, heading. */
export const SCREENS = [
    ['home', '/', 'Home'],
    ['webhooks', '/webhooks', 'Webhooks'],
    ['webhook-form', '/webhooks/new', 'Create webhook'],
    ['settings', '/settings', 'Settings'],
    ['api-keys', '/settings/api-keys', 'API keys'],
    ['members', '/settings/members', 'Members'],
    ['workspace', '/settings/workspace', 'Workspace'],
    ['limits', '/settings/limits', 'Limits and usage'],
    ['account', '/settings/account', 'Account'],
    ['audit', '/settings/audit', 'Audit log'],
];
