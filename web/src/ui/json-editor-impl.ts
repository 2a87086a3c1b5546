import {
    autocompletion,
    closeBrackets,
    closeBracketsKeymap,
    completionKeymap,
    type CompletionContext,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import {
    bracketMatching,
    foldGutter,
    foldKeymap,
    HighlightStyle,
    indentOnInput,
    syntaxHighlighting,
} from '@codemirror/language';
import { linter, lintKeymap } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { JsonEditorProps } from './json-editor';

export interface EditorHandle {
    setText: (text: string) => void;
    destroy: () => void;
}

const colours = HighlightStyle.define([
    { tag: tags.propertyName, color: 'var(--text)' },
    { tag: tags.string, color: 'var(--green)' },
    { tag: tags.number, color: 'var(--accent)' },
    { tag: [tags.bool, tags.null], color: 'var(--amber)' },
]);

const look = EditorView.theme({
    '&': {
        flex: '1 1 auto',
        minWidth: '0',
        backgroundColor: 'var(--bg)',
        color: 'var(--text)',
        fontSize: '13px',
        outline: 'none',
    },
    '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px' },
    '.cm-content': { caretColor: 'var(--text)' },
    '.cm-cursor': { borderLeftColor: 'var(--text)' },
    '.cm-gutters': {
        backgroundColor: 'var(--bg-subtle)',
        color: 'var(--text-quiet)',
        borderRight: '1px solid var(--border)',
    },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
        backgroundColor: 'var(--bg-selected)',
    },
    '.cm-tooltip': { backgroundColor: 'var(--bg-float)', color: 'var(--text)', border: '1px solid var(--border)' },
    '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-fill)', color: 'var(--on-fill)' },
    '.cm-matchingBracket': { backgroundColor: 'var(--bg-selected)' },
});

// In a shadow root CodeMirror adopts constructed style sheets; elsewhere it writes <style> elements, which the
// Content-Security-Policy forbids.
export function createEditor(host: HTMLElement, latest: { current: JsonEditorProps }): EditorHandle {
    const root = host.attachShadow({ mode: 'open' });
    const writable = new Compartment();
    const complete = (context: CompletionContext) => {
        const word = context.matchBefore(/["$\w.]+/);
        if (!word || (word.from === word.to && !context.explicit)) return null;
        return {
            from: word.from,
            options: (latest.current.words ?? []).map((label) => ({
                label: word.text.startsWith('"') ? `"${label}"` : label,
            })),
        };
    };
    const view = new EditorView({
        root,
        parent: root,
        state: EditorState.create({
            doc: latest.current.value,
            extensions: [
                lineNumbers(),
                foldGutter(),
                history(),
                drawSelection(),
                indentOnInput(),
                bracketMatching(),
                closeBrackets(),
                highlightActiveLine(),
                json(),
                linter((editor) => (editor.state.doc.length === 0 ? [] : jsonParseLinter()(editor))),
                autocompletion({ override: [complete] }),
                syntaxHighlighting(colours),
                look,
                EditorView.lineWrapping,
                writable.of(EditorState.readOnly.of(latest.current.readOnly ?? false)),
                EditorView.contentAttributes.of({ 'aria-label': latest.current.label }),
                keymap.of([
                    {
                        key: 'Mod-Enter',
                        run: () => {
                            latest.current.onSubmit?.();
                            return latest.current.onSubmit !== undefined;
                        },
                    },
                    ...closeBracketsKeymap,
                    ...defaultKeymap,
                    ...historyKeymap,
                    ...foldKeymap,
                    ...completionKeymap,
                    ...lintKeymap,
                ]),
                EditorView.updateListener.of((update) => {
                    if (update.docChanged) latest.current.onInput?.(update.state.doc.toString());
                }),
            ],
        }),
    });
    if (latest.current.autoFocus) view.focus();
    return {
        setText: (text) => {
            if (text !== view.state.doc.toString())
                view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
        },
        destroy: () => view.destroy(),
    };
}
