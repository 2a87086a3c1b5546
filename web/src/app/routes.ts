// Which screen a path shows. A screen's code is loaded when it is first shown.
import type { ComponentType } from 'preact';
import type { IconName } from '../ui/icons';
import { may } from './session';
import '../data/searcher';

export interface Route {
    pattern: string;
    load: () => Promise<{ default: ComponentType<{ params: Record<string, string> }> }>;
}

export interface Entry {
    label: string;
    href: string;
    icon: IconName;
    key?: string;
    under?: readonly { label: string; href: string; shown?: () => boolean }[];
}

/** The sidebar. Parts that the server does not have yet are not in it. */
export const entries: readonly Entry[] = [
    { label: 'Home', href: '/', icon: 'home', key: 'g h' },
    { label: 'Data', href: '/data', icon: 'data', key: 'g d' },
    { label: 'Webhooks', href: '/webhooks', icon: 'webhook', key: 'g w' },
    {
        label: 'Settings',
        href: '/settings',
        icon: 'settings',
        key: 'g s',
        under: [
            { label: 'API Keys', href: '/settings/api-keys', shown: () => may('key:manage') },
            { label: 'Members', href: '/settings/members', shown: () => may('team:manage') },
            { label: 'Workspace', href: '/settings/workspace' },
            { label: 'Limits and usage', href: '/settings/limits' },
            { label: 'Account', href: '/settings/account' },
            { label: 'Audit log', href: '/settings/audit', shown: () => may('logs:read') },
        ],
    },
];

export const routes: readonly Route[] = [
    { pattern: '/', load: () => import('../home/home') },
    { pattern: '/data', load: () => import('../data/databases') },
    { pattern: '/data/:database', load: () => import('../data/database') },
    { pattern: '/data/:database/:collection/:tab?', load: () => import('../data/collection') },
    { pattern: '/webhooks', load: () => import('../webhooks/webhooks') },
    { pattern: '/webhooks/new', load: () => import('../webhooks/create') },
    { pattern: '/webhooks/:webhook/:tab?', load: () => import('../webhooks/webhook') },
    { pattern: '/settings/api-keys', load: () => import('../settings/keys/keys') },
    { pattern: '/settings/members', load: () => import('../settings/members/members') },
    { pattern: '/settings/workspace', load: () => import('../settings/workspace/workspace') },
    { pattern: '/settings/limits', load: () => import('../settings/limits/limits') },
    { pattern: '/settings/account', load: () => import('../settings/account/account') },
    { pattern: '/settings/audit', load: () => import('../settings/audit/audit') },
    { pattern: '/settings', load: () => import('../settings/settings') },
    // For those who make screens; the program that is shipped is built in the mode "production".
    ...(import.meta.env.MODE === 'production' ? [] : [{ pattern: '/parts', load: () => import('../ui/parts-page') }]),
];
