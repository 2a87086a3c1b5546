// Small parts that show one thing.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatAgo, formatExact, formatNumber } from '../app/format';
import { announce } from './live';
import { Icon } from './icons';
import './values.css';

export async function copyText(text: string): Promise<boolean> {
    try {
        // Pages that came without TLS have no clipboard, but for those of this machine.
        if (navigator.clipboard) await navigator.clipboard.writeText(text);
        else if (!copySelected(text)) return false;
    } catch {
        return false;
    }
    announce('Copied');
    return true;
}

function copySelected(text: string): boolean {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'unseen';
    const before = document.activeElement;
    // What stands behind a dialog can't be selected.
    (document.querySelector('dialog:modal') ?? document.body).append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    if (before instanceof HTMLElement) before.focus();
    return done;
}

/** For buttons that copy: [whether it was done just now, do it]. */
export function useCopy(text: string): [boolean, () => void] {
    const [done, setDone] = useState(false);
    useEffect(() => {
        if (!done) return undefined;
        const timer = setTimeout(() => setDone(false), 1500);
        return () => clearTimeout(timer);
    }, [done]);
    return [done, () => void copyText(text).then(setDone)];
}

/** An id, which copies on click. `short` shows its beginning. */
export function Id({ value, short }: { value: string; short?: number }) {
    const [done, copy] = useCopy(value);
    return (
        <button
            type="button"
            class={`id ${done ? 'done' : ''}`}
            title={`Copy ${value}`}
            aria-label={`Copy ${value}`}
            onClick={(event) => {
                event.stopPropagation();
                copy();
            }}
        >
            <span class="cut">{short && value.length > short ? `${value.slice(0, short)}…` : value}</span>
            <Icon name={done ? 'check' : 'copy'} size={12} />
        </button>
    );
}

/** A time, relative; the exact one on hover. */
export function Time({ value, absent = 'Never' }: { value: string | undefined; absent?: string }) {
    const [, tick] = useState(0);
    useEffect(() => {
        const timer = setInterval(() => tick((now) => now + 1), 30_000);
        return () => clearInterval(timer);
    }, []);
    if (!value) return <span class="quiet">{absent}</span>;
    return (
        <time dateTime={value} title={`${formatExact(value)} (${value})`}>
            {formatAgo(value)}
        </time>
    );
}

export type Tone = 'grey' | 'red' | 'amber' | 'green' | 'accent';

/** A word for a state. The colour only goes along with it. */
export function Badge({
    tone = 'grey',
    plain = false,
    children,
}: {
    tone?: Tone;
    plain?: boolean;
    children: ComponentChildren;
}) {
    return <span class={`badge ${tone} ${plain ? 'plain' : ''}`}>{children}</span>;
}

/** Names and values under one another. Entries whose value is undefined are left out. */
export function Pairs({ entries }: { entries: readonly (readonly [name: string, value: ComponentChildren])[] }) {
    return (
        <dl class="pairs">
            {entries
                .filter(([, value]) => value !== undefined)
                .map(([name, value]) => [<dt key={`${name}-name`}>{name}</dt>, <dd key={name}>{value}</dd>])}
        </dl>
    );
}

/** How far something is; without a total that it goes on. */
export function Progress({
    done,
    total,
    label,
    tone,
}: {
    done: number;
    total?: number | undefined;
    label: string;
    tone?: 'amber' | 'red' | undefined;
}) {
    const share = total === undefined ? undefined : total === 0 ? 1 : Math.min(done / total, 1);
    return (
        <div
            class={`bar ${tone ?? ''} ${share === undefined ? 'unknown' : ''}`}
            role="progressbar"
            aria-label={label}
            aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuetext={
                total === undefined ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`
            }
        >
            <div style={share === undefined ? {} : { width: `${share * 100}%` }} />
        </div>
    );
}

/** In the place of what is still loading. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
    return (
        <div role="status" aria-label="Loading">
            {Array.from({ length: lines }, (_, index) => (
                <span key={index} class="skeleton" style={{ width: `${90 - ((index * 37) % 45)}%` }} />
            ))}
        </div>
    );
}

/** Where there is nothing: why, and what to do next. */
export function Empty({
    title,
    children,
    action,
}: {
    title: string;
    children?: ComponentChildren;
    action?: ComponentChildren;
}) {
    return (
        <div class="empty">
            <h2>{title}</h2>
            {children && <p>{children}</p>}
            {action}
        </div>
    );
}
