import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icons';
import './button.css';

interface ButtonProps {
    /** A verb with its object: "Create key". */
    children?: ComponentChildren;
    kind?: 'primary' | 'danger' | 'plain' | 'normal';
    compact?: boolean;
    icon?: IconName;
    /** Where there are no words to see: what it does. */
    label?: string;
    /** While it works: can't be pressed, keeps the focus. */
    busy?: boolean | undefined;
    disabled?: boolean | undefined;
    type?: 'button' | 'submit';
    onClick?: JSX.MouseEventHandler<HTMLButtonElement>;
    href?: string;
    class?: string;
}

const className = ({ kind = 'normal', compact, children, class: more }: ButtonProps) =>
    ['button', kind, compact && 'compact', children === undefined && 'only-icon', more].filter(Boolean).join(' ');

/** A button, or with `href` a link that looks like one. What is disabled can still be focused and read. */
export function Button(props: ButtonProps & Omit<JSX.HTMLAttributes<HTMLElement>, 'label' | 'icon' | 'class'>) {
    const {
        children,
        kind: _kind,
        compact: _compact,
        icon,
        label,
        busy,
        disabled,
        type = 'button',
        onClick,
        href,
        class: _class,
        ...rest
    } = props;
    const content = (
        <>
            {icon && <Icon name={icon} />}
            {children}
        </>
    );
    if (href !== undefined) {
        return (
            <a
                {...(rest as JSX.HTMLAttributes<HTMLAnchorElement>)}
                class={className(props)}
                href={href}
                aria-label={label}
            >
                {content}
            </a>
        );
    }
    const off = busy || disabled;
    return (
        <button
            {...(rest as JSX.HTMLAttributes<HTMLButtonElement>)}
            type={type}
            class={className(props)}
            aria-label={label}
            title={label}
            aria-disabled={off || undefined}
            aria-busy={busy || undefined}
            onClick={(event) => {
                if (off) event.preventDefault();
                else onClick?.(event);
            }}
        >
            {content}
        </button>
    );
}
