import { ApiError } from '@credvault/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../app/api';
import { formatDuration, formatNumber } from '../app/format';
import { Chart, ErrorNotice, Section, Skeleton } from '../ui';
import { isElsewhere, noteElsewhere } from './elsewhere';
import { quantile, readMetrics, type Sample } from './metrics';

const EVERY = 5_000;
const KEPT = 120;

interface Moment {
    at: number;
    rate: number | null;
    errors: number | null;
    p50: number | null;
    p95: number | null;
}

/** What the server does now: asked every five seconds while the page is seen. */
export function Live({ workspace }: { workspace: string }) {
    const [moments, setMoments] = useState<readonly Moment[]>([]);
    const [first, setFirst] = useState<Sample | undefined>();
    const [error, setError] = useState<unknown>();
    const [elsewhere, setElsewhere] = useState(() => isElsewhere(workspace));
    const last = useRef<Sample | undefined>(undefined);

    useEffect(() => {
        if (isElsewhere(workspace)) return undefined;
        const control = new AbortController();
        const ask = async () => {
            if (document.hidden) return;
            try {
                const metrics = await api.answer<string>('GET', '/metrics', { signal: control.signal });
                const now = readMetrics(metrics.text, Date.now() / 1000);
                const before = last.current;
                last.current = now;
                setError(undefined);
                if (!before) setFirst(now);
                // A server that was started anew counts from nothing.
                else if (now.total >= before.total)
                    setMoments((known) => [...known.slice(1 - KEPT), momentOf(now, before)]);
            } catch (problem) {
                if (control.signal.aborted) return;
                if (problem instanceof ApiError && problem.status === 403) {
                    // The server's figures are for those who run it, who are in its first workspace.
                    clearInterval(timer);
                    clearTimeout(soon);
                    noteElsewhere(workspace);
                    setElsewhere(true);
                } else {
                    setError(problem);
                }
            }
        };
        const timer = setInterval(() => void ask(), EVERY);
        // The second answer soon, so that there is something to see.
        const soon = setTimeout(() => void ask(), 1_000);
        void ask();
        return () => {
            control.abort();
            clearInterval(timer);
            clearTimeout(soon);
        };
    }, []);

    if (elsewhere) return null;
    const times = moments.map((moment) => moment.at);
    const p95 = first && quantile(0.95, first);
    const clock = (seconds: number) => new Date(seconds * 1000).toLocaleTimeString('en-GB');
    return (
        <Section
            title="Now"
            about={`Of the whole server, since this page was opened.${p95 === undefined ? '' : ` Before that 95% of all calls since its start were answered within ${formatDuration(p95)}.`}`}
        >
            <ErrorNotice error={error} />
            {moments.length === 0 && error === undefined && <Skeleton lines={3} />}
            {moments.length > 0 && (
                <div class="charts">
                    <div>
                        <h3>Time to answer</h3>
                        <div class="legend">
                            <span class="accent">
                                <i />
                                half of the calls within
                            </span>
                            <span class="amber">
                                <i />
                                95% within
                            </span>
                        </div>
                        <Chart
                            label="Time to answer"
                            times={times}
                            format={formatDuration}
                            formatTime={clock}
                            height={140}
                            series={[
                                { label: 'Half within', tone: 'accent', values: moments.map((moment) => moment.p50) },
                                { label: '95% within', tone: 'amber', values: moments.map((moment) => moment.p95) },
                            ]}
                        />
                    </div>
                    <div>
                        <h3>Calls a second</h3>
                        <div class="legend">
                            <span class="accent">
                                <i />
                                all
                            </span>
                            <span class="red">
                                <i />
                                errors
                            </span>
                        </div>
                        <Chart
                            label="Calls a second"
                            times={times}
                            format={formatNumber}
                            formatTime={clock}
                            height={140}
                            series={[
                                { label: 'All', tone: 'accent', values: moments.map((moment) => moment.rate) },
                                { label: 'Errors', tone: 'red', values: moments.map((moment) => moment.errors) },
                            ]}
                        />
                    </div>
                </div>
            )}
        </Section>
    );
}

function momentOf(now: Sample, before: Sample): Moment {
    const seconds = Math.max(now.at - before.at, 0.001);
    return {
        at: now.at,
        rate: (now.requests - before.requests) / seconds,
        errors: (now.errors - before.errors) / seconds,
        p50: quantile(0.5, now, before) ?? null,
        p95: quantile(0.95, now, before) ?? null,
    };
}
