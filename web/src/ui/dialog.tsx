import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './button';
import './dialog.css';

interface DialogProps {
    title: ComponentChildren;
    onClose: () => void;
    children: ComponentChildren;
    /** Buttons, the one that goes on last. */
    footer?: ComponentChildren;
    /** Given, all of it is a form, which Enter sends. */
    onSubmit?: () => void;
    wide?: boolean;
    /** A click beside it or Esc does not close it: what is shown is shown once. */
    sticky?: boolean;
}

function Frame({ title, onClose, children, footer, onSubmit, titleId, sticky }: DialogProps & { titleId: string }) {
    const content = (
        <>
            <div class="dialog-head">
                <h2 id={titleId}>{title}</h2>
                {!sticky && <Button kind="plain" icon="close" label="Close" onClick={onClose} />}
            </div>
            <div class="dialog-body" tabIndex={-1}>
                {children}
            </div>
            {footer && <div class="dialog-foot">{footer}</div>}
        </>
    );
    if (!onSubmit) return <div class="dialog-frame">{content}</div>;
    return (
        <form
            class="dialog-frame"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                onSubmit();
            }}
        >
            {content}
        </form>
    );
}

function useDialog(modal: boolean, onClose: () => void, sticky = false) {
    const ref = useRef<HTMLDialogElement>(null);
    const close = useRef(onClose);
    close.current = onClose;
    // Before anything else can be typed: what follows a shortcut belongs into its dialog.
    useLayoutEffect(() => {
        const dialog = ref.current;
        const before = document.activeElement;
        if (!dialog) return undefined;
        if (modal) dialog.showModal();
        else dialog.show();
        const first = dialog.querySelector<HTMLElement>(
            '[autofocus], .dialog-body input, .dialog-body select, .dialog-body textarea',
        );
        (first ?? dialog.querySelector<HTMLElement>('.dialog-body'))?.focus();
        const cancel = (event: Event) => {
            event.preventDefault();
            if (!sticky) close.current();
        };
        dialog.addEventListener('cancel', cancel);
        return () => {
            dialog.close();
            if (before instanceof HTMLElement) before.focus();
        };
    }, [modal, sticky]);
    return ref;
}

/** Over everything else; Esc closes it, and the focus goes back to where it was. */
export function Dialog(props: DialogProps) {
    const titleId = useId();
    const ref = useDialog(true, props.onClose, props.sticky);
    return (
        <dialog
            ref={ref}
            class={`dialog ${props.wide ? 'wide' : ''}`}
            aria-labelledby={titleId}
            onMouseDown={(event) => {
                if (event.target === ref.current && !props.sticky) props.onClose();
            }}
        >
            <Frame {...props} titleId={titleId} />
        </dialog>
    );
}

/** At the right edge, for details of what a list shows; not modal unless it says so, so that the list stays of use. */
export function Drawer({ modal = false, ...props }: DialogProps & { modal?: boolean }) {
    const titleId = useId();
    const ref = useDialog(modal, props.onClose, props.sticky);
    return (
        <dialog
            ref={ref}
            class="drawer"
            aria-labelledby={titleId}
            onKeyDown={(event) => {
                if (event.key === 'Escape' && !modal && !event.defaultPrevented) {
                    event.preventDefault();
                    props.onClose();
                }
            }}
            onMouseDown={(event) => {
                if (modal && event.target === ref.current) props.onClose();
            }}
        >
            <Frame {...props} titleId={titleId} />
        </dialog>
    );
}
