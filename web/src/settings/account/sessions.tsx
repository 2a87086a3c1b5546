import { useState } from 'preact/hooks';
import { api } from '../../app/api';
import { invalidate, useList } from '../../app/load';
import type { Session } from '../../app/resources';
import { leave } from '../../app/session';
import {
    Badge,
    Button,
    CallSnippet,
    Confirm,
    Section,
    Show,
    Table,
    Time,
    toast,
    toastError,
    type Column,
} from '../../ui';

/** "Firefox on Linux" from what the browser says of itself; its beginning where that tells nothing. */
export function programOf(agent: string | undefined): string {
    if (!agent) return 'Unknown program';
    const browser = [
        ['Edg/', 'Edge'],
        ['OPR/', 'Opera'],
        ['Firefox/', 'Firefox'],
        ['Chrome/', 'Chrome'],
        ['Safari/', 'Safari'],
    ].find(([mark]) => agent.includes(mark!))?.[1];
    const system = [
        ['Android', 'Android'],
        ['iPhone', 'iPhone'],
        ['iPad', 'iPad'],
        ['Windows', 'Windows'],
        ['Mac OS', 'macOS'],
        ['Linux', 'Linux'],
    ].find(([mark]) => agent.includes(mark!))?.[1];
    if (!browser) return agent.slice(0, 60);
    return system ? `${browser} on ${system}` : browser;
}

export function Sessions() {
    const [everywhere, setEverywhere] = useState(false);
    const sessions = useList(
        'sessions',
        async (cursor, signal) =>
            (await api.get('/v1/auth/sessions', {
                query: { limit: 100, sort: '-refreshed_at', cursor },
                signal,
            })) as unknown as { data: Session[]; pagination: undefined },
    );
    const end = (session: Session) => {
        api.delete('/v1/auth/sessions/{session}', { path: { session: session.id } }).then(
            () => {
                invalidate('sessions');
                toast('The session has ended');
            },
            (error: unknown) => toastError('The session goes on', error),
        );
    };
    const columns: Column<Session>[] = [
        {
            id: 'program',
            header: 'Program',
            width: 200,
            cell: (session) => <span title={session.user_agent}>{programOf(session.user_agent)}</span>,
        },
        { id: 'address', header: 'Address', width: 130, cell: (session) => <code>{session.address}</code> },
        {
            id: 'seen',
            header: 'Last refreshed',
            width: 130,
            cell: (session) => <Time value={session.refreshed_at ?? session.created_at} />,
        },
        { id: 'began', header: 'Began', width: 120, cell: (session) => <Time value={session.created_at} /> },
        {
            id: 'do',
            header: '',
            name: 'Actions',
            width: 130,
            align: 'end',
            cell: (session) =>
                session.current ? (
                    <Badge tone="green">this one</Badge>
                ) : (
                    <Button compact onClick={() => end(session)}>
                        End session
                    </Button>
                ),
        },
    ];
    return (
        <Section
            title="Sessions"
            about="Where you are signed in."
            actions={
                <Button compact onClick={() => setEverywhere(true)}>
                    Sign out everywhere
                </Button>
            }
        >
            <Show loaded={sessions}>
                {(rows) => (
                    <Table
                        id="sessions"
                        label="Sessions"
                        columns={columns}
                        rows={rows}
                        keyOf={(session) => session.id}
                        onEnd={sessions.more}
                        total={sessions.total}
                    />
                )}
            </Show>
            <CallSnippet call={{ method: 'GET', path: '/v1/auth/sessions', as: 'user' }} />
            {everywhere && (
                <Confirm
                    title="Sign out everywhere"
                    confirm="Sign out everywhere"
                    call={{ method: 'POST', path: '/v1/auth/logout', as: 'user', body: { everywhere: true } }}
                    onClose={() => setEverywhere(false)}
                    onConfirm={async () => {
                        await api.post('/v1/auth/logout', { body: { everywhere: true } });
                        leave();
                    }}
                >
                    <p>All sessions end, this one too. API keys go on.</p>
                </Confirm>
            )}
        </Section>
    );
}
