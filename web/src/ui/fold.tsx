import type { ComponentChildren } from 'preact';
import { Icon } from './icons';
import './fold.css';

/** What is seen when it is asked for. */
export function Fold({
    title,
    open = false,
    children,
}: {
    title: ComponentChildren;
    open?: boolean;
    children: ComponentChildren;
}) {
    return (
        <details class="fold" open={open}>
            <summary>
                <Icon name="right" size={12} />
                {title}
            </summary>
            {children}
        </details>
    );
}
