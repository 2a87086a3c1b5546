// One webhook: what it sent, how it does, what it is.
import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { useCommands } from '../app/commands';
import { useShortcuts } from '../app/keyboard';
import { invalidate, useLoad } from '../app/load';
import type { Webhook, WebhookWithSecret } from '../app/resources';
import { navigate } from '../app/router';
import { may } from '../app/session';
import { Badge, Button, Confirm, Id, Menu, Notice, Page, Show, Tabs, Time, toast } from '../ui';
import { Deliveries } from './deliveries';
import { Replay } from './replay';
import { Rotate } from './rotate';
import { SecretDialog } from './secret';
import { Settings } from './settings';
import { Statistics } from './statistics';
import { nameOf, STATUS, toggleEnabled, togglePaused, webhookPath, type Tab } from './status';
import { TestEvent } from './test-event';
import { VerificationCode } from './verification';
import '../settings/keys/keys.css';
import './webhooks.css';

export default function WebhookScreen({ params }: { params: Record<string, string> }) {
    const id = params['webhook'] ?? '';
    const loaded = useLoad(
        `webhooks/${id}`,
        async (signal) => (await api.get('/v1/webhooks/{webhook}', { path: { webhook: id }, signal })).data as Webhook,
    );
    if (!loaded.data)
        return (
            <Page title="Webhook" crumbs={[['Webhooks', '/webhooks']]}>
                <Show loaded={loaded}>{() => null}</Show>
            </Page>
        );
    return <Shown webhook={loaded.data} tab={(params['tab'] ?? 'deliveries') as Tab} />;
}

type Asked = 'test' | 'replay' | 'rotate' | 'delete' | undefined;

function Shown({ webhook, tab }: { webhook: Webhook; tab: Tab }) {
    const [asked, setAsked] = useState<Asked>();
    const [made, setMade] = useState<WebhookWithSecret | undefined>();
    const manage = may('webhook:manage');
    const test = () => setAsked('test');
    const done = () => setAsked(undefined);
    const name = nameOf(webhook);
    useShortcuts(
        'Webhook',
        manage
            ? [
                  { keys: 't', label: 'Send test event', run: test },
                  { keys: 'e', label: 'Change webhook', run: () => navigate(webhookPath(webhook.id, 'settings')) },
              ]
            : [],
    );
    useCommands(
        manage
            ? [
                  { title: 'Send test event', section: name, icon: 'play' as const, run: test, key: 't' },
                  {
                      title: 'Replay deliveries',
                      section: name,
                      icon: 'refresh' as const,
                      run: () => setAsked('replay'),
                  },
                  { title: 'Rotate secret', section: name, run: () => setAsked('rotate') },
              ]
            : [],
    );
    return (
        <Page
            title={name}
            crumbs={[['Webhooks', '/webhooks']]}
            about={<About webhook={webhook} />}
            actions={manage && <Actions webhook={webhook} ask={setAsked} />}
            fill={tab === 'deliveries'}
        >
            <State webhook={webhook} />
            <Tabs
                label="Webhook"
                items={[
                    ['Deliveries', webhookPath(webhook.id)],
                    ['Success and latency', webhookPath(webhook.id, 'statistics')],
                    ['Settings', webhookPath(webhook.id, 'settings')],
                    ['Verify', webhookPath(webhook.id, 'verify')],
                ]}
            />
            {tab === 'deliveries' && <Deliveries webhook={webhook} />}
            {tab === 'statistics' && <Statistics webhook={webhook} />}
            {tab === 'settings' && <Settings key={webhook.updated_at} webhook={webhook} />}
            {tab === 'verify' && (
                <VerificationCode heading="h2" signature={webhook.signature} publicKey={webhook.public_key} />
            )}
            {asked === 'test' && <TestEvent webhook={webhook} onClose={done} />}
            {asked === 'replay' && <Replay webhook={webhook} onClose={done} />}
            {asked === 'rotate' && (
                <Rotate
                    webhook={webhook}
                    onClose={done}
                    onMade={(next) => {
                        done();
                        setMade(next);
                    }}
                />
            )}
            {asked === 'delete' && <Delete webhook={webhook} onClose={done} />}
            {made && <SecretDialog made={made} onClose={() => setMade(undefined)} />}
        </Page>
    );
}

function About({ webhook }: { webhook: Webhook }) {
    return (
        <div class="line">
            <Badge tone={STATUS[webhook.status] ?? 'grey'}>{webhook.status}</Badge>
            <Id value={webhook.id} />
            {webhook.description && <code class="webhook-url">{webhook.url}</code>}
        </div>
    );
}

function Actions({ webhook, ask }: { webhook: Webhook; ask: (what: Asked) => void }) {
    const what = webhook.signature === 'v1a' ? 'key' : 'secret';
    return (
        <>
            <Menu
                label="More"
                icon="more"
                class="button only-icon"
                items={[
                    { label: 'Replay deliveries', icon: 'refresh', run: () => ask('replay') },
                    { label: `Rotate ${what}`, run: () => ask('rotate') },
                    {
                        label: webhook.status === 'disabled' ? 'Enable webhook' : 'Disable webhook',
                        run: () => toggleEnabled(webhook),
                    },
                    'rule',
                    { label: 'Delete webhook', icon: 'trash', danger: true, run: () => ask('delete') },
                ]}
            />
            {webhook.status === 'active' && (
                <Button icon="pause" onClick={() => togglePaused(webhook)}>
                    Pause webhook
                </Button>
            )}
            {webhook.status === 'paused' && (
                <Button icon="play" onClick={() => togglePaused(webhook)}>
                    Resume webhook
                </Button>
            )}
            <Button kind="primary" onClick={() => ask('test')}>
                Send test event
            </Button>
        </>
    );
}

const REASONS: Record<string, string> = {
    user: 'Events wait until it is resumed.',
    gone: 'The receiver answered 410, that it is gone. Events wait until the webhook is resumed.',
    failing: 'Nothing but failures came of it for days. Events wait until it is resumed.',
    maker_gone:
        'Who changed it last has left the workspace, or the key that did is no longer valid. ' +
        'Who resumes it takes it over: it then tells what that person or key may see.',
};

/** Why nothing is sent, and what was lost. */
function State({ webhook }: { webhook: Webhook }) {
    return (
        <>
            {webhook.status === 'paused' && (
                <Notice tone="amber">
                    <p>
                        Paused <Time value={webhook.paused_at} absent="" />.{' '}
                        {REASONS[webhook.paused_reason ?? 'user'] ?? REASONS['user']}
                    </p>
                </Notice>
            )}
            {webhook.status === 'disabled' && (
                <Notice>
                    <p>It is disabled: events pass by, and are not sent later.</p>
                </Notice>
            )}
            {webhook.last_gap_at && (
                <Notice tone="red">
                    <p>
                        Events were lost <Time value={webhook.last_gap_at} />: it was further behind than the change log
                        reaches. Read the collections anew if the receiver keeps a copy of them.
                    </p>
                </Notice>
            )}
        </>
    );
}

function Delete({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
    const name = nameOf(webhook);
    return (
        <Confirm
            title={`Delete ${name}`}
            confirm="Delete webhook"
            repeat={name.length <= 60 ? name : webhook.id}
            onClose={onClose}
            onConfirm={async () => {
                await api.delete('/v1/webhooks/{webhook}', { path: { webhook: webhook.id } });
                toast(`${name} is deleted`);
                navigate('/webhooks');
                invalidate('webhooks?');
            }}
        >
            <p>
                Nothing more is sent, and the deliveries of the last days with their answers are gone. It can’t be
                undone. To stop it for a while, pause it.
            </p>
        </Confirm>
    );
}
