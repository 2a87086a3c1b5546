// Keys that do something, as long as what asked for them is on the screen. `?` lists them.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

export interface Shortcut {
    /** 'j', 'Enter', '/', 'mod+k' (Ctrl, on a Mac ⌘), 'g h' (one after the other). */
    keys: string;
    label: string;
    run: (event: KeyboardEvent) => void;
    /** Also while something is being typed. */
    always?: boolean;
}

interface Group {
    title: string;
    shortcuts: Shortcut[];
    /** Whether they hold while a dialog is open, and not only while none is. */
    inDialog: boolean;
}

/** The innermost last; what came last is asked first. */
export const groups = signal<readonly Group[]>([]);

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

export function useShortcuts(title: string, shortcuts: Shortcut[], { inDialog = false } = {}): void {
    const group = useRef<Group>({ title, shortcuts, inDialog });
    group.current.shortcuts = shortcuts;
    useEffect(() => {
        groups.value = [...groups.peek(), group.current];
        return () => {
            groups.value = groups.peek().filter((entry) => entry !== group.current);
        };
    }, []);
}

function isTyping(event: KeyboardEvent): boolean {
    const target = event.composedPath()[0];
    if (!(target instanceof HTMLElement)) return false;
    return (
        target.isContentEditable ||
        ['TEXTAREA', 'SELECT'].includes(target.tagName) ||
        (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type))
    );
}

// Enter and Space press what has the focus.
function isPressing(event: KeyboardEvent): boolean {
    const target = event.composedPath()[0];
    return (
        ['Enter', ' '].includes(event.key) &&
        target instanceof HTMLElement &&
        ['BUTTON', 'A', 'SUMMARY', 'INPUT'].includes(target.tagName)
    );
}

const nameOf = (event: KeyboardEvent) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    return (event.ctrlKey || event.metaKey ? 'mod+' : '') + (event.altKey ? 'alt+' : '') + key;
};

let prefix = '';
let prefixTimer: ReturnType<typeof setTimeout> | undefined;

function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
    const name = nameOf(event);
    const typing = isTyping(event);
    // What stands behind a dialog can't be reached.
    const covered = document.querySelector('dialog:modal') !== null;
    const sequence = prefix ? `${prefix} ${name}` : name;
    prefix = '';
    clearTimeout(prefixTimer);
    for (const group of [...groups.value].reverse()) {
        for (const shortcut of group.shortcuts) {
            if (!shortcut.always && (typing || isPressing(event) || (covered && !group.inDialog))) continue;
            if (shortcut.keys === sequence) {
                event.preventDefault();
                shortcut.run(event);
                return;
            }
            if (shortcut.keys.startsWith(`${name} `)) prefix = name;
        }
    }
    if (prefix)
        prefixTimer = setTimeout(() => {
            prefix = '';
        }, 1200);
}

export function startKeyboard(): void {
    addEventListener('keydown', onKey);
}

/** How a key is written: ['Ctrl', 'K']. */
export function keyNames(keys: string): string[] {
    const names: Record<string, string> = {
        mod: isMac ? '⌘' : 'Ctrl',
        Escape: 'Esc',
        ArrowDown: '↓',
        ArrowUp: '↑',
        ' ': 'Space',
        alt: isMac ? '⌥' : 'Alt',
    };
    return keys.split(/[ +]/).map((key) => names[key] ?? (/^[a-z]$/.test(key) ? key.toUpperCase() : key));
}
