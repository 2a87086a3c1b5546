// CodeMirror, loaded when an editor is first shown.
import { useEffect, useRef, useState } from 'preact/hooks';
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
    /** Takes the cursor when it appears. */
    autoFocus?: boolean;
}

export function JsonEditor(props: JsonEditorProps) {
    const host = useRef<HTMLDivElement>(null);
    const editor = useRef<EditorHandle | undefined>(undefined);
    const latest = useRef(props);
    latest.current = props;
    const [ready, setReady] = useState(false);

    useEffect(() => {
        let gone = false;
        void import('./json-editor-impl').then(({ createEditor }) => {
            if (gone || !host.current) return;
            editor.current = createEditor(host.current, latest);
            setReady(true);
        });
        return () => {
            gone = true;
            editor.current?.destroy();
        };
    }, []);
    useEffect(() => editor.current?.setText(props.value), [props.value]);

    return (
        <div class="json-editor" style={{ minHeight: `${props.minHeight ?? 120}px` }}>
            {!ready && <Skeleton lines={3} />}
            <div ref={host} class="json-editor-host" />
        </div>
    );
}
