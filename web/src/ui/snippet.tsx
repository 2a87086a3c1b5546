// The same call as a program: how people learn the API from the dashboard.
import { signal } from '@preact/signals';
import { stringifyJson, targetOf } from '@credvault/client';
import { snippet, SNIPPET_LANGUAGES, type SnippetLanguage, type SnippetRequest } from '../snippets';
import { Fold } from './fold';
import { useCopy } from './values';
import { Button } from './button';
import './snippet.css';

const KEY = 'credvault.language';
const languages = SNIPPET_LANGUAGES.map((language) => language.id);
const remembered = localStorage.getItem(KEY) as SnippetLanguage | null;
const language = signal<SnippetLanguage>(remembered && languages.includes(remembered) ? remembered : languages[0]!);

export interface ApiCall {
    method: string;
    path: string;
    parameters?: Record<string, string>;
    query?: Record<string, unknown>;
    /** Text is sent as it stands, anything else as JSON. */
    body?: unknown;
    headers?: Record<string, string>;
    /** Who calls: a program with a key unless it says otherwise, a user who is signed in, or anybody. */
    as?: 'key' | 'user' | 'anybody';
}

const CREDENTIALS: Record<string, [string, string][]> = {
    key: [['Authorization', 'ApiKey cv_live_…']],
    user: [['Authorization', 'Bearer cva_…']],
    anybody: [],
};

/** What stands in a snippet for a password, a code or a token. */
export const HIDDEN = '…';

/** What a program would send: with a credential, which it has to fill in. */
export function requestOf(call: ApiCall): SnippetRequest {
    const named = Object.entries(call.headers ?? {});
    const headers = [...CREDENTIALS[call.as ?? 'key']!, ...named];
    if (call.body !== undefined && !named.some(([name]) => name.toLowerCase() === 'content-type'))
        headers.push(['Content-Type', 'application/json']);
    const body =
        call.body === undefined
            ? {}
            : { body: typeof call.body === 'string' ? call.body : stringifyJson(call.body, 2) };
    return {
        method: call.method,
        url: location.origin + targetOf(call.path, call.parameters, call.query),
        headers,
        ...body,
    };
}

/** Folded until it is asked for. */
export function CallSnippet({ call, open = false }: { call: ApiCall; open?: boolean }) {
    return (
        <Fold title="The same call from a program" open={open}>
            <Snippet request={requestOf(call)} />
        </Fold>
    );
}

export function Snippet({ request }: { request: SnippetRequest }) {
    const text = snippet(language.value, request);
    const [done, copy] = useCopy(text);
    return (
        <div class="code-box">
            <div class="code-head">
                <select
                    aria-label="Language"
                    value={language.value}
                    onChange={(event) => {
                        language.value = event.currentTarget.value as SnippetLanguage;
                        localStorage.setItem(KEY, language.value);
                    }}
                >
                    {SNIPPET_LANGUAGES.map(({ id, label }) => (
                        <option key={id} value={id}>
                            {label}
                        </option>
                    ))}
                </select>
                <Button compact kind="plain" icon={done ? 'check' : 'copy'} onClick={copy}>
                    {done ? 'Copied' : 'Copy'}
                </Button>
            </div>
            <pre tabIndex={0}>
                <code>{text}</code>
            </pre>
        </div>
    );
}

/** Text to copy, such as a secret that is shown once. */
export function CodeBox({ text, label }: { text: string; label: string }) {
    const [done, copy] = useCopy(text);
    return (
        <div class="code-box">
            <div class="code-head">
                <span class="small quiet">{label}</span>
                <Button compact kind="plain" icon={done ? 'check' : 'copy'} onClick={copy}>
                    {done ? 'Copied' : 'Copy'}
                </Button>
            </div>
            <pre tabIndex={0}>
                <code>{text}</code>
            </pre>
        </div>
    );
}
