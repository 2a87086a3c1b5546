import type { ComponentChildren } from 'preact';
import { formatBytes, formatDay, formatDuration, formatNumber, formatShort, plural } from '../app/format';
import { useLoad } from '../app/load';
import { useSearch } from '../app/router';
import { CallSnippet, Chart, Section, Show, type Series } from '../ui';
import { byHour, questionOf, RANGES, rangeOf, readHistory, USUAL_RANGE, type Period } from './usage-history';

/** Calls, errors, times to answer and storage of the workspace over time. */
export function UsageCharts() {
    const [asked, setRange] = useSearch('days');
    const range = rangeOf(asked);
    const usage = useLoad(`usage?${range}`, (signal) => readHistory(range, signal));
    return (
        <Section
            title="Usage"
            about={`Of this workspace, by ${byHour(range) ? 'hour' : 'day'} in UTC.`}
            actions={
                <select
                    class="input"
                    aria-label="Range"
                    value={range}
                    onChange={(event) =>
                        setRange(event.currentTarget.value === USUAL_RANGE ? null : event.currentTarget.value, {
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
            <Show loaded={usage}>{(periods) => <History key={range} periods={periods} range={range} />}</Show>
            <CallSnippet call={{ method: 'GET', path: '/v1/usage', query: snippetQuery(range) }} />
        </Section>
    );
}

function snippetQuery(range: string): Record<string, string> {
    const { from, to, group } = questionOf(range).query;
    return { group: group.join(), from, to };
}

const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 16);
const dayAndHour = (seconds: number) => `${formatDay(new Date(seconds * 1000))}, ${clock(seconds)}`;

function History({ periods, range }: { periods: readonly Period[]; range: string }) {
    const unit = byHour(range) ? 'hour' : 'day';
    const span = RANGES.find(([value]) => value === range)?.[1] ?? '';
    const sum = (of: (period: Period) => number) => periods.reduce((total, period) => total + of(period), 0);
    const requests = sum((period) => period.requests);
    const errors = sum((period) => period.errors);
    const limited = sum((period) => period.limited);
    const last = [...periods].reverse().find((period) => period.bytes !== null);
    const time = {
        utc: true,
        ...(byHour(range) ? { formatTime: dayAndHour, formatTick: clock } : {}),
        times: periods.map((period) => period.time),
    };
    const series = (label: string, tone: Series['tone'], of: (period: Period) => number | null): Series => ({
        label,
        tone,
        values: periods.map(of),
    });
    return (
        <div class="charts">
            <Panel title={plural(requests, 'call')} empty={requests === 0 && `No calls in these ${span}.`}>
                <Chart
                    {...time}
                    label={`Calls by ${unit}`}
                    kind="bars"
                    format={formatShort}
                    series={[series('Calls', 'accent', (period) => period.requests)]}
                />
            </Panel>
            <Panel
                title={
                    <>
                        {plural(errors, 'error')}
                        {requests > 0 && (
                            <span class="quiet">
                                {' '}
                                · {formatNumber((errors / requests) * 100)}% of calls
                                {limited > 0 && ` · ${formatNumber(limited)} past a limit`}
                            </span>
                        )}
                    </>
                }
                empty={errors === 0 && (requests === 0 ? `No calls in these ${span}.` : `No errors in these ${span}.`)}
            >
                <Chart
                    {...time}
                    label={`Errors by ${unit}`}
                    kind="bars"
                    format={formatShort}
                    series={[series('Errors', 'red', (period) => period.errors)]}
                />
            </Panel>
            <Panel
                title={
                    <>
                        Latency<span class="quiet"> · share of calls answered within it</span>
                    </>
                }
                legend={[
                    ['accent', '50%'],
                    ['amber', '95%'],
                    ['red', '99%'],
                ]}
                empty={periods.every((period) => period.p50 === null) && `No call was timed in these ${span}.`}
            >
                <Chart
                    {...time}
                    label={`Latency by ${unit}`}
                    format={formatDuration}
                    series={[
                        series('50% within', 'accent', (period) => period.p50),
                        series('95% within', 'amber', (period) => period.p95),
                        series('99% within', 'red', (period) => period.p99),
                    ]}
                />
            </Panel>
            <Panel
                title={
                    <>
                        Storage
                        {last && (
                            <span class="quiet">
                                {' '}
                                · {formatBytes(last.bytes ?? 0)} in {plural(last.records ?? 0, 'record')}
                            </span>
                        )}
                    </>
                }
                legend={[['green', `bytes of records at the end of each ${unit}`]]}
                empty={!last && `Not known for these ${span}.`}
            >
                <Chart
                    {...time}
                    label={`Storage by ${unit}`}
                    binary
                    format={formatBytes}
                    series={[series('Stored', 'green', (period) => period.bytes)]}
                />
            </Panel>
        </div>
    );
}

function Panel({
    title,
    legend = [],
    empty,
    children,
}: {
    title: ComponentChildren;
    legend?: readonly (readonly [tone: Series['tone'], label: string])[];
    /** What to say where there is nothing to show. */
    empty: string | false | undefined;
    children: ComponentChildren;
}) {
    return (
        <div>
            <h3>{title}</h3>
            {empty ? (
                <p class="chart-empty">{empty}</p>
            ) : (
                <>
                    <div class="legend">
                        {legend.map(([tone, label]) => (
                            <span key={label} class={tone}>
                                <i />
                                {label}
                            </span>
                        ))}
                    </div>
                    {children}
                </>
            )}
        </div>
    );
}
