// JSON to read: folded beyond the second level, long lists a hundred at a time.
import { useState } from 'preact/hooks';
import type { JsonValue } from '@credvault/client';
import { plural } from '../app/format';
import { Icon } from './icons';
import './json-view.css';

const SHOWN = 100;

export function JsonView({ value, label = 'JSON', open = 2 }: { value: JsonValue; label?: string; open?: number }) {
    return (
        <div class="json-view" role="group" aria-label={label}>
            <Node value={value} depth={0} open={open} />
        </div>
    );
}

function Node({ name, value, depth, open }: { name?: string; value: JsonValue; depth: number; open: number }) {
    const [isOpen, setOpen] = useState(depth < open);
    const [shown, setShown] = useState(SHOWN);
    const before =
        name === undefined ? null : (
            <>
                <span class="json-name">{name}</span>:{' '}
            </>
        );
    if (typeof value !== 'object' || value === null)
        return (
            <>
                {before}
                <Scalar value={value} />
            </>
        );
    const list = Array.isArray(value);
    const entries: [string, JsonValue][] = list
        ? value.map((item, index) => [String(index), item])
        : Object.entries(value);
    if (entries.length === 0)
        return (
            <>
                {before}
                {list ? '[]' : '{}'}
            </>
        );
    return (
        <>
            {depth > 0 && (
                <button
                    type="button"
                    class="fold-mark"
                    aria-expanded={isOpen}
                    aria-label={`${isOpen ? 'Fold' : 'Unfold'} ${name ?? ''}`}
                    onClick={() => setOpen(!isOpen)}
                >
                    <Icon name={isOpen ? 'down' : 'right'} size={10} />
                </button>
            )}
            {before}
            {isOpen ? (
                list ? (
                    '['
                ) : (
                    '{'
                )
            ) : (
                <button type="button" onClick={() => setOpen(true)}>
                    {plural(entries.length, list ? 'item' : 'field')}
                </button>
            )}
            {isOpen && (
                <>
                    <ul>
                        {entries.slice(0, shown).map(([key, item]) => (
                            <li key={key}>
                                <Node name={key} value={item} depth={depth + 1} open={open} />
                            </li>
                        ))}
                        {entries.length > shown && (
                            <li>
                                <button type="button" onClick={() => setShown(shown + SHOWN)}>
                                    Show {Math.min(SHOWN, entries.length - shown)} more of {entries.length}
                                </button>
                            </li>
                        )}
                    </ul>
                    {list ? ']' : '}'}
                </>
            )}
        </>
    );
}

export function Scalar({ value }: { value: null | boolean | number | bigint | string }) {
    if (typeof value === 'string') return <span class="json-string">{JSON.stringify(value)}</span>;
    if (typeof value === 'number' || typeof value === 'bigint') return <span class="json-number">{String(value)}</span>;
    return <span class="json-word">{String(value)}</span>;
}
