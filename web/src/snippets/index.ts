// A request as a program: pure generators, one per language, for the explorer, the dashboard and the guides. The body is
// carried as an escaped string and never read, so that what arrives is what was written, byte for byte.
import { cpp } from './cpp';
import { csharp } from './csharp';
import { bash, powershell } from './curl';
import { go } from './go';
import { java } from './java';
import { javascript, node } from './javascript';
import { php } from './php';
import { python } from './python';
import { typed, type SnippetRequest } from './request';
import { ruby } from './ruby';
import { rust } from './rust';

export type { SnippetRequest } from './request';

const languages = {
    bash: { label: 'cURL (bash)', make: bash },
    powershell: { label: 'cURL (PowerShell)', make: powershell },
    javascript: { label: 'JavaScript', make: javascript },
    node: { label: 'Node', make: node },
    python: { label: 'Python', make: python },
    go: { label: 'Go', make: go },
    java: { label: 'Java', make: java },
    csharp: { label: 'C#', make: csharp },
    php: { label: 'PHP', make: php },
    ruby: { label: 'Ruby', make: ruby },
    rust: { label: 'Rust', make: rust },
    cpp: { label: 'C++', make: cpp },
} satisfies Record<string, { label: string; make: (request: SnippetRequest) => string }>;

export type SnippetLanguage = keyof typeof languages;

export const SNIPPET_LANGUAGES: readonly { id: SnippetLanguage; label: string }[] = Object.entries(languages).map(
    ([id, { label }]) => ({ id: id as SnippetLanguage, label }),
);

/** The request as a program in that language, ending in a new line. */
export const snippet = (language: SnippetLanguage, request: SnippetRequest): string =>
    languages[language].make(typed(request));
