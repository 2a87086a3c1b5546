// A receiver of webhooks: keeps what arrives, and answers as it is told.
import { createServer } from 'node:http';

export class Receiver {
    constructor() {
        /** What arrived: path, headers, body as text. */
        this.arrived = [];
        this.answer = () => ({ status: 200, body: '{"ok":true}' });
    }

    async start() {
        this.server = createServer((request, response) => {
            const parts = [];
            request.on('data', (part) => parts.push(part));
            request.on('end', () => {
                const delivery = {
                    path: request.url,
                    headers: request.headers,
                    body: Buffer.concat(parts).toString('utf8'),
                };
                this.arrived.push(delivery);
                const { status, body } = this.answer(delivery);
                response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
            });
        });
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.url = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }

    /** Waits for the nth delivery of those that fit. */
    async wait(fits, count = 1) {
        for (let waited = 0; waited < 300; waited++) {
            const found = this.arrived.filter(fits);
            if (found.length >= count) return found[count - 1];
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`Only ${this.arrived.filter(fits).length} of ${count} arrived within 15 s`);
    }

    stop() {
        this.server.closeAllConnections?.();
        return new Promise((resolve) => this.server.close(resolve));
    }
}

/** A receiver that ends with the test. */
export async function receive(one) {
    const receiver = await new Receiver().start();
    one.onEnd(() => receiver.stop());
    return receiver;
}
