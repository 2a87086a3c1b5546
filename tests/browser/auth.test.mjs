import assert from 'node:assert/strict';
import { checkAccessible, openPage, ownersPage, signIn } from './lib/browser.mjs';
import { invite } from './lib/data.mjs';
import { OWNER, serve } from './lib/server.mjs';
import { test } from './lib/suite.mjs';
import { totp } from './lib/totp.mjs';

/** The secret that is to be typed into an authenticator app. */
async function shownSecret(page) {
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('img', { name: 'QR code of the secret below' }).waitFor();
    return (await dialog.locator('pre').first().textContent()).trim();
}

const home = (page) => page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();

test('setup: a wrong code is told under its field', async (one) => {
    const server = await serve(one, { owner: false });
    const page = await openPage(one, server, { allow: ['400'] });
    await page.goto(server.url);
    await page.getByLabel('One-time code').fill('cvs_wrong');
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByLabel('Password').fill('a few words will do');
    await page.keyboard.press('Enter');
    await page.getByText('This is not the code that the server printed').waitFor();
    assert.equal(await page.getByLabel('One-time code').getAttribute('aria-invalid'), 'true');
    await one.check('a weak password is, too', async () => {
        await page.getByLabel('One-time code').fill(server.setupCode);
        await page.getByLabel('Password').fill('short');
        await page.getByRole('button', { name: 'Create owner' }).click();
        await page.locator('input[name=password][aria-invalid=true]').waitFor();
    });
    await one.check('axe finds nothing', () => checkAccessible(page, 'setup'));
});

test('sign-in: refused, let in, let back to where one wanted to be, and out', async (one) => {
    const server = await serve(one);
    const page = await openPage(one, server, { allow: ['401'] });
    await page.goto(`${server.url}/settings/audit?outcome=success`);
    await page.getByLabel('Email').fill(OWNER.email);
    await page.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('The email or the password is wrong').waitFor();
    await one.check('the sign-in is accessible', () => checkAccessible(page, 'sign-in'));
    page.allowed.length = 0;
    await page.getByLabel('Password').fill(OWNER.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
    assert.equal(new URL(page.url()).search, '?outcome=success');
    await page.reload();
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('sign-in: a session that ended elsewhere leads back to the door', async (one) => {
    const server = await serve(one);
    // Not from Home, which asks by itself every few seconds and may be led away before the click.
    const page = await ownersPage(one, server, { path: '/settings/workspace', allow: ['401'] });
    await page.getByRole('heading', { name: 'Workspace', level: 1 }).waitFor();
    const other = await openPage(one, server);
    await signIn(other, server);
    await other.goto(`${server.url}/settings/account`);
    await other.getByRole('button', { name: 'Sign out everywhere' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByRole('link', { name: 'API Keys' }).first().click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('sign-in: a session that ended elsewhere ends Home by itself', async (one) => {
    const server = await serve(one);
    const page = await ownersPage(one, server, { allow: ['401'] });
    await home(page);
    await page.context().clearCookies();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('second factor: enrolled by QR code, asked for, recovered from, removed', async (one) => {
    const server = await serve(one);
    const page = await ownersPage(one, server, { path: '/settings/account', allow: ['400', '401'] });
    await page.getByRole('button', { name: 'Set up second factor' }).click();
    await page.getByRole('dialog').getByLabel('Your password').fill(OWNER.password);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: 'QR code of the secret below' }).waitFor();
    await one.check('the enrolment is accessible', () => checkAccessible(page, 'enrolment'));
    const secret = await shownSecret(page);
    const code = page.getByRole('dialog').getByLabel('The code that the app shows');
    await code.fill('000000');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('alert').first().waitFor();
    await code.fill(totp(secret));
    await page.keyboard.press('Enter');
    const recovery = page.getByRole('dialog', { name: 'Recovery codes' });
    const codes = (await recovery.locator('pre').textContent()).trim().split('\n');
    assert.equal(codes.length, 10);
    await recovery.getByLabel('I have stored the codes').check();
    await recovery.getByRole('button', { name: 'Close' }).click();
    await page.getByText('on', { exact: true }).first().waitFor();

    const fresh = await openPage(one, server, { allow: ['401'] });
    await fresh.goto(server.url);
    await fresh.getByLabel('Email').fill(OWNER.email);
    await fresh.getByLabel('Password').fill(OWNER.password);
    await fresh.keyboard.press('Enter');
    await fresh.getByRole('heading', { name: 'Second factor' }).waitFor();
    await one.check('the second factor’s page is accessible', () => checkAccessible(fresh, 'second factor'));
    await fresh.getByLabel('Code', { exact: true }).fill(totp(secret, 1));
    await fresh.keyboard.press('Enter');
    await home(fresh);

    const lost = await openPage(one, server, { allow: ['401'] });
    await lost.goto(server.url);
    await lost.getByLabel('Email').fill(OWNER.email);
    await lost.getByLabel('Password').fill(OWNER.password);
    await lost.keyboard.press('Enter');
    await lost.getByRole('button', { name: 'Use a recovery code' }).click();
    await lost.getByLabel('Recovery code').fill(codes[0]);
    await lost.keyboard.press('Enter');
    await home(lost);

    await lost.goto(`${server.url}/settings/account`);
    await lost.getByRole('button', { name: 'Remove second factor' }).click();
    await lost.getByRole('dialog').getByLabel('Your password').fill(OWNER.password);
    await lost.getByRole('dialog').getByLabel('Use a recovery code').check();
    await lost.getByRole('dialog').getByLabel('Recovery code', { exact: true }).fill(codes[1]);
    await lost.getByRole('dialog').getByRole('button', { name: 'Remove second factor' }).click();
    await lost.getByRole('button', { name: 'Set up second factor' }).waitFor();
});

test('password: changed, and reset with a code of the operator', async (one) => {
    const server = await serve(one);
    const page = await ownersPage(one, server, { path: '/settings/account', allow: ['400', '401'] });
    await page.getByLabel('Present password').fill('not the password');
    await page.getByLabel('New password').fill('another few words');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.locator('input[name=current_password][aria-invalid=true]').waitFor();
    await page.getByLabel('Present password').fill(OWNER.password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('The password is changed').waitFor();
    const fresh = await openPage(one, server, { allow: ['400'] });
    await signIn(fresh, server, { password: 'another few words' });
    // Pages that are open see the server go.
    await page.goto('about:blank');
    await fresh.goto('about:blank');

    await server.stop();
    const { execFileSync } = await import('node:child_process');
    const said = execFileSync(server.program, ['reset-code', '--data', `${server.directory}/data`, OWNER.email], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const code = /cv\w+_\w+|\b[\w-]{24,}\b/.exec(said)[0];
    await server.start();
    const reset = await openPage(one, server, { allow: ['400'] });
    await reset.goto(`${server.url}/reset#code=${code}`);
    await reset.getByLabel('New password').fill('short');
    await reset.keyboard.press('Enter');
    await reset.locator('input[name=password][aria-invalid=true]').waitFor();
    await one.check('the reset is accessible', () => checkAccessible(reset, 'reset'));
    await reset.getByLabel('New password').fill('words for a third time');
    await reset.keyboard.press('Enter');
    await reset.getByText('The password is set. Sign in with it.').waitFor();
    await reset.getByLabel('Email').fill(OWNER.email);
    await reset.getByLabel('Password').fill('words for a third time');
    await reset.keyboard.press('Enter');
    await home(reset);
});

test('password: asking for a link tells nobody whether there is an account', async (one) => {
    const server = await serve(one);
    const page = await openPage(one, server);
    await page.goto(server.url);
    await page.getByRole('link', { name: 'Forgot the password' }).click();
    await page.getByLabel('Email').fill('nobody@example.com');
    await page.getByRole('button', { name: 'Send link' }).click();
    await page.getByText('If nobody@example.com has an account').waitFor();
});

test('invitation: accepted with a new account, and joined with one that is signed in', async (one) => {
    const server = await serve(one);
    const invited = await invite(server, 'grace@example.com');
    // The figures of the whole server are refused to those of other workspaces, which the browser notes.
    const page = await openPage(one, server, { allow: ['403'] });
    await page.goto(invited.link.replace(/^https?:\/\/[^/]+/, server.url));
    await page.getByLabel('Your name').fill('Grace');
    await page.getByLabel('Password').fill('a compiler of words');
    await one.check('the invitation is accessible', () => checkAccessible(page, 'invitation'));
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('You are a member now').waitFor();
    await page.getByLabel('Email').fill('grace@example.com');
    await page.getByLabel('Password').fill('a compiler of words');
    await page.keyboard.press('Enter');
    await home(page);
    await one.check('a developer is not offered what would be refused', async () => {
        await page.goto(`${server.url}/settings`);
        await page.getByRole('heading', { name: 'Settings' }).waitFor();
        assert.equal(await page.getByRole('link', { name: 'API Keys' }).count(), 0);
        assert.equal(await page.getByRole('link', { name: 'Members' }).count(), 0);
    });

    // The owner invites her into a workspace of his own making.
    const owner = await ownersPage(one, server, { path: '/settings/workspace', allow: ['403'] });
    await owner.getByRole('button', { name: 'Create workspace' }).click();
    await owner.getByRole('dialog').getByLabel('Name').fill('Laboratory');
    await owner.keyboard.press('Enter');
    await owner.getByText('You are in Laboratory now').waitFor();
    await owner.goto(`${server.url}/settings/members`);
    await owner.getByRole('button', { name: 'Invite member' }).first().click();
    await owner.getByRole('dialog').getByLabel('Email').fill('grace@example.com');
    await owner.getByRole('dialog').getByRole('button', { name: 'Invite member' }).click();
    const link = (
        await owner.getByRole('dialog', { name: 'grace@example.com is invited' }).locator('pre').textContent()
    ).trim();
    await page.goto(link.replace(/^https?:\/\/[^/]+/, server.url));
    await page.getByRole('button', { name: 'Join workspace' }).waitFor();
    await page.getByRole('button', { name: 'Sign out, to accept with another account' }).click();
    await page.getByRole('link', { name: 'sign in first' }).click();
    await page.getByLabel('Email').fill('grace@example.com');
    await page.getByLabel('Password').fill('a compiler of words');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Join workspace' }).click();
    await home(page);
    await page.getByRole('banner').getByText('Laboratory').waitFor();
    await one.check('switching back', async () => {
        await page.getByRole('banner').getByRole('button', { name: 'Laboratory' }).click();
        await page.getByRole('menuitemradio', { name: 'default' }).click();
        await page.getByRole('banner').getByText('default').waitFor();
    });
});

test('second factor: demanded by a workspace of who has none', async (one) => {
    const server = await serve(one);
    const page = await ownersPage(one, server, { path: '/settings/workspace', allow: ['403'] });
    await page.getByLabel('Members must have a second factor').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Demand second factor' }).click();
    await page.getByRole('heading', { name: 'Second factor needed' }).waitFor();
    await one.check('the way in is accessible', () => checkAccessible(page, 'enrolment demanded'));
    await page.getByRole('link', { name: 'Set up second factor' }).click();
    await page.getByRole('button', { name: 'Set up second factor' }).click();
    await page.getByRole('dialog').getByLabel('Your password').fill(OWNER.password);
    await page.keyboard.press('Enter');
    const secret = await shownSecret(page);
    await page.getByRole('dialog').getByLabel('The code that the app shows').fill(totp(secret));
    await page.keyboard.press('Enter');
    const recovery = page.getByRole('dialog', { name: 'Recovery codes' });
    await recovery.getByLabel('I have stored the codes').check();
    await recovery.getByRole('button', { name: 'Close' }).click();
    await page.goto(server.url);
    await home(page);
});

test('workspaces: who is left without one can make one', async (one) => {
    const server = await serve(one);
    const invited = await invite(server, 'grace@example.com');
    const accepted = await fetch(`${server.url}/v1/invitations/accept`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ token: invited.token, password: OWNER.password, name: 'Grace' }),
    });
    assert.equal(accepted.status, 200);
    const page = await openPage(one, server, { allow: ['403'] });
    await signIn(page, server, { email: 'grace@example.com', path: '/settings/workspace' });
    await page.getByRole('button', { name: 'Leave workspace' }).click();
    await page.getByRole('dialog').getByLabel('Type default to confirm').fill('default');
    await page.getByRole('dialog').getByRole('button', { name: 'Leave workspace' }).click();
    await page.getByRole('heading', { name: 'No workspace', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Create workspace' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Her own');
    await page.keyboard.press('Enter');
    await page.getByRole('banner').getByText('Her own').waitFor();
    await home(page);
});
