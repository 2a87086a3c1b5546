import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import './auth.css';

/** A page for those who are not signed in. */
export function AuthPage({
    title,
    about,
    children,
}: {
    title: string;
    about?: ComponentChildren;
    children: ComponentChildren;
}) {
    useEffect(() => {
        document.title = `${title} · CredVault`;
    }, [title]);
    return (
        <main class="auth">
            <div class="auth-box">
                <div class="brand">
                    <img src="/icon.svg" width="20" height="20" alt="" />
                    CredVault
                </div>
                <div>
                    <h1>{title}</h1>
                    {about && <p class="quiet">{about}</p>}
                </div>
                {children}
            </div>
        </main>
    );
}

export const PASSWORD_HINT = '12 to 256 characters. A few words that nobody would guess are good.';
