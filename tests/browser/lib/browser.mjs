// Chromium, and pages that watch themselves: no console error, no request to another host, nothing that the
// Content-Security-Policy refused.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { OWNER } from './server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PROGRAMS = [
    process.env.CREDVAULT_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
];

let browser;

export async function openBrowser() {
    const executablePath = PROGRAMS.find((path) => path && existsSync(path));
    if (!executablePath)
        throw new Error('There is no Chromium: install the package chromium, or name one in CREDVAULT_CHROMIUM');
    // Chromium's own sandbox does not work for root; what it opens here is our own server.
    browser ??= await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
    return browser;
}

export async function closeBrowser() {
    await browser?.close();
    browser = undefined;
}

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 860 };

/**
 * A page in a context of its own, that ends with the test and fails it for what it should not have done. `allow`: texts
 * of console errors that are part of the test, such as those of answers with a status of 400 or above.
 */
export async function openPage(
    one,
    server,
    { viewport = DESK, dark = false, allow = [], context, phone = false } = {},
) {
    const owner =
        context ??
        (await (
            await openBrowser()
        ).newContext({
            viewport: phone ? PHONE : viewport,
            hasTouch: phone,
            isMobile: phone,
            colorScheme: dark ? 'dark' : 'light',
            reducedMotion: 'reduce',
            permissions: ['clipboard-read', 'clipboard-write'],
        }));
    const page = await owner.newPage();
    page.setDefaultTimeout(15_000);
    const faults = [];
    // Without it a failure would only say what was not found.
    const picture = () =>
        process.env.CREDVAULT_PICTURES &&
        page.screenshot({ path: `${process.env.CREDVAULT_PICTURES}/${one.name.replaceAll(/\W+/g, '-')}.png` });
    page.allowed = allow;
    page.on('console', (message) => {
        if (message.type() !== 'error') return;
        if (!page.allowed.some((part) => message.text().includes(part)))
            faults.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => faults.push(`error: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
        const url = new URL(request.url());
        if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== server.url)
            faults.push(`another host: ${request.url()}`);
    });
    one.onEnd(async () => {
        await picture();
        if (!context) await owner.close();
        assert.deepEqual(faults, [], 'what the page should not have done');
    });
    return page;
}

/** Signs in at the dashboard's door. */
export async function signIn(page, server, { email = OWNER.email, password = OWNER.password, path = '/' } = {}) {
    await page.goto(server.url + path);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    // On a phone it is folded away.
    await page.locator('#side').waitFor({ state: 'attached' });
}

/** A page of the owner's, signed in. */
export async function ownersPage(one, server, options = {}) {
    const page = await openPage(one, server, options);
    await signIn(page, server, options);
    return page;
}

/** Until what was drawn has also had its effects, such as the keys that a screen listens to. */
export const painted = (page) =>
    page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
    );

/** WCAG 2.2 AA, as far as axe can tell. */
export async function checkAccessible(page, what) {
    // By the debugger's way in: the page's policy forbids scripts that are not its own.
    await page.evaluate(axe);
    const results = await page.evaluate(() =>
        globalThis.axe.run(document, {
            runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
            resultTypes: ['violations'],
        }),
    );
    const found = results.violations.map(
        (violation) =>
            `${violation.id}: ${violation.help}\n` +
            violation.nodes
                .slice(0, 4)
                .map((node) => `    ${node.target.join(' ')}: ${node.failureSummary?.replaceAll('\n', ' ')}`)
                .join('\n'),
    );
    assert.deepEqual(found, [], `${what}: what axe found`);
}
