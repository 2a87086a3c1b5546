// A server process of a test, on a free port of the loopback, with an empty data directory.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, openSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const OWNER = { email: 'owner@example.com', password: 'correct horse battery' };
export const ADMIN_KEY = 'admin-key-of-the-browser-tests-0123456789';

// Password hashes as cheap as they come; no bound on attempts unless a test asks for one.
const IDENTITY = '[identity]\npassword_memory_kib = 8\npassword_passes = 1\naddress_attempts = 1000000\n';

const freePort = () =>
    new Promise((resolve) => {
        const probe = createServer().listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });

export class Server {
    constructor(program, { owner = true, config = '' } = {}) {
        this.program = program;
        this.directory = mkdtempSync(join(tmpdir(), 'credvault-browser-'));
        this.owner = owner;
        writeFileSync(join(this.directory, 'config.toml'), IDENTITY + config);
    }

    get url() {
        return `http://127.0.0.1:${this.port}`;
    }

    get log() {
        const path = join(this.directory, 'log');
        return existsSync(path) ? readFileSync(path, 'utf8') : '';
    }

    /** The one-time code for the first owner. */
    get setupCode() {
        return /cvs_\w+/.exec(this.log)?.[0];
    }

    async start() {
        this.port ??= await freePort();
        const log = openSync(join(this.directory, 'log'), 'a');
        const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CREDVAULT_')));
        env.CREDVAULT_ADMIN_KEY = ADMIN_KEY;
        if (this.owner)
            Object.assign(env, { CREDVAULT_ADMIN_EMAIL: OWNER.email, CREDVAULT_ADMIN_PASSWORD: OWNER.password });
        const words = [
            'serve',
            '--data',
            join(this.directory, 'data'),
            '--listen',
            `127.0.0.1:${this.port}`,
            '--config',
            join(this.directory, 'config.toml'),
        ];
        this.process = spawn(this.program, words, { env, stdio: ['ignore', log, log] });
        for (let waited = 0; waited < 600; waited++) {
            if (this.process.exitCode !== null)
                throw new Error(`The server left with ${this.process.exitCode}\n${this.log}`);
            const ready = await fetch(`${this.url}/readyz`).catch(() => undefined);
            if (ready?.ok) return this;
            await pause(100);
        }
        throw new Error(`The server was not ready within a minute\n${this.log}`);
    }

    /** A call of the API with the admin key; fails unless it succeeds. */
    async call(method, path, body, headers = {}) {
        const response = await fetch(`${this.url}${path}`, {
            method,
            headers: {
                Authorization: `ApiKey ${ADMIN_KEY}`,
                ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
                ...headers,
            },
            ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
        return text ? JSON.parse(text) : undefined;
    }

    async stop() {
        if (!this.process || this.process.exitCode !== null) return;
        const left = new Promise((resolve) => this.process.once('exit', resolve));
        this.process.kill('SIGTERM');
        const timer = setTimeout(() => this.process.kill('SIGKILL'), 20_000);
        await left;
        clearTimeout(timer);
        this.process = undefined;
    }

    async remove() {
        await this.stop();
        rmSync(this.directory, { recursive: true, force: true });
    }
}

/** A server that ends with the test. */
export async function serve(one, options) {
    const server = new Server(one.options.server, options);
    one.onEnd(() => server.remove());
    return server.start();
}
