// Databases and collections that the tests of the "Data" screens look at.

const CITIES = ['Oslo', 'Bergen', 'Porto', 'Lisbon', 'Zürich', 'Graz', 'Ghent', 'Malmö'];
const STATES = ['new', 'paid', 'packed', 'shipped'];

/** The order of a number: the same each time. */
export const order = (number) => ({
    id: `o-${String(number).padStart(6, '0')}`, number, status: STATES[(number + Math.floor(number / 8)) % 4], city: CITIES[(number * 5) % 8],
    total: ((number * 7919) % 90_000) / 100, 'gift wrap': number % 5 === 0, customer: { name: `Customer ${number % 50}`, vip: number % 11 === 0 },
    tags: number % 2 ? ['gift', 'fragile'] : ['bulky'],
});

/** A database `shop` with `orders`, and so many of them. */
export async function stock(server, count, { collection = 'orders' } = {}) {
    await server.call('POST', '/v1/databases', { name: 'shop' }).catch((error) => { if (!String(error).includes('409')) throw error; });
    await server.call('POST', '/v1/databases/shop/collections', { name: collection });
    for (let from = 0; from < count; from += 20_000) {
        const lines = Array.from({ length: Math.min(20_000, count - from) }, (_, index) => JSON.stringify(order(from + index))).join('\n');
        await server.call('POST', `/v1/databases/shop/collections/${collection}/import`, lines, { 'Content-Type': 'application/x-ndjson' });
    }
}

export const records = '/v1/databases/shop/collections/orders/records';

/** The text of an editor: CodeMirror stands in a shadow root, through which Playwright looks. */
export const editor = (scope, label) => scope.getByRole('textbox', { name: label });

/** Writes over what an editor holds, as somebody would who pastes. */
export async function writeInto(page, field, text) {
    await field.click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(text);
}
