import { useState } from 'preact/hooks';
import { api } from '../../app/api';
import { useAction } from '../../app/load';
import { me } from '../../app/session';
import { PASSWORD_HINT } from '../../auth/auth-page';
import { Button, CallSnippet, ErrorNotice, Section, TextField, toast } from '../../ui';

export function Password() {
    const [current, setCurrent] = useState('');
    const [next, setNext] = useState('');
    const [code, setCode] = useState('');
    const factor = me.value?.user.second_factor ?? false;
    const action = useAction(async () => {
        await api.post('/v1/auth/password', {
            body: {
                current_password: current,
                new_password: next,
                ...(factor && code && { code: code.replaceAll(' ', '') }),
            },
        });
        setCurrent('');
        setNext('');
        setCode('');
        toast('The password is changed, and your other sessions have ended');
    });
    return (
        <Section title="Password" about="Changing it ends your other sessions.">
            <form
                noValidate
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void action.run();
                }}
            >
                <input type="hidden" autocomplete="username" value={me.value?.user.email} />
                <TextField
                    label="Present password"
                    name="current_password"
                    type="password"
                    error={action.error}
                    value={current}
                    onInput={setCurrent}
                    autocomplete="current-password"
                />
                <TextField
                    label="New password"
                    name="new_password"
                    type="password"
                    error={action.error}
                    value={next}
                    onInput={setNext}
                    autocomplete="new-password"
                    hint={PASSWORD_HINT}
                />
                {factor && (
                    <TextField
                        label="Code of the second factor"
                        name="code"
                        error={action.error}
                        value={code}
                        onInput={setCode}
                        inputMode="numeric"
                        autocomplete="one-time-code"
                    />
                )}
                <ErrorNotice
                    error={action.error}
                    fields={['current_password', 'new_password', ...(factor ? ['code'] : [])]}
                />
                <div>
                    <Button type="submit" busy={action.busy} disabled={!current || !next}>
                        Change password
                    </Button>
                </div>
                <CallSnippet
                    call={{
                        method: 'POST',
                        path: '/v1/auth/password',
                        body: { current_password: '…', new_password: '…' },
                        open: true,
                        headers: { Authorization: 'Bearer cva_…' },
                    }}
                />
            </form>
        </Section>
    );
}
