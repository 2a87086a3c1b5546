import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { path } from '../app/router';
import './page.css';

interface PageProps {
    title: string;
    about?: ComponentChildren;
    /** What can be done here, the first thing last. */
    actions?: ComponentChildren;
    /** Where this is: names and where they lead. */
    crumbs?: readonly (readonly [label: string, href: string])[];
    /** As high as the window, for a table that fills it. */
    fill?: boolean;
    narrow?: boolean;
    children: ComponentChildren;
}

/** A screen: its title, which is also the document's, and what it shows. */
export function Page({ title, about, actions, crumbs, fill, narrow, children }: PageProps) {
    useEffect(() => {
        document.title = `${title} · CredVault`;
    }, [title]);
    return (
        <div class={`page ${fill ? 'fill' : ''} ${narrow ? 'narrow' : ''}`}>
            <div class="page-head">
                <div>
                    {crumbs && (
                        <nav class="crumbs" aria-label="Place">
                            {crumbs.map(([label, href]) => [
                                <a key={href} href={href}>
                                    {label}
                                </a>,
                                <span key={`${href}/`} aria-hidden="true">
                                    /
                                </span>,
                            ])}
                        </nav>
                    )}
                    <h1>{title}</h1>
                    {about && <div class="about">{about}</div>}
                </div>
                {actions && <div class="line">{actions}</div>}
            </div>
            {children}
        </div>
    );
}

/** Parts of one screen, each with a URL of its own. */
export function Tabs({ label, items }: { label: string; items: readonly (readonly [text: string, href: string])[] }) {
    const now = path.value;
    return (
        <nav class="tabs" aria-label={label}>
            {items.map(([text, href]) => (
                <a key={href} href={href} aria-current={now === href.split('?')[0] ? 'page' : undefined}>
                    {text}
                </a>
            ))}
        </nav>
    );
}

export function Section({
    title,
    about,
    actions,
    children,
}: {
    title: string;
    about?: ComponentChildren;
    actions?: ComponentChildren;
    children: ComponentChildren;
}) {
    return (
        <section class="section" aria-label={title}>
            <div class="line line-apart">
                <div>
                    <h2>{title}</h2>
                    {about && <p class="quiet">{about}</p>}
                </div>
                {actions && <div class="line">{actions}</div>}
            </div>
            {children}
        </section>
    );
}
