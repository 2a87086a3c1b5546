import { api } from '../app/api';
import { formatNumber, formatShort, plural } from '../app/format';
import { useLoad } from '../app/load';
import { useSearch } from '../app/router';
import { CallSnippet, Chart, Section, Show } from '../ui';

export interface Day {
    /** Seconds since 1970 of its beginning, UTC. */
    time: number;
    requests: number;
    errors: number;
    limited: number;
}

const LENGTH = 86_400;
export const dayText = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

/** Usage by day, days without any included. */
export async function readDays(days: number, signal: AbortSignal): Promise<Day[]> {
    const today = Math.floor(Date.now() / 1000 / LENGTH) * LENGTH;
    const from = today - (days - 1) * LENGTH;
    const { data } = await api.get('/v1/usage', {
        query: { from: dayText(from), to: dayText(today), group: ['day'] },
        signal,
    });
    const known = new Map(data.map((row) => [row.day, row]));
    return Array.from({ length: days }, (_, index) => {
        const time = from + index * LENGTH;
        const row = known.get(dayText(time));
        return { time, requests: row?.requests ?? 0, errors: row?.errors ?? 0, limited: row?.limited ?? 0 };
    });
}

const RANGES = [
    ['7', '7 days'],
    ['30', '30 days'],
    ['90', '90 days'],
] as const;

export function UsageCharts() {
    const [asked, setRange] = useSearch('days');
    const range = RANGES.some(([value]) => value === asked) ? asked : '30';
    const usage = useLoad(`usage?${range}`, (signal) => readDays(Number(range), signal));
    return (
        <Section
            title="Calls by day"
            about="Of this workspace, in UTC."
            actions={
                <select
                    class="input"
                    aria-label="Range"
                    value={range}
                    onChange={(event) =>
                        setRange(event.currentTarget.value === '30' ? null : event.currentTarget.value, {
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
            <Show loaded={usage}>{(days) => <Days days={days} />}</Show>
            <CallSnippet
                call={{
                    method: 'GET',
                    path: '/v1/usage',
                    query: { group: 'day', from: dayText(Date.now() / 1000 - (Number(range) - 1) * LENGTH) },
                }}
            />
        </Section>
    );
}

function Days({ days }: { days: readonly Day[] }) {
    const times = days.map((day) => day.time);
    const sum = (of: (day: Day) => number) => days.reduce((total, day) => total + of(day), 0);
    const requests = sum((day) => day.requests);
    const errors = sum((day) => day.errors);
    const limited = sum((day) => day.limited);
    return (
        <div class="charts two">
            <div>
                <h3>{plural(requests, 'call')}</h3>
                <Chart
                    label="Calls by day"
                    kind="bars"
                    times={times}
                    format={formatShort}
                    series={[{ label: 'Calls', tone: 'accent', values: days.map((day) => day.requests) }]}
                />
            </div>
            <div>
                <h3>
                    {plural(errors, 'error')}
                    {requests > 0 && (
                        <span class="quiet">
                            {' '}
                            · {formatNumber((errors / requests) * 100)}% of calls
                            {limited > 0 && ` · ${formatNumber(limited)} past a limit`}
                        </span>
                    )}
                </h3>
                <Chart
                    label="Errors by day"
                    kind="bars"
                    times={times}
                    format={formatShort}
                    series={[{ label: 'Errors', tone: 'red', values: days.map((day) => day.errors) }]}
                />
            </div>
        </div>
    );
}
