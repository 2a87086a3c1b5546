import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icons';
import './menu.css';

export type MenuItem =
    | {
          label: ComponentChildren;
          run?: () => void;
          href?: string;
          icon?: IconName;
          danger?: boolean;
          checked?: boolean;
          key?: string;
      }
    | { title: string }
    | 'rule';

interface MenuProps {
    /** Of the button where it has no words. */
    label?: string;
    icon?: IconName;
    children?: ComponentChildren;
    class?: string;
    items: readonly (MenuItem | false | undefined)[];
}

/** A button that opens a list of things to do. Arrow keys, Home, End, letters and Esc work in it. */
export function Menu({ label, icon, children, class: more, items }: MenuProps) {
    const id = useId();
    const button = useRef<HTMLButtonElement>(null);
    const list = useRef<HTMLDivElement>(null);
    const [open, setOpen] = useState(false);

    useEffect(() => {
        const node = list.current;
        if (!open || !node || !button.current) return;
        node.showPopover();
        const at = button.current.getBoundingClientRect();
        const { width, height } = node.getBoundingClientRect();
        const below = at.bottom + 4 + height <= innerHeight || at.top < height;
        node.style.top = `${below ? at.bottom + 4 : at.top - height - 4}px`;
        node.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
        node.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
    }, [open]);

    const close = () => {
        list.current?.hidePopover();
        button.current?.focus();
    };

    const onKeyDown = (event: KeyboardEvent) => {
        const all = [...(list.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
        const now = all.indexOf(document.activeElement as HTMLElement);
        const to = { ArrowDown: now + 1, ArrowUp: now - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
        if (to !== undefined) all[to % all.length]?.focus();
        else if (event.key === 'Escape' || event.key === 'Tab') close();
        else if (event.key.length === 1 && event.key !== ' ') {
            const turned = [...all.slice(now + 1), ...all.slice(0, now + 1)];
            turned.find((item) => item.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
        } else return;
        event.preventDefault();
        event.stopPropagation();
    };

    return (
        <>
            <button
                ref={button}
                type="button"
                class={more ?? `button plain ${children === undefined ? 'compact only-icon' : ''}`}
                aria-label={label}
                title={label}
                aria-haspopup="menu"
                aria-expanded={open}
                aria-controls={open ? id : undefined}
                onClick={(event) => {
                    event.stopPropagation();
                    setOpen(!open);
                }}
            >
                {icon && <Icon name={icon} />}
                {children}
            </button>
            {open && (
                <div
                    ref={list}
                    id={id}
                    class="menu"
                    role="menu"
                    aria-label={label ?? 'Menu'}
                    popover="auto"
                    onKeyDown={onKeyDown}
                    onClick={(event) => event.stopPropagation()}
                    onToggle={(event) => {
                        if ((event as unknown as { newState: string }).newState === 'closed') setOpen(false);
                    }}
                >
                    {items.map((item, index) => item && <Item key={index} item={item} close={close} />)}
                </div>
            )}
        </>
    );
}

function Item({ item, close }: { item: MenuItem; close: () => void }) {
    if (item === 'rule') return <hr />;
    if ('title' in item)
        return (
            <div class="menu-title" role="presentation">
                {item.title}
            </div>
        );
    const content = (
        <>
            {item.icon && <Icon name={item.icon} />}
            <span class="grow cut">{item.label}</span>
            {item.checked && <Icon name="check" />}
            {item.key && <kbd>{item.key}</kbd>}
        </>
    );
    if (item.href !== undefined) {
        return (
            <a role="menuitem" tabIndex={-1} href={item.href} onClick={() => setTimeout(close)}>
                {content}
            </a>
        );
    }
    return (
        <button
            type="button"
            role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
            aria-checked={item.checked}
            tabIndex={-1}
            class={item.danger ? 'danger' : ''}
            onClick={() => {
                close();
                item.run?.();
            }}
        >
            {content}
        </button>
    );
}
