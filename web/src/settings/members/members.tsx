import { useState } from 'preact/hooks';
import { api } from '../../app/api';
import { useCommands } from '../../app/commands';
import { plural } from '../../app/format';
import { useShortcuts } from '../../app/keyboard';
import { invalidate, useAction, useList } from '../../app/load';
import type { Invitation, Member } from '../../app/resources';
import { me, readMe, workspace, type Role } from '../../app/session';
import {
    Badge,
    Button,
    CallSnippet,
    Confirm,
    Empty,
    ErrorNotice,
    Fold,
    FormDialog,
    Id,
    Menu,
    Notice,
    Page,
    Section,
    SelectField,
    Show,
    Table,
    Time,
    toast,
    toastError,
    type Column,
} from '../../ui';
import { InviteDialog, ROLES } from './invite';

const roleRank = (role: Role) => ROLES.findIndex(([name]) => name === role);

async function setRole(member: Member, role: Role): Promise<void> {
    await api.patch('/v1/members/{member}', { path: { member: member.id }, body: { role } });
    invalidate('members');
    if (member.user === me.value?.user.id) await readMe();
}

export default function Members() {
    const [inviting, setInviting] = useState(false);
    const [changed, setChanged] = useState<Member | undefined>();
    const [removed, setRemoved] = useState<Member | undefined>();
    const invite = () => setInviting(true);
    const members = useList(
        'members',
        async (cursor, signal) =>
            (await api.get('/v1/members', {
                query: { limit: 100, sort: 'created_at', cursor },
                signal,
            })) as unknown as { data: Member[]; pagination: undefined },
    );
    useShortcuts('Members', [{ keys: 'c', label: 'Invite member', run: invite }]);
    useCommands([{ title: 'Invite member', section: 'Members', icon: 'add', run: invite }]);
    const own = workspace.value?.role ?? 'viewer';
    const columns: Column<Member>[] = [
        {
            id: 'name',
            header: 'Name',
            width: 180,
            cell: (member) => (
                <>
                    <strong>{member.name}</strong>
                    {member.user === me.value?.user.id && <span class="quiet"> (you)</span>}
                </>
            ),
        },
        { id: 'email', header: 'Email', width: 220, cell: (member) => member.email },
        {
            id: 'role',
            header: 'Role',
            width: 110,
            cell: (member) => (
                <Badge plain tone={member.role === 'owner' ? 'accent' : 'grey'}>
                    {member.role}
                </Badge>
            ),
        },
        {
            id: 'factor',
            header: 'Second factor',
            width: 120,
            cell: (member) => (member.second_factor ? <Badge tone="green">on</Badge> : <span class="quiet">off</span>),
        },
        { id: 'since', header: 'Member since', width: 130, cell: (member) => <Time value={member.created_at} /> },
        {
            id: 'do',
            header: '',
            name: 'Actions',
            width: 64,
            align: 'end',
            cell: (member) => (
                <Menu
                    label={`More about ${member.email}`}
                    icon="more"
                    items={[
                        roleRank(member.role) >= roleRank(own) && {
                            label: 'Change role',
                            run: () => setChanged(member),
                        },
                        roleRank(member.role) >= roleRank(own) && {
                            label: 'Remove member',
                            danger: true,
                            run: () => setRemoved(member),
                        },
                        roleRank(member.role) < roleRank(own) && { title: 'An owner can change this member' },
                    ]}
                />
            ),
        },
    ];
    return (
        <Page
            title="Members"
            about="Who may use this workspace, and what for."
            actions={
                <Button kind="primary" icon="add" onClick={invite}>
                    Invite member
                </Button>
            }
        >
            <Show loaded={members}>
                {(rows) => (
                    <div>
                        <Table
                            id="members"
                            main
                            label="Members"
                            columns={columns}
                            rows={rows}
                            keyOf={(member) => member.id}
                            onEnd={members.more}
                            total={members.total}
                        />
                        <div class="table-foot">
                            <span>{plural(members.total ?? rows.length, 'member')}</span>
                        </div>
                    </div>
                )}
            </Show>
            <ErrorNotice error={members.moreError} onRetry={members.reload} />
            <CallSnippet call={{ method: 'GET', path: '/v1/members' }} />
            <Roles />
            <Invitations onInvite={invite} />
            {inviting && <InviteDialog onClose={() => setInviting(false)} />}
            {changed && <RoleDialog member={changed} onClose={() => setChanged(undefined)} />}
            {removed && (
                <Confirm
                    title={`Remove ${removed.name}`}
                    confirm="Remove member"
                    call={{ method: 'DELETE', path: `/v1/members/${removed.id}` }}
                    repeat={removed.email}
                    onClose={() => setRemoved(undefined)}
                    onConfirm={async () => {
                        await api.delete('/v1/members/{member}', { path: { member: removed.id } });
                        invalidate('members');
                        toast(`${removed.name} is no member any more`);
                        if (removed.user === me.value?.user.id) await readMe();
                    }}
                >
                    <p>
                        {removed.email} can’t do anything in this workspace from then on. Keys that they made go on;
                        revoke those that should not.
                    </p>
                </Confirm>
            )}
        </Page>
    );
}

function Roles() {
    return (
        <Fold title="What the roles may do">
            <dl class="pairs">
                {ROLES.map(([role, about]) => [<dt key={`${role}-name`}>{role}</dt>, <dd key={role}>{about}</dd>])}
            </dl>
        </Fold>
    );
}

function RoleDialog({ member, onClose }: { member: Member; onClose: () => void }) {
    const [role, setChosen] = useState<Role>(member.role);
    const action = useAction(async () => {
        const before = member.role;
        await setRole(member, role);
        toast(`${member.name} is ${role} now`, {
            undo: () =>
                void setRole({ ...member, role }, before).catch((error: unknown) =>
                    toastError('It was not undone', error),
                ),
        });
    });
    return (
        <FormDialog
            title={`Role of ${member.name}`}
            action={action}
            submit="Change role"
            fields={['role']}
            call={{ method: 'PATCH', path: `/v1/members/${member.id}`, body: { role } }}
            onClose={onClose}
            onDone={onClose}
        >
            <SelectField
                label="Role"
                name="role"
                error={action.error}
                value={role}
                onChange={(value) => setChosen(value as Role)}
                options={ROLES.map(([name]) => [name, name])}
                hint={ROLES.find(([name]) => name === role)?.[1]}
            />
        </FormDialog>
    );
}

function Invitations({ onInvite }: { onInvite: () => void }) {
    const [revoked, setRevoked] = useState<Invitation | undefined>();
    const invitations = useList(
        'members/invitations',
        async (cursor, signal) =>
            (await api.get('/v1/invitations', {
                query: { limit: 100, sort: '-created_at', cursor },
                signal,
            })) as unknown as { data: Invitation[]; pagination: undefined },
    );
    const columns: Column<Invitation>[] = [
        { id: 'email', header: 'Email', width: 220, cell: (one) => one.email },
        { id: 'role', header: 'Role', width: 110, cell: (one) => <Badge plain>{one.role}</Badge> },
        {
            id: 'status',
            header: 'Status',
            width: 110,
            cell: (one) => (
                <Badge tone={one.status === 'open' ? 'amber' : one.status === 'accepted' ? 'green' : 'grey'}>
                    {one.status}
                </Badge>
            ),
        },
        {
            id: 'by',
            header: 'Invited by',
            width: 160,
            cell: (one) => (one.invited_by ? <Id value={one.invited_by} /> : null),
        },
        { id: 'created', header: 'Invited', width: 120, cell: (one) => <Time value={one.created_at} /> },
        { id: 'expires', header: 'Good until', width: 120, cell: (one) => <Time value={one.expires_at} /> },
        {
            id: 'do',
            header: '',
            name: 'Actions',
            width: 160,
            align: 'end',
            cell: (one) =>
                one.status === 'open' ? (
                    <Button compact onClick={() => setRevoked(one)}>
                        Revoke invitation
                    </Button>
                ) : null,
        },
    ];
    return (
        <Section title="Invitations">
            <Show loaded={invitations}>
                {(rows) =>
                    rows.length === 0 ? (
                        <Empty title="Nobody is invited" action={<Button onClick={onInvite}>Invite member</Button>}>
                            An invitation is a link that is good for one use.
                        </Empty>
                    ) : (
                        <Table
                            id="invitations"
                            label="Invitations"
                            columns={columns}
                            rows={rows}
                            keyOf={(one) => one.id}
                            onEnd={invitations.more}
                            total={invitations.total}
                        />
                    )
                }
            </Show>
            <CallSnippet call={{ method: 'GET', path: '/v1/invitations' }} />
            {revoked && (
                <Confirm
                    title={`Revoke the invitation of ${revoked.email}`}
                    confirm="Revoke invitation"
                    call={{ method: 'DELETE', path: `/v1/invitations/${revoked.id}` }}
                    onClose={() => setRevoked(undefined)}
                    onConfirm={async () => {
                        await api.delete('/v1/invitations/{invitation}', { path: { invitation: revoked.id } });
                        invalidate('members/invitations');
                        toast(`${revoked.email} is not invited any more`);
                    }}
                >
                    <Notice>
                        <p>The link stops working. {revoked.email} can be invited again.</p>
                    </Notice>
                </Confirm>
            )}
        </Section>
    );
}
