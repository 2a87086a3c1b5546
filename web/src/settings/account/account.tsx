import { useState } from 'preact/hooks';
import { api } from '../../app/api';
import { useAction } from '../../app/load';
import { me, readMe } from '../../app/session';
import { Form, Id, Page, Pairs, Section, TextField, Time, toast } from '../../ui';
import { Password } from './password';
import { SecondFactor } from './second-factor';
import { Sessions } from './sessions';

export default function Account() {
    const user = me.value?.user;
    return (
        <Page title="Account" about={user?.email} narrow>
            <Section title="About you">
                <Pairs
                    entries={[
                        ['Id', <Id value={user?.id ?? ''} />],
                        ['Email', user?.email],
                        ['Since', <Time value={user?.created_at} />],
                    ]}
                />
                <Name />
            </Section>
            <SecondFactor />
            <Password />
            <Sessions />
        </Page>
    );
}

function Name() {
    const now = me.value?.user.name ?? '';
    const [name, setName] = useState(now);
    const action = useAction(async () => {
        await api.patch('/v1/auth/me', { body: { name } });
        await readMe();
        toast('Your name is changed');
    });
    return (
        <Form
            action={action}
            submit="Change name"
            fields={['name']}
            disabled={name === now}
            call={{ method: 'PATCH', path: '/v1/auth/me', as: 'user', body: { name } }}
        >
            <TextField
                label="Name"
                name="name"
                error={action.error}
                value={name}
                onInput={setName}
                autocomplete="name"
            />
        </Form>
    );
}
