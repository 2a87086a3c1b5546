// How a receiver knows that a delivery is CredVault's. The code is that of docs/webhooks.md, which the tests run.
import { useState } from 'preact/hooks';
import guide from '../../../docs/webhooks.md?raw';
import { Button, CodeBox } from '../ui';
import { useCopy } from '../ui/values';

const NAMES: Record<string, string> = {
    javascript: 'JavaScript',
    python: 'Python',
    php: 'PHP',
    ruby: 'Ruby',
    go: 'Go',
    java: 'Java',
    csharp: 'C#',
    rust: 'Rust',
};

/** The programs under "Verify" for a kind of signature, by language, in the order of `NAMES`. */
export function programsOf(text: string, signature: string): [language: string, code: string][] {
    const section = text.split(/^## /m).find((part) => part.startsWith('Verify')) ?? '';
    const blocks = [...section.matchAll(/^```(\w+)(?: (\w+))?\n([\s\S]*?)^```/gm)];
    const fits = blocks.filter(([, , kind]) => (kind ?? 'v1') === signature);
    const found = new Map(fits.map(([, name, , code]) => [name, code]));
    return Object.keys(NAMES).flatMap((name) => {
        const code = found.get(name);
        return code === undefined ? [] : [[name, code.trimEnd()] as [string, string]];
    });
}

const KEY = 'credvault.verification';

export function VerificationCode({
    signature,
    publicKey,
    heading: Heading = 'h3',
}: {
    signature: string;
    publicKey?: string | undefined;
    heading?: 'h2' | 'h3';
}) {
    const programs = programsOf(guide, signature);
    const [language, setLanguage] = useState(() => localStorage.getItem(KEY) ?? '');
    const [shown, code] = programs.find(([name]) => name === language) ?? programs[0] ?? ['', ''];
    const [done, copy] = useCopy(code);
    return (
        <div class="stack-tight">
            <Heading>Verify what arrives</Heading>
            <p class="quiet">
                The signature is over <code>webhook-id</code>, <code>webhook-timestamp</code> and the raw body, joined
                by dots.
                {signature === 'v1a'
                    ? ' It is Ed25519: the public key verifies it, by this or by a library for Standard Webhooks.'
                    : ' Any library for Standard Webhooks verifies it, and so does this.'}
            </p>
            {publicKey && <CodeBox label="Public key" text={publicKey} />}
            <div class="code-box">
                <div class="code-head">
                    <select
                        aria-label="Language"
                        value={shown}
                        onChange={(event) => {
                            setLanguage(event.currentTarget.value);
                            localStorage.setItem(KEY, event.currentTarget.value);
                        }}
                    >
                        {programs.map(([name]) => (
                            <option key={name} value={name}>
                                {NAMES[name]}
                            </option>
                        ))}
                    </select>
                    <Button compact kind="plain" icon={done ? 'check' : 'copy'} onClick={copy}>
                        {done ? 'Copied' : 'Copy'}
                    </Button>
                </div>
                <pre tabIndex={0}>
                    <code>{code}</code>
                </pre>
            </div>
        </div>
    );
}
