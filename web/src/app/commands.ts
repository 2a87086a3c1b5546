// What Ctrl/⌘ K finds: commands of the screens that are shown, and what searchers find.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { IconName } from '../ui/icons';

export interface Command {
    title: string;
    /** Under which heading: "Go to", "API keys", "Collections". */
    section: string;
    icon?: IconName;
    /** Where it leads, or what it does. */
    href?: string;
    run?: () => void;
    /** More words under which it is found. */
    words?: string;
    key?: string;
}

type Searcher = (text: string, signal: AbortSignal) => Promise<Command[]>;

export const commandLists = signal<readonly { commands: Command[] }[]>([]);
export const searchers: Searcher[] = [];

/** Commands that are there as long as the component is. */
export function useCommands(commands: Command[]): void {
    const list = useRef({ commands });
    list.current.commands = commands;
    useEffect(() => {
        commandLists.value = [...commandLists.peek(), list.current];
        return () => {
            commandLists.value = commandLists.peek().filter((entry) => entry !== list.current);
        };
    }, []);
}

/** Adds to what is found, such as collections by name. */
export function addSearcher(searcher: Searcher): void {
    searchers.push(searcher);
}

/** How well the text is in the title: undefined for not at all, less is better. Letters in order will do. */
export function rank(text: string, command: Command): number | undefined {
    const title = `${command.title} ${command.words ?? ''}`.toLowerCase();
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return 0;
    const at = title.indexOf(wanted);
    if (at >= 0) return at === 0 || title[at - 1] === ' ' ? at : 50 + at;
    let from = -1;
    for (const letter of wanted.replaceAll(' ', '')) {
        from = title.indexOf(letter, from + 1);
        if (from < 0) return undefined;
    }
    return 200 + title.length;
}
