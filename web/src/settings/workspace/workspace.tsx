import { useEffect, useState } from 'preact/hooks';
import { api } from '../../app/api';
import { plural } from '../../app/format';
import { invalidate, useAction, useLoad } from '../../app/load';
import { navigate } from '../../app/router';
import { CreateWorkspace } from './create-workspace';
import { me, may, readMe, switchWorkspace, workspace } from '../../app/session';
import {
    Badge,
    Button,
    CallSnippet,
    Check,
    Confirm,
    Form,
    Id,
    Page,
    Pairs,
    Section,
    SelectField,
    Show,
    Time,
    TextField,
    toast,
    toastError,
    type ApiCall,
} from '../../ui';

export default function WorkspaceSettings() {
    const id = workspace.value?.id ?? '';
    const loaded = useLoad(
        id && `workspace/${id}`,
        async (signal) => (await api.get('/v1/workspaces/{workspace}', { path: { workspace: id }, signal })).data,
    );
    return (
        <Page title="Workspace" about="It holds everything: members, keys, databases." narrow>
            <Show loaded={loaded}>
                {(data) => (
                    <Section title="About">
                        <Pairs
                            entries={[
                                ['Id', <Id value={id} />],
                                ['Your role', <Badge plain>{data.role}</Badge>],
                                ['Made', <Time value={data.created_at} />],
                            ]}
                        />
                    </Section>
                )}
            </Show>
            {may('settings:modify') && <Rename key={id} />}
            {may('settings:modify') && <RequireFactor />}
            <Tier />
            <Others />
            <Leave />
        </Page>
    );
}

function Rename() {
    const now = workspace.value;
    const [name, setName] = useState(now?.name ?? '');
    const action = useAction(async () => {
        await api.patch('/v1/workspaces/{workspace}', { path: { workspace: now?.id ?? '' }, body: { name } });
        invalidate('workspace');
        await readMe();
        toast('The workspace has its new name');
    });
    return (
        <Section title="Name">
            <Form
                action={action}
                submit="Rename workspace"
                fields={['name']}
                disabled={name === now?.name}
                call={{ method: 'PATCH', path: `/v1/workspaces/${now?.id ?? ''}`, body: { name } }}
            >
                <TextField label="Name" name="name" error={action.error} value={name} onInput={setName} />
            </Form>
        </Section>
    );
}

function RequireFactor() {
    const now = workspace.value;
    const [asked, setAsked] = useState(false);
    const set = async (require_totp: boolean) => {
        await api.patch('/v1/workspaces/{workspace}', { path: { workspace: now?.id ?? '' }, body: { require_totp } });
        await readMe();
    };
    const on = now?.require_totp ?? false;
    const call: ApiCall = {
        method: 'PATCH',
        path: `/v1/workspaces/${now?.id ?? ''}`,
        body: { require_totp: !on },
    };
    const change = () => {
        if (!on) setAsked(true);
        else
            set(false).then(
                () => toast('Members may do without a second factor', { undo: () => void set(true) }),
                (error: unknown) => toastError('It is as it was', error),
            );
    };
    return (
        <Section title="Second factor">
            <Check
                label="Members must have a second factor"
                checked={on}
                onChange={change}
                hint="Who has none can do nothing here but enrol one."
            />
            <CallSnippet call={call} />
            {asked && (
                <Confirm
                    title="Demand a second factor"
                    confirm="Demand second factor"
                    call={call}
                    onClose={() => setAsked(false)}
                    onConfirm={() => set(true)}
                >
                    <p>
                        Members without one, {me.value?.user.second_factor ? '' : 'you among them, '}are kept out until
                        they have enrolled one.
                    </p>
                </Confirm>
            )}
        </Section>
    );
}

const TIERS = ['free', 'starter', 'pro', 'enterprise'] as const;

function Tier() {
    const limits = useLoad('limits', async (signal) => (await api.get('/v1/limits', { signal })).data);
    const [tier, setTier] = useState('');
    useEffect(() => setTier(limits.data?.tier ?? ''), [limits.data?.tier]);
    const action = useAction(async () => {
        await api.patch('/v1/limits', { body: { tier } });
        invalidate('limits');
        toast(`The workspace’s tier is ${tier}`);
    });
    return (
        <Section
            title="Tier"
            about={
                <>
                    It says how much the workspace may do and hold. <a href="/settings/limits">Limits and usage</a>
                </>
            }
        >
            <Show loaded={limits}>
                {(data) =>
                    may('billing:manage') ? (
                        <Form
                            action={action}
                            submit="Change tier"
                            fields={['tier']}
                            disabled={tier === data.tier}
                            call={{ method: 'PATCH', path: '/v1/limits', body: { tier } }}
                        >
                            <SelectField
                                label="Tier"
                                name="tier"
                                error={action.error}
                                value={tier}
                                onChange={setTier}
                                options={TIERS.map((name) => [name, name])}
                                hint="A smaller tier removes nothing; nothing can be added until there is room."
                            />
                        </Form>
                    ) : (
                        <p>
                            <Badge plain>{data.tier}</Badge>
                        </p>
                    )
                }
            </Show>
        </Section>
    );
}

function Others() {
    const [making, setMaking] = useState(false);
    const all = me.value?.workspaces ?? [];
    return (
        <Section
            title="Your workspaces"
            actions={
                <Button compact icon="add" onClick={() => setMaking(true)}>
                    Create workspace
                </Button>
            }
        >
            <ul>
                {all.map((one) => (
                    <li key={one.id} class="line line-apart">
                        <span>
                            {one.name} <Badge plain>{one.role}</Badge>
                        </span>
                        {one.id === workspace.value?.id ? (
                            <Badge tone="green">current</Badge>
                        ) : (
                            <Button
                                compact
                                onClick={() =>
                                    void switchWorkspace(one.id).catch((error: unknown) =>
                                        toastError('The workspace is the same as before', error),
                                    )
                                }
                            >
                                Switch to {one.name}
                            </Button>
                        )}
                    </li>
                ))}
            </ul>
            {making && <CreateWorkspace onClose={() => setMaking(false)} />}
        </Section>
    );
}

function Leave() {
    const [asked, setAsked] = useState<'leave' | 'delete' | undefined>();
    const now = workspace.value;
    const limits = useLoad('limits', async (signal) => (await api.get('/v1/limits', { signal })).data);
    const databases = useLoad(
        'databases?count',
        async (signal) => (await api.get('/v1/databases', { query: { limit: 1 }, signal })).pagination?.total,
    );
    if (!now) return null;
    const gone = async (text: string) => {
        await readMe();
        toast(text);
        navigate('/');
    };
    const quotas = limits.data?.quotas;
    return (
        <Section title="Leave or delete">
            <div class="line">
                <Button onClick={() => setAsked('leave')}>Leave workspace</Button>
                {now.role === 'owner' && (
                    <Button kind="danger" onClick={() => setAsked('delete')}>
                        Delete workspace
                    </Button>
                )}
            </div>
            {asked === 'leave' && (
                <Confirm
                    title={`Leave ${now.name}`}
                    confirm="Leave workspace"
                    call={{ method: 'POST', path: `/v1/workspaces/${now.id}/leave`, as: 'user' }}
                    repeat={now.name}
                    onClose={() => setAsked(undefined)}
                    onConfirm={async () => {
                        await api.post('/v1/workspaces/{workspace}/leave', { path: { workspace: now.id } });
                        await gone(`You have left ${now.name}`);
                    }}
                >
                    <p>You can’t see or do anything in it from then on, until somebody invites you again.</p>
                </Confirm>
            )}
            {asked === 'delete' && (
                <Confirm
                    title={`Delete ${now.name}`}
                    confirm="Delete workspace"
                    call={{
                        method: 'DELETE',
                        path: `/v1/workspaces/${now.id}`,
                        query: { name: now.name },
                        as: 'user',
                    }}
                    repeat={now.name}
                    onClose={() => setAsked(undefined)}
                    onConfirm={async () => {
                        await api.delete('/v1/workspaces/{workspace}', {
                            path: { workspace: now.id },
                            query: { name: now.name },
                        });
                        await gone(`${now.name} is being deleted`);
                    }}
                >
                    <p>
                        {quotas ? (
                            <>
                                Lost for good:{' '}
                                {databases.data !== undefined && `${plural(databases.data, 'database')} with `}
                                {plural(quotas.records.used, 'record')}, {plural(quotas.keys.used, 'API key')} and the
                                access of {plural(quotas.members.used, 'member')}.{' '}
                            </>
                        ) : (
                            'All databases, keys and members’ access are lost for good. '
                        )}
                        The audit log stays until its time is over.
                    </p>
                </Confirm>
            )}
        </Section>
    );
}
