// Forms: fields, what is wrong that no field shows, the button, and the same call from a program.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useAction, type Action } from '../app/load';
import { Button } from './button';
import { Dialog } from './dialog';
import { ErrorNotice, TextField } from './field';
import { CallSnippet, type ApiCall } from './snippet';

interface FormProps {
    /** What sending does. */
    action: Action<[]>;
    /** The button: a verb with its object. */
    submit: string;
    /** Names that the fields have in the API: their errors are shown under them. */
    fields?: readonly string[];
    /** With passwords and codes left out. */
    call: ApiCall;
    kind?: 'primary' | 'danger' | 'normal';
    /** There is nothing to send. */
    disabled?: boolean;
    children?: ComponentChildren;
}

/** A form that is a part of a page. */
export function Form({
    action,
    submit,
    fields = [],
    call,
    kind = 'normal',
    disabled = false,
    class: more = '',
    children,
}: FormProps & { class?: string }) {
    return (
        <form
            noValidate
            class={`stack ${more}`}
            onSubmit={(event) => {
                event.preventDefault();
                if (!disabled) void action.run();
            }}
        >
            {children}
            <ErrorNotice error={action.error} fields={fields} />
            <div>
                <Button kind={kind} type="submit" busy={action.busy} disabled={disabled}>
                    {submit}
                </Button>
            </div>
            <CallSnippet call={call} />
        </form>
    );
}

/** A form over the page. */
export function FormDialog({
    title,
    action,
    submit,
    fields = [],
    call,
    kind = 'primary',
    disabled = false,
    wide = false,
    cancel = 'Cancel',
    onClose,
    onDone,
    children,
}: Omit<FormProps, 'call'> & {
    title: string;
    /** undefined where nothing is sent. */
    call: ApiCall | undefined;
    wide?: boolean;
    /** What the button is called that closes it. */
    cancel?: string;
    onClose: () => void;
    /** After it was done. */
    onDone?: () => void;
}) {
    const send = async () => {
        if (!disabled && (await action.run())) onDone?.();
    };
    return (
        <Dialog
            title={title}
            wide={wide}
            onClose={onClose}
            onSubmit={() => void send()}
            footer={
                <>
                    <Button onClick={onClose}>{cancel}</Button>
                    <Button kind={kind} type="submit" busy={action.busy} disabled={disabled}>
                        {submit}
                    </Button>
                </>
            }
        >
            <div class="stack">
                {children}
                <ErrorNotice error={action.error} fields={fields} />
                {call && <CallSnippet call={call} />}
            </div>
        </Dialog>
    );
}

interface ConfirmProps {
    title: string;
    /** What will be lost. */
    children: ComponentChildren;
    /** The button: a verb with its object. */
    confirm: string;
    /** Where given, this has to be typed first. */
    repeat?: string;
    /** undefined where nothing is sent. */
    call: ApiCall | undefined;
    onConfirm: () => Promise<unknown>;
    onClose: () => void;
}

/** Asks before something that destroys. */
export function Confirm({ title, children, confirm, repeat, call, onConfirm, onClose }: ConfirmProps) {
    const [typed, setTyped] = useState('');
    const action = useAction(onConfirm);
    return (
        <FormDialog
            title={title}
            action={action}
            submit={confirm}
            kind="danger"
            call={call}
            disabled={repeat !== undefined && typed !== repeat}
            onClose={onClose}
            onDone={onClose}
        >
            {children}
            {repeat !== undefined && <TextField label={`Type ${repeat} to confirm`} value={typed} onInput={setTyped} />}
        </FormDialog>
    );
}
