import { entries } from '../app/routes';
import { Page } from '../ui';

const ABOUT: Record<string, string> = {
    '/settings/api-keys': 'What programs present: scopes, restrictions, secrets',
    '/settings/members': 'Who may use the workspace, roles, invitations',
    '/settings/workspace': 'Name, tier, second factor for all, switching, deleting',
    '/settings/limits': 'What the tier allows and what has been used',
    '/settings/account': 'Your name, password, second factor and sessions',
    '/settings/audit': 'Who changed what, and who was refused',
};

export default function Settings() {
    const parts = entries.find((entry) => entry.href === '/settings')?.under ?? [];
    return (
        <Page title="Settings" narrow>
            <ul class="stack-tight">
                {parts
                    .filter((part) => part.shown?.() ?? true)
                    .map((part) => (
                        <li key={part.href}>
                            <a href={part.href}>
                                <strong>{part.label}</strong>
                            </a>
                            <div class="quiet">{ABOUT[part.href]}</div>
                        </li>
                    ))}
            </ul>
        </Page>
    );
}
