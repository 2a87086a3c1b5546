import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icons';
import { commandLists, GUESS, rank, searchers, type Command } from './commands';
import { describeError } from './errors';
import { groups, keyNames } from './keyboard';
import { navigate } from './router';
import './palette.css';

export const paletteOpen = signal(false);
export const helpOpen = signal(false);

const NOTHING = { found: [], failure: undefined };

function useFound(text: string): { found: readonly Command[]; failure: unknown } {
    const [state, setState] = useState<{ found: readonly Command[]; failure: unknown }>(NOTHING);
    useEffect(() => {
        if (text.trim() === '') {
            setState(NOTHING);
            return undefined;
        }
        const control = new AbortController();
        const timer = setTimeout(() => {
            void Promise.allSettled(searchers.map((search) => search(text.trim(), control.signal))).then((all) => {
                if (control.signal.aborted) return;
                setState({
                    found: all.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])),
                    failure: all.find((one) => one.status === 'rejected')?.reason,
                });
            });
        }, 120);
        return () => {
            clearTimeout(timer);
            control.abort();
        };
    }, [text]);
    return state;
}

/** Search and commands. */
export function Palette() {
    return paletteOpen.value ? <OpenPalette /> : null;
}

function OpenPalette() {
    const dialog = useRef<HTMLDialogElement>(null);
    const list = useRef<HTMLDivElement>(null);
    const [text, setText] = useState('');
    const [at, setAt] = useState(0);
    const { found, failure } = useFound(text);
    const shown = useMemo(() => {
        const known = [...commandLists.value].reverse().flatMap((entry) => entry.commands);
        const ranked = known
            .map((command) => [rank(text, command), command] as const)
            .filter((entry): entry is [number, Command] => entry[0] !== undefined);
        if (text.trim() !== '') ranked.sort((a, b) => a[0] - b[0]);
        // Letters that are only somewhere in order are a guess, for when nothing else is found.
        const sure = ranked.filter(([place]) => place < GUESS);
        const offered = sure.length + found.length > 0 ? sure : ranked;
        return [...offered.map(([, command]) => command), ...found].slice(0, 60);
    }, [text, found, commandLists.value]);

    // Before anything is painted: what is typed at once after Ctrl K goes here.
    useLayoutEffect(() => {
        const before = document.activeElement;
        dialog.current?.showModal();
        return () => {
            dialog.current?.close();
            if (before instanceof HTMLElement && before.isConnected) before.focus();
        };
    }, []);
    useEffect(() => setAt(0), [text]);
    useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [at]);

    const close = () => {
        paletteOpen.value = false;
    };
    const choose = (command: Command | undefined) => {
        if (!command) return;
        close();
        // The focus goes back first, so that what opens next remembers the right place.
        setTimeout(() => {
            if (command.href?.startsWith('/api-docs')) location.assign(command.href);
            else if (command.href) navigate(command.href);
            command.run?.();
        });
    };
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.key === 'ArrowDown') setAt(Math.min(at + 1, shown.length - 1));
        else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
        else if (event.key === 'Enter') choose(shown[at]);
        else return;
        event.preventDefault();
    };
    const sections = [...new Set(shown.map((command) => command.section))];
    const ordered = sections.flatMap((section) => shown.filter((command) => command.section === section));
    // What is seen is what the arrows go through.
    if (ordered.some((command, index) => command !== shown[index])) shown.splice(0, shown.length, ...ordered);
    return (
        <dialog
            ref={dialog}
            class="palette"
            aria-label="Search and commands"
            onCancel={(event) => {
                event.preventDefault();
                close();
            }}
            onMouseDown={(event) => {
                if (event.target === dialog.current) close();
            }}
        >
            <div class="palette-frame">
                <input
                    type="text"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-autocomplete="list"
                    autocomplete="off"
                    spellcheck={false}
                    aria-activedescendant={shown[at] ? `palette-${at}` : undefined}
                    aria-label="Search and commands"
                    placeholder="Search or do something"
                    value={text}
                    onInput={(event) => setText(event.currentTarget.value)}
                    onKeyDown={onKeyDown}
                />
                <div ref={list} id="palette-list" class="palette-list" role="listbox" aria-label="Found" tabIndex={-1}>
                    {sections.map((section) => (
                        <div key={section} role="group" aria-label={section}>
                            <div class="heading" role="presentation">
                                {section}
                            </div>
                            {shown.map(
                                (command, index) =>
                                    command.section === section && (
                                        <div
                                            key={index}
                                            id={`palette-${index}`}
                                            role="option"
                                            aria-selected={index === at}
                                            onMouseMove={() => setAt(index)}
                                            onClick={() => choose(command)}
                                        >
                                            <Icon name={command.icon ?? 'right'} />
                                            <span class="grow cut">{command.title}</span>
                                            {command.key && (
                                                <span>
                                                    {keyNames(command.key).map((key) => (
                                                        <kbd key={key}>{key}</kbd>
                                                    ))}
                                                </span>
                                            )}
                                        </div>
                                    ),
                            )}
                        </div>
                    ))}
                </div>
                {failure !== undefined && (
                    <p class="heading quiet palette-list" role="status">
                        Databases and collections were not searched. {describeError(failure)}
                    </p>
                )}
                {shown.length === 0 && (
                    <p class="heading quiet palette-list" role="status">
                        Nothing found for “{text}”.
                    </p>
                )}
            </div>
        </dialog>
    );
}

/** What `?` shows. */
export function ShortcutHelp() {
    if (!helpOpen.value) return null;
    const shown = groups.value.filter((group) => group.title && group.shortcuts.length > 0);
    return (
        <Dialog
            title="Keyboard"
            wide
            onClose={() => {
                helpOpen.value = false;
            }}
        >
            <div class="shortcuts">
                {shown.map((group, index) => (
                    <div key={index}>
                        <h3>{group.title}</h3>
                        <ul>
                            {group.shortcuts.map((shortcut) => (
                                <li key={shortcut.keys}>
                                    <span>{shortcut.label}</span>
                                    <span class="line">
                                        {keyNames(shortcut.keys).map((key, at) => (
                                            <kbd key={at}>{key}</kbd>
                                        ))}
                                    </span>
                                </li>
                            ))}
                        </ul>
                    </div>
                ))}
            </div>
        </Dialog>
    );
}
