// Search over operations: all words must be in what an operation is called, does and is for.
import { useEffect, useRef } from 'preact/hooks';
import type { Collection } from './system';

function textOf(operation: Collection, tag: string): string {
    const parts = ['summary', 'description', 'operationId'].map((name) => operation.getIn(['operation', name], ''));
    return [tag, operation.get('method'), operation.get('path'), ...parts].join(' ').toLowerCase();
}

/** Swagger UI's own hook for its filter; it searches the names of tags only. */
export function operationsWith(tagged: Collection, phrase: string): Collection {
    const words = phrase.toLowerCase().split(/\s+/).filter(Boolean);
    return tagged
        .map((entry, tag) =>
            entry.set(
                'operations',
                entry.get('operations').filter((operation: Collection) => {
                    const text = textOf(operation, tag);
                    return words.every((word) => text.includes(word));
                }),
            ),
        )
        .filter((entry) => entry.get('operations').size > 0);
}

export function Search({ text, found, onChange }: { text: string; found: number; onChange: (text: string) => void }) {
    const input = useRef<HTMLInputElement>(null);
    useEffect(() => {
        const focus = (event: KeyboardEvent) => {
            const typing = (event.target as Element).closest('input, textarea, select, [contenteditable]');
            if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            input.current?.focus();
        };
        document.addEventListener('keydown', focus);
        return () => document.removeEventListener('keydown', focus);
    }, []);
    return (
        <div class="explorer-search">
            <input ref={input} type="search" placeholder="Search operations" aria-label="Search operations" aria-keyshortcuts="/"
                value={text} onInput={(event) => onChange(event.currentTarget.value)}
                onKeyDown={(event) => event.key === 'Escape' && onChange('')} />
            <span role="status" class="small quiet">{text && (found === 1 ? '1 operation' : `${found} operations`)}</span>
        </div>
    );
}
