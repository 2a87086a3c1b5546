// The filter bar: completes fields, operators and values, and shows what is wrong in the API's own words.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { describeError } from '../app/errors';
import { Button, Icon } from '../ui';
import { complete, type Suggestion } from './completion';
import type { FieldInfo } from './fields';
import { FilterError, parseFilter } from './filter-language';

interface FilterBarProps {
    /** What is applied. */
    value: string;
    onApply: (text: string) => void;
    fields: readonly FieldInfo[];
    /** Of the call that used it. */
    error: unknown;
    label?: string;
    /** One field of a form: every change is applied, what can't be read too, and nothing has to be pressed. */
    live?: boolean;
    children?: ComponentChildren;
}

const FOCUS = 'credvault-focus-filter';

/** Puts the cursor into the filter bar of the screen. */
export const focusFilter = (): void => {
    dispatchEvent(new Event(FOCUS));
};

export function FilterBar({ value, onApply, fields, error, label = 'Filter', live = false, children }: FilterBarProps) {
    const id = useId();
    const input = useRef<HTMLInputElement>(null);
    const [text, setText] = useState(value);
    const [caret, setCaret] = useState(value.length);
    const [open, setOpen] = useState(false);
    const [at, setAt] = useState(-1);
    const [wrong, setWrong] = useState<FilterError | undefined>();
    const put = useRef<number | undefined>(undefined);
    useEffect(() => {
        setText(value);
        setWrong(undefined);
    }, [value]);
    useEffect(() => {
        const focus = () => input.current?.focus();
        addEventListener(FOCUS, focus);
        return () => removeEventListener(FOCUS, focus);
    }, []);
    useLayoutEffect(() => {
        if (put.current === undefined) return;
        input.current?.setSelectionRange(put.current, put.current);
        put.current = undefined;
    });
    const completion = useMemo(() => complete(text, caret, fields), [text, caret, fields]);
    const options = open ? completion.options : [];

    const change = (next: string) => {
        setText(next);
        if (live) onApply(next);
    };
    const apply = () => {
        setOpen(false);
        try {
            parseFilter(text);
            setWrong(undefined);
            if (!live) onApply(text.trim());
        } catch (problem) {
            setWrong(problem as FilterError);
        }
    };
    const choose = (option: Suggestion) => {
        const next = text.slice(0, completion.from) + option.text + text.slice(completion.to).trimStart();
        const place = completion.from + option.text.length;
        change(next);
        setCaret(place);
        put.current = place;
        setAt(-1);
        setOpen(true);
        input.current?.focus();
    };
    const onKeyDown = (event: KeyboardEvent) => {
        const option = options[at];
        if (event.key === 'ArrowDown' && options.length > 0) setAt((at + 1) % options.length);
        else if (event.key === 'ArrowDown') setOpen(true);
        else if (event.key === 'ArrowUp' && options.length > 0) setAt((at <= 0 ? options.length : at) - 1);
        else if (event.key === 'Tab' && !event.shiftKey && options.length > 0 && (at >= 0 || caret > completion.from))
            choose(options[Math.max(at, 0)]!);
        else if (event.key === 'Enter') option ? choose(option) : apply();
        else if (event.key === 'Escape') {
            if (options.length > 0) setOpen(false);
            else input.current?.blur();
        } else return;
        event.preventDefault();
        event.stopPropagation();
    };
    const moved = () => setCaret(input.current?.selectionStart ?? text.length);
    const problem = wrong ? wrong.message : error !== undefined && error !== null ? describeError(error) : undefined;
    return (
        <div class="filter-bar">
            <div class="filter-line">
                <div class="filter-box">
                    <Icon name="search" />
                    <input
                        ref={input}
                        class="input mono"
                        role="combobox"
                        aria-label={label}
                        aria-expanded={options.length > 0}
                        aria-controls={`${id}-list`}
                        aria-autocomplete="list"
                        aria-activedescendant={options[at] ? `${id}-${at}` : undefined}
                        aria-invalid={problem ? true : undefined}
                        aria-describedby={problem ? `${id}-wrong` : undefined}
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck={false}
                        placeholder={'Filter: status = paid and total > 800, or {"status": "paid"}'}
                        value={text}
                        onInput={(event) => {
                            change(event.currentTarget.value);
                            moved();
                            setOpen(true);
                            setAt(-1);
                        }}
                        onFocus={() => {
                            setOpen(true);
                            moved();
                        }}
                        onBlur={live ? apply : () => setOpen(false)}
                        onClick={moved}
                        onKeyUp={moved}
                        onKeyDown={onKeyDown}
                    />
                    {text !== '' && (
                        <Button
                            compact
                            kind="plain"
                            icon="close"
                            label="Clear the filter"
                            onClick={() => {
                                setText('');
                                setWrong(undefined);
                                onApply('');
                            }}
                        />
                    )}
                    <Options id={id} options={options} at={at} choose={choose} />
                </div>
                {!live && (
                    <Button onClick={apply} disabled={text.trim() === value.trim() && !wrong}>
                        Apply filter
                    </Button>
                )}
                {children}
            </div>
            {problem && (
                <p class="filter-wrong" id={`${id}-wrong`} role="alert">
                    <Icon name="alert" size={14} />
                    <span>{problem}</span>
                </p>
            )}
        </div>
    );
}

function Options({
    id,
    options,
    at,
    choose,
}: {
    id: string;
    options: readonly Suggestion[];
    at: number;
    choose: (option: Suggestion) => void;
}) {
    const list = useRef<HTMLDivElement>(null);
    useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [at]);
    return (
        <div
            ref={list}
            id={`${id}-list`}
            class="filter-options"
            role="listbox"
            aria-label="What can follow"
            hidden={options.length === 0}
            tabIndex={-1}
        >
            {options.map((option, index) => (
                <div
                    key={option.label}
                    id={`${id}-${index}`}
                    role="option"
                    aria-selected={index === at}
                    onMouseDown={(event) => {
                        event.preventDefault();
                        choose(option);
                    }}
                >
                    <span class="mono cut">{option.label}</span>
                    <span class="quiet small">{option.about}</span>
                </div>
            ))}
        </div>
    );
}
