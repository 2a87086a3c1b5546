import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import '../styles/tokens.css';
import '../styles/base.css';
import './operations.css';
import './explorer.css';
import { effect } from '@preact/signals';
import { startTheme, theme, type Theme } from '../app/theme';
import { complete, keptForTheTab, tellSession } from './authorization';
import { prepare, readDocument } from './document';
import { giveNames } from './names';
import { explorer } from './plugin';

const dark = matchMedia('(prefers-color-scheme: dark)');

function showTheme(): void {
    const isDark = theme.peek() === 'dark' || (theme.peek() === 'system' && dark.matches);
    document.documentElement.classList.toggle('dark-mode', isDark);
}

function startThemes(): void {
    startTheme();
    dark.addEventListener('change', showTheme);
    const choice = document.querySelector<HTMLSelectElement>('#theme')!;
    effect(() => {
        choice.value = theme.value;
        showTheme();
    });
    choice.addEventListener('change', () => (theme.value = choice.value as Theme));
}

async function start(root: Element): Promise<void> {
    giveNames(root);
    const spec = prepare(await readDocument());
    SwaggerUI({
        domNode: root,
        spec,
        deepLinking: true,
        displayRequestDuration: true,
        defaultModelsExpandDepth: -1,
        docExpansion: 'list',
        filter: true,
        tryItOutEnabled: true,
        syntaxHighlight: { activated: false },
        validatorUrl: null,
        plugins: [explorer(spec), keptForTheTab],
        requestInterceptor: complete,
    });
}

startThemes();
void tellSession(document.querySelector<HTMLElement>('#session')!);
const root = document.querySelector('#explorer')!;
start(root).catch((error: unknown) => {
    const text = document.createElement('p');
    text.textContent = `The explorer could not start: ${error instanceof Error ? error.message : String(error)}.`;
    const again = document.createElement('button');
    again.className = 'button';
    again.textContent = 'Try again';
    again.addEventListener('click', () => location.reload());
    const notice = document.createElement('div');
    notice.className = 'explorer-loading';
    notice.setAttribute('role', 'alert');
    notice.append(text, again);
    root.replaceChildren(notice);
});
