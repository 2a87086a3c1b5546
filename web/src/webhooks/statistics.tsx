import { api } from '../app/api';
import { formatDuration, formatNumber, formatShort, plural } from '../app/format';
import { useLoad } from '../app/load';
import type { Webhook } from '../app/resources';
import { useSearch } from '../app/router';
import type { Schemas } from '@credvault/client';
import '../home/home.css';
import { CallSnippet, Chart, Pairs, Section, Show, Time } from '../ui';

const RANGES = [
    ['24', '24 hours'],
    ['72', '3 days'],
    ['168', '7 days'],
    ['720', '30 days'],
] as const;

const hour = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const hourText = (seconds: number) => hour.format(seconds * 1000);
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const tickText = (seconds: number) => (new Date(seconds * 1000).getHours() === 0 ? day : clock).format(seconds * 1000);
const milliseconds = (value: number) => (value === 0 ? '0 ms' : formatDuration(value / 1000));

/** How many attempts succeeded, and how long they took, by the hour. */
export function Statistics({ webhook }: { webhook: Webhook }) {
    const [asked, setRange] = useSearch('hours');
    const range = RANGES.some(([value]) => value === asked) ? asked : '24';
    const statistics = useLoad(
        `webhooks/${webhook.id}/statistics?${range}`,
        async (signal) =>
            (
                await api.get('/v1/webhooks/{webhook}/statistics', {
                    path: { webhook: webhook.id },
                    query: { hours: Number(range) },
                    signal,
                })
            ).data,
    );
    return (
        <Section
            title="Success and latency"
            about="Of attempts, by the hour."
            actions={
                <select
                    class="input"
                    aria-label="Range"
                    value={range}
                    onChange={(event) =>
                        setRange(event.currentTarget.value === '24' ? null : event.currentTarget.value, {
                            replace: true,
                        })
                    }
                >
                    {RANGES.map(([value, label]) => (
                        <option key={value} value={value}>
                            {label}
                        </option>
                    ))}
                </select>
            }
        >
            <Show loaded={statistics}>{(data) => <Figures data={data} />}</Show>
            <CallSnippet
                call={{ method: 'GET', path: `/v1/webhooks/${webhook.id}/statistics`, query: { hours: range } }}
            />
        </Section>
    );
}

function Figures({ data }: { data: Schemas['WebhookStatistics'] }) {
    const attempts = data.succeeded + data.failed;
    const times = data.hours.map((one) => new Date(one.hour).getTime() / 1000);
    const took = (of: (one: Schemas['WebhookHour']) => number) =>
        data.hours.map((one) => (one.succeeded + one.failed === 0 ? null : of(one)));
    return (
        <>
            <Pairs
                entries={[
                    ['Last success', <Time value={data.last_success_at} absent="None" />],
                    ['Last failure', <Time value={data.last_failure_at} absent="None" />],
                    ['Failing since', data.failing_since ? <Time value={data.failing_since} /> : undefined],
                ]}
            />
            <div class="charts">
                <div>
                    <h3>
                        {plural(attempts, 'attempt')}
                        {attempts > 0 && (
                            <span class="quiet"> · {formatNumber((data.succeeded / attempts) * 100)}% succeeded</span>
                        )}
                    </h3>
                    <Legend
                        entries={[
                            ['accent', 'All'],
                            ['red', 'Failed'],
                        ]}
                    />
                    <Chart
                        label="Attempts by the hour"
                        kind="bars"
                        times={times}
                        format={formatShort}
                        formatTime={hourText}
                        formatTick={tickText}
                        series={[
                            {
                                label: 'All',
                                tone: 'accent',
                                values: data.hours.map((one) => one.succeeded + one.failed),
                            },
                            { label: 'Failed', tone: 'red', values: data.hours.map((one) => one.failed) },
                        ]}
                    />
                </div>
                <div>
                    <h3>
                        {attempts === 0 ? (
                            'No latency yet'
                        ) : (
                            <>
                                Half within {milliseconds(data.p50_ms)}
                                <span class="quiet"> · 95% within {milliseconds(data.p95_ms)}</span>
                            </>
                        )}
                    </h3>
                    <Legend
                        entries={[
                            ['amber', '95% within'],
                            ['accent', 'Half within'],
                        ]}
                    />
                    <Chart
                        label="Latency by the hour"
                        kind="bars"
                        times={times}
                        format={milliseconds}
                        formatTime={hourText}
                        formatTick={tickText}
                        series={[
                            { label: '95% within', tone: 'amber', values: took((one) => one.p95_ms) },
                            { label: 'Half within', tone: 'accent', values: took((one) => one.p50_ms) },
                        ]}
                    />
                </div>
            </div>
        </>
    );
}

function Legend({ entries }: { entries: readonly (readonly [tone: string, text: string])[] }) {
    return (
        <div class="legend small quiet" aria-hidden="true">
            {entries.map(([tone, text]) => (
                <span key={text} class={`legend-${tone}`}>
                    {text}
                </span>
            ))}
        </div>
    );
}
