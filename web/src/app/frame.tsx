// Sidebar, top bar, and the screen between them.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button } from '../ui/button';
import { Icon } from '../ui/icons';
import { toastError } from '../ui/live';
import { Menu } from '../ui/menu';
import { useCommands } from './commands';
import { keyNames, useShortcuts } from './keyboard';
import { helpOpen, Palette, paletteOpen, ShortcutHelp } from './palette';
import { navigate, path } from './router';
import { entries } from './routes';
import { Screen } from './screen';
import { me, signOut, switchWorkspace, workspace } from './session';
import { theme, type Theme } from './theme';
import './frame.css';

const sideOpen = signal(false);

const openPalette = () => {
    paletteOpen.value = true;
};

export function Frame() {
    useShortcuts('Everywhere', [
        { keys: 'mod+k', label: 'Search and commands', run: openPalette, always: true },
        {
            keys: '?',
            label: 'Show the keys',
            run: () => {
                helpOpen.value = true;
            },
        },
        ...entries.flatMap((entry) =>
            entry.key ? [{ keys: entry.key, label: `Go to ${entry.label}`, run: () => navigate(entry.href) }] : [],
        ),
    ]);
    useCommands([
        ...entries.flatMap((entry) => [
            {
                title: entry.label,
                section: 'Go to',
                icon: entry.icon,
                href: entry.href,
                ...(entry.key ? { key: entry.key } : {}),
            },
            ...(entry.under ?? [])
                .filter((under) => under.shown?.() ?? true)
                .map((under) => ({
                    title: under.label,
                    section: 'Go to',
                    icon: entry.icon,
                    href: under.href,
                    words: entry.label,
                })),
        ]),
        {
            title: 'API explorer',
            section: 'Go to',
            icon: 'link',
            href: '/api-docs',
            words: 'swagger openapi documentation',
        },
        ...themes.map(([value, label]) => ({
            title: `${label} colours`,
            section: 'Appearance',
            run: () => {
                theme.value = value;
            },
        })),
        { title: 'Sign out', section: 'Session', icon: 'user', run: leaveSession },
    ]);
    // A new screen is read from its beginning.
    useEffect(() => {
        sideOpen.value = false;
        document.getElementById('main')?.scrollTo(0, 0);
    }, [path.value]);
    return (
        <div class="frame">
            <a
                class="skip button"
                href="#main"
                onClick={(event) => {
                    event.preventDefault();
                    document.getElementById('main')?.focus();
                }}
            >
                Skip to content
            </a>
            <Side />
            <Top />
            <main id="main" class="main" tabIndex={-1}>
                <Screen />
            </main>
            <Palette />
            <ShortcutHelp />
        </div>
    );
}

function Side() {
    return (
        <>
            {sideOpen.value && (
                <div
                    class="side-cover"
                    onClick={() => {
                        sideOpen.value = false;
                    }}
                />
            )}
            <nav
                class={`side ${sideOpen.value ? 'open' : ''}`}
                aria-label="Main"
                id="side"
                onKeyDown={(event) => {
                    if (event.key === 'Escape') sideOpen.value = false;
                }}
            >
                <a class="brand" href="/">
                    <img src="/icon.svg" width="20" height="20" alt="" />
                    CredVault
                </a>
                {entries.map((entry) => {
                    const inside = entry.href === '/' ? path.value === '/' : path.value.startsWith(entry.href);
                    return (
                        <div key={entry.href}>
                            <a
                                class="entry"
                                href={entry.href}
                                aria-current={
                                    path.value === entry.href ? 'page' : inside && !entry.under ? 'true' : undefined
                                }
                            >
                                <Icon name={entry.icon} />
                                {entry.label}
                            </a>
                            {inside && entry.under && (
                                <div class="under">
                                    {entry.under
                                        .filter((under) => under.shown?.() ?? true)
                                        .map((under) => (
                                            <a
                                                key={under.href}
                                                class="entry"
                                                href={under.href}
                                                aria-current={path.value.startsWith(under.href) ? 'page' : undefined}
                                            >
                                                {under.label}
                                            </a>
                                        ))}
                                </div>
                            )}
                        </div>
                    );
                })}
            </nav>
        </>
    );
}

const themes: readonly (readonly [Theme, string])[] = [
    ['system', 'System'],
    ['light', 'Light'],
    ['dark', 'Dark'],
];

function leaveSession(): void {
    signOut().catch((error: unknown) => toastError('You are still signed in', error));
}

function Top() {
    const user = me.value;
    const all = user?.workspaces ?? [];
    return (
        <header class="top">
            <Button
                class="side-toggle"
                kind="plain"
                icon="menu"
                label="Menu"
                aria-expanded={sideOpen.value}
                aria-controls="side"
                onClick={() => {
                    sideOpen.value = !sideOpen.value;
                }}
            />
            <Menu
                class="button plain"
                items={[
                    { title: 'Workspace' },
                    ...all.map((one) => ({
                        label: one.name,
                        checked: one.id === workspace.value?.id,
                        run: () => {
                            if (one.id !== workspace.value?.id)
                                switchWorkspace(one.id).catch((error: unknown) =>
                                    toastError('The workspace is the same as before', error),
                                );
                        },
                    })),
                    'rule',
                    { label: 'Workspace settings', href: '/settings/workspace', icon: 'settings' },
                ]}
            >
                <span class="cut workspace-name">{workspace.value?.name ?? 'No workspace'}</span>
                <Icon name="down" size={12} />
            </Menu>
            <span class="grow" />
            <button type="button" class="button plain search-button" onClick={openPalette}>
                <Icon name="search" />
                <span class="cut">Search or do something</span>
                <kbd>{keyNames('mod+k').join(' ')}</kbd>
            </button>
            <Button kind="plain" href="/api-docs" class="wide-only">
                <Icon name="link" />
                API explorer
            </Button>
            <Menu
                label="Account"
                icon="user"
                class="button plain only-icon"
                items={[
                    { title: user?.user.email ?? '' },
                    { label: 'Account and second factor', href: '/settings/account' },
                    { label: 'API explorer', href: '/api-docs', icon: 'link' },
                    {
                        label: 'Keyboard',
                        run: () => {
                            helpOpen.value = true;
                        },
                        key: '?',
                    },
                    'rule',
                    { title: 'Colours' },
                    ...themes.map(([value, label]) => ({
                        label,
                        checked: theme.value === value,
                        run: () => {
                            theme.value = value;
                        },
                    })),
                    'rule',
                    { label: 'Sign out', run: leaveSession },
                ]}
            />
        </header>
    );
}
