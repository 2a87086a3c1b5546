import { useState } from 'preact/hooks';
import { api } from '../../app/api';
import { useAction } from '../../app/load';
import { me } from '../../app/session';
import { NewPasswordField, PasswordField } from '../../auth/auth-page';
import { Form, HIDDEN, Section, TextField, toast } from '../../ui';

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
            <Form
                action={action}
                submit="Change password"
                fields={['current_password', 'new_password', ...(factor ? ['code'] : [])]}
                disabled={!current || !next}
                call={{
                    method: 'POST',
                    path: '/v1/auth/password',
                    as: 'user',
                    body: { current_password: HIDDEN, new_password: HIDDEN, ...(factor && { code: HIDDEN }) },
                }}
            >
                <input type="hidden" autocomplete="username" value={me.value?.user.email} />
                <PasswordField
                    label="Present password"
                    name="current_password"
                    error={action.error}
                    value={current}
                    onInput={setCurrent}
                />
                <NewPasswordField
                    label="New password"
                    name="new_password"
                    error={action.error}
                    value={next}
                    onInput={setNext}
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
            </Form>
        </Section>
    );
}
