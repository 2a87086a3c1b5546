import type { ComponentChildren, JSX, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { ApiError } from '@credvault/client';
import { describeError, wrongIn } from '../app/errors';
import { Icon } from './icons';
import { Id } from './values';
import './field.css';

interface FieldProps {
    label: string;
    /** As the API calls it; its error is shown under the field. */
    name?: string;
    error?: unknown;
    hint?: ComponentChildren;
    /** Shown in place of the API's error. */
    wrong?: string | undefined;
    children: (control: {
        id: string;
        name: string | undefined;
        'aria-describedby': string | undefined;
        'aria-invalid': boolean | undefined;
    }) => VNode;
}

/** A label, a control and what is wrong with it. */
export function Field({ label, name, error, hint, wrong, children }: FieldProps) {
    const id = useId();
    const problem = wrong ?? (name ? wrongIn(error, name) : undefined);
    const described = [hint !== undefined && `${id}-hint`, problem && `${id}-wrong`].filter(Boolean).join(' ');
    return (
        <div class="field">
            <label for={id}>{label}</label>
            {children({
                id,
                name,
                'aria-describedby': described || undefined,
                'aria-invalid': problem ? true : undefined,
            })}
            {hint !== undefined && (
                <div class="hint" id={`${id}-hint`}>
                    {hint}
                </div>
            )}
            {problem && <Wrong id={`${id}-wrong`}>{problem}</Wrong>}
        </div>
    );
}

function Wrong({ id, children }: { id: string; children: ComponentChildren }) {
    const ref = useRef<HTMLDivElement>(null);
    // It may be said about a field that is not in sight.
    useEffect(() => ref.current?.scrollIntoView({ block: 'nearest' }), [children]);
    return (
        <div ref={ref} class="wrong" id={id} role="alert">
            <Icon name="alert" size={14} />
            <span>{children}</span>
        </div>
    );
}

type InputProps = Omit<FieldProps, 'children'> &
    Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'label' | 'onInput' | 'value'> & {
        value: string;
        onInput: (value: string) => void;
    };

export function TextField({
    label,
    name,
    error,
    hint,
    wrong,
    value,
    onInput,
    class: more,
    autofocus,
    ...rest
}: InputProps) {
    const ref = useRef<HTMLInputElement>(null);
    // The attribute holds only for what is there when the document is loaded.
    useEffect(() => {
        if (autofocus) ref.current?.focus();
    }, []);
    return (
        <Field
            label={label}
            {...(name === undefined ? {} : { name: String(name) })}
            error={error}
            hint={hint}
            wrong={wrong}
        >
            {(control) => (
                <input
                    ref={ref}
                    type="text"
                    autocomplete="off"
                    spellcheck={false}
                    {...rest}
                    {...control}
                    class={`input ${more ?? ''}`}
                    value={value}
                    onInput={(event) => onInput(event.currentTarget.value)}
                />
            )}
        </Field>
    );
}

export function TextAreaField({
    label,
    name,
    error,
    hint,
    wrong,
    value,
    onInput,
    rows = 3,
}: Omit<FieldProps, 'children'> & {
    value: string;
    onInput: (value: string) => void;
    rows?: number;
}) {
    return (
        <Field label={label} {...(name === undefined ? {} : { name })} error={error} hint={hint} wrong={wrong}>
            {(control) => (
                <textarea
                    {...control}
                    class="input mono"
                    rows={rows}
                    spellcheck={false}
                    value={value}
                    onInput={(event) => onInput(event.currentTarget.value)}
                />
            )}
        </Field>
    );
}

export function SelectField({
    label,
    name,
    error,
    hint,
    wrong,
    value,
    onChange,
    options,
}: Omit<FieldProps, 'children'> & {
    value: string;
    onChange: (value: string) => void;
    options: readonly (readonly [value: string, label: string])[];
}) {
    return (
        <Field label={label} {...(name === undefined ? {} : { name })} error={error} hint={hint} wrong={wrong}>
            {(control) => (
                <select
                    {...control}
                    class="input"
                    value={value}
                    onChange={(event) => onChange(event.currentTarget.value)}
                >
                    {options.map(([option, text]) => (
                        <option key={option} value={option}>
                            {text}
                        </option>
                    ))}
                </select>
            )}
        </Field>
    );
}

/** Which rows of a list are shown: those of one status, or all. */
export function StatusFilter({
    statuses,
    value,
    onChange,
}: {
    statuses: readonly string[];
    value: string;
    onChange: (status: string) => void;
}) {
    return (
        <select
            class="input"
            aria-label="Status"
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
        >
            <option value="">Any status</option>
            {statuses.map((status) => (
                <option key={status} value={status}>
                    {status}
                </option>
            ))}
        </select>
    );
}

export function Check({
    label,
    hint,
    checked,
    onChange,
    disabled,
    type = 'checkbox',
    name,
}: {
    label: ComponentChildren;
    hint?: ComponentChildren;
    checked: boolean;
    onChange: (checked: boolean) => void;
    disabled?: boolean;
    type?: 'checkbox' | 'radio';
    name?: string;
}) {
    return (
        <label class="check">
            <input
                type={type}
                name={name}
                checked={checked}
                disabled={disabled}
                onChange={(event) => onChange(event.currentTarget.checked)}
            />
            <span>
                {label}
                {hint !== undefined && <span class="hint">{hint}</span>}
            </span>
        </label>
    );
}

/** Several controls under one heading. */
export function FieldSet({
    legend,
    hint,
    name,
    error,
    children,
}: {
    legend: string;
    hint?: ComponentChildren;
    name?: string;
    error?: unknown;
    children: ComponentChildren;
}) {
    const id = useId();
    const problem = name ? wrongIn(error, name) : undefined;
    return (
        <fieldset class="field" aria-describedby={problem ? `${id}-wrong` : undefined}>
            <legend>{legend}</legend>
            {hint !== undefined && <div class="hint">{hint}</div>}
            {children}
            {problem && <Wrong id={`${id}-wrong`}>{problem}</Wrong>}
        </fieldset>
    );
}

export function Notice({
    tone = 'grey',
    children,
    live = false,
}: {
    tone?: 'grey' | 'red' | 'amber' | 'green';
    children: ComponentChildren;
    live?: boolean;
}) {
    return (
        <div class={`notice ${tone}`} role={live ? 'alert' : undefined}>
            {tone !== 'grey' && <Icon name={tone === 'green' ? 'check' : 'alert'} />}
            <div class="grow stack-tight">{children}</div>
        </div>
    );
}

/** An error in words, with the request id that the server's log shows it under. `fields` have been shown elsewhere. */
export function ErrorNotice({
    error,
    fields = [],
    onRetry,
}: {
    error: unknown;
    fields?: readonly string[];
    onRetry?: () => void;
}) {
    if (error === undefined || error === null) return null;
    if (error instanceof ApiError) {
        const named =
            error.details.length > 0 ? error.details.map((detail) => detail.field ?? '') : [error.field ?? ''];
        if (named.every((field) => fields.some((shown) => field === shown || field.startsWith(`${shown}.`))))
            return null;
    }
    return (
        <Notice tone="red" live>
            <p>{describeError(error)}</p>
            {error instanceof ApiError && error.requestId && (
                <div class="small line">
                    Request <Id value={error.requestId} /> <code class="small">{error.code}</code>
                </div>
            )}
            {onRetry && (
                <div>
                    <button type="button" class="button compact" onClick={onRetry}>
                        Try again
                    </button>
                </div>
            )}
        </Notice>
    );
}
