import { useEffect, useRef, useState } from 'preact/hooks';
import { useShortcuts } from '../app/keyboard';
import { useSearch } from '../app/router';
import { Icon } from '../ui';

/** Finds by name; the URL's `find` holds what is looked for. */
export function Finder({ label }: { label: string }) {
    const [find, setFind] = useSearch('find');
    const [text, setText] = useState(find);
    const input = useRef<HTMLInputElement>(null);
    useShortcuts('Find', [{ keys: '/', label, run: () => input.current?.focus() }]);
    // It may have been lifted elsewhere, as by "Show all".
    useEffect(() => {
        if (find === '') setText('');
    }, [find]);
    useEffect(() => {
        if (text === find) return undefined;
        const timer = setTimeout(() => setFind(text, { replace: true }), 150);
        return () => clearTimeout(timer);
    }, [text]);
    return (
        <div class="filter-box finder">
            <Icon name="search" />
            <input
                ref={input}
                class="input"
                type="search"
                aria-label={label}
                placeholder={label}
                value={text}
                autocomplete="off"
                spellcheck={false}
                onInput={(event) => setText(event.currentTarget.value)}
                onKeyDown={(event) => {
                    if (event.key === 'Escape') {
                        setText('');
                        event.currentTarget.blur();
                    }
                }}
            />
        </div>
    );
}
