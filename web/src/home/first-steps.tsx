import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { useLoad } from '../app/load';
import type { ApiKey } from '../app/resources';
import { entries } from '../app/routes';
import { me, may } from '../app/session';
import { Button, Icon, Section } from '../ui';

interface Step {
    title: string;
    href: string;
    action: string;
    done: boolean;
}

const KEY = 'credvault.steps-hidden';

async function readProgress(signal: AbortSignal) {
    const [keys, databases, limits] = await Promise.all([
        may('key:manage') ? api.get('/v1/api-keys', { query: { limit: 100 }, signal }) : undefined,
        api.get('/v1/databases', { query: { limit: 1 }, signal }),
        api.get('/v1/limits', { signal }),
    ]);
    // That of CREDVAULT_ADMIN_KEY was not made here.
    const made = ((keys?.data ?? []) as ApiKey[]).filter((key) => key.prefix !== '');
    return {
        keys: made.length > 0,
        used: made.some((key) => key.last_used_at),
        databases: (databases.pagination?.total ?? databases.data.length) > 0,
        records: limits.data.quotas.records.used > 0,
    };
}

/** What a newcomer does, ticked off by what the server says. Gone when all is done, or when it is not wanted. */
export function FirstSteps() {
    const [hidden, setHidden] = useState(() => localStorage.getItem(KEY) !== null);
    const progress = useLoad(hidden ? '' : 'first-steps', readProgress);
    if (hidden || !progress.data) return null;
    const hasData = entries.some((entry) => entry.href === '/data');
    const data = hasData ? '/data' : '/api-docs';
    const steps: Step[] = [
        ...(may('key:manage')
            ? [
                  {
                      title: 'Make an API key',
                      href: '/settings/api-keys',
                      action: 'Create key',
                      done: progress.data.keys,
                  },
                  {
                      title: 'Make a call with it, in the explorer or from a program',
                      href: '/api-docs',
                      action: 'Open API explorer',
                      done: progress.data.used,
                  },
              ]
            : []),
        ...(may('database:manage')
            ? [{ title: 'Create a database', href: data, action: 'Create database', done: progress.data.databases }]
            : []),
        ...(may('database:write')
            ? [
                  {
                      title: 'Insert or import the first records',
                      href: data,
                      action: 'Add records',
                      done: progress.data.records,
                  },
              ]
            : []),
        {
            title: 'Protect your account with a second factor',
            href: '/settings/account',
            action: 'Set up second factor',
            done: me.value?.user.second_factor ?? false,
        },
    ];
    const done = steps.filter((step) => step.done).length;
    if (done === steps.length) return null;
    return (
        <Section
            title="First steps"
            about={`${done} of ${steps.length} done`}
            actions={
                <Button
                    compact
                    kind="plain"
                    onClick={() => {
                        localStorage.setItem(KEY, '1');
                        setHidden(true);
                    }}
                >
                    Hide first steps
                </Button>
            }
        >
            <ol class="steps">
                {steps.map((step) => (
                    <li key={step.title} class={step.done ? 'done' : ''}>
                        <span class="mark">{step.done && <Icon name="check" size={12} />}</span>
                        <span class="grow what">
                            {step.title}
                            <span class="unseen">{step.done ? ' (done)' : ' (to do)'}</span>
                        </span>
                        {!step.done && (
                            <Button compact href={step.href}>
                                {step.action}
                            </Button>
                        )}
                    </li>
                ))}
            </ol>
        </Section>
    );
}
