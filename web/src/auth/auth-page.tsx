import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { TextField } from '../ui/field';
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

interface Given {
    error: unknown;
    value: string;
    onInput: (value: string) => void;
    autofocus?: boolean;
}

export const EmailField = (given: Given) => (
    <TextField label="Email" name="email" type="email" autocomplete="username" required {...given} />
);

export const NameField = (given: Given) => (
    <TextField label="Your name" name="name" autocomplete="name" required {...given} />
);

export const NewPasswordField = ({ name = 'password', ...given }: Given & { label: string; name?: string }) => (
    <TextField
        name={name}
        type="password"
        autocomplete="new-password"
        required
        hint="12 to 256 characters. A few words that nobody would guess are good."
        {...given}
    />
);

/** The password that holds now: proof that the user is there. */
export const PasswordField = ({ name = 'password', ...given }: Given & { label: string; name?: string }) => (
    <TextField name={name} type="password" autocomplete="current-password" required {...given} />
);
