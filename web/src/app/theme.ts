import { effect, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'credvault.theme';

export const theme = signal<Theme>((localStorage.getItem(KEY) as Theme | null) ?? 'system');

export function startTheme(): void {
    effect(() => {
        if (theme.value === 'system') {
            localStorage.removeItem(KEY);
            delete document.documentElement.dataset['theme'];
        } else {
            localStorage.setItem(KEY, theme.value);
            document.documentElement.dataset['theme'] = theme.value;
        }
    });
}
