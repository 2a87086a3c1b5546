// CodeMirror, loaded when an editor is first shown.
import { useEffect, useRef } from 'preact/hooks';
import { useCode } from './code';
import { Skeleton } from './values';
import type { EditorHandle } from './json-editor-impl';
import './json-editor.css';

export interface JsonEditorProps {
    value: string;
    onInput?: (text: string) => void;
    label: string;
    readOnly?: boolean;
    /** Names to complete, such as fields and operators. */
    words?: readonly string[];
    /** Ctrl or ⌘ with Enter. */
    onSubmit?: () => void;
    minHeight?: number;
    /** Takes the cursor when it appears: at the beginning, or at a place in the text. */
    autoFocus?: boolean | number;
}

const loadEditor = () => import('./json-editor-impl');

export function JsonEditor(props: JsonEditorProps) {
    const host = useRef<HTMLDivElement>(null);
    const editor = useRef<EditorHandle | undefined>(undefined);
    const latest = useRef(props);
    latest.current = props;
    const { code, failed, slow } = useCode(loadEditor);

    useEffect(() => {
        if (!code || !host.current) return undefined;
        editor.current = code.createEditor(host.current, latest);
        return () => {
            editor.current?.destroy();
            editor.current = undefined;
        };
    }, [code]);
    useEffect(() => editor.current?.setText(props.value), [props.value]);

    return (
        <div class="json-editor" style={{ minHeight: `${props.minHeight ?? 120}px` }}>
            {slow && <Skeleton lines={3} />}
            {failed ? <PlainEditor {...props} /> : <div ref={host} class="json-editor-host" />}
        </div>
    );
}

// Better than nothing where the editor's code could not be fetched.
function PlainEditor({ value, onInput, label, readOnly, minHeight }: JsonEditorProps) {
    return (
        <textarea
            class="input mono"
            aria-label={label}
            readOnly={readOnly}
            spellcheck={false}
            style={{ minHeight: `${minHeight ?? 120}px` }}
            value={value}
            onInput={(event) => onInput?.(event.currentTarget.value)}
        />
    );
}
