// Imports of the collection that run or ran lately: work that can be left and found again.
import { useEffect } from 'preact/hooks';
import type { Schemas } from '@credvault/client';
import { api } from '../app/api';
import { formatBytes, formatNumber, plural } from '../app/format';
import { useAction, useLoad } from '../app/load';
import { Badge, Button, ErrorNotice, Progress, Show, Time, type Tone } from '../ui';
import type { TabProps } from './tab';

type Job = Schemas['Job'];
interface Report {
    inserted?: number; replaced?: number; merged?: number; skipped?: number; failed?: number; warned?: number;
    errors?: { line: number; code: string; message: string }[];
}

const TONES: Record<string, Tone> = { queued: 'grey', running: 'accent', succeeded: 'green', failed: 'red', cancelled: 'amber' };
const isOpen = (job: Job) => job.state === 'queued' || job.state === 'running';

export function ImportJobs({ database, collection, reload }: TabProps) {
    const jobs = useLoad(`jobs/import/${database}/${collection}`, async (signal) =>
        (await api.get('/v1/jobs', { query: { limit: 5, sort: '-created_at', filters: { type: 'import', target: `${database}/${collection}` } }, signal })).data);
    const open = jobs.data?.some(isOpen) ?? false;
    useEffect(() => {
        if (!open) return undefined;
        const timer = setInterval(jobs.reload, 700);
        return () => {
            clearInterval(timer);
            reload();
        };
    }, [open]);
    return (
        <Show loaded={jobs}>
            {(all) => all.length > 0 && (
                <div class="stack-tight">
                    <h3>Imports</h3>
                    <ul class="jobs" aria-label="Imports">{all.map((job) => <JobItem key={job.id} job={job} changed={jobs.reload} />)}</ul>
                </div>
            )}
        </Show>
    );
}

function JobItem({ job, changed }: { job: Job; changed: () => void }) {
    const report = (job.result ?? {}) as Report;
    const cancel = useAction(async () => {
        await api.post('/v1/jobs/{job}/cancel', { path: { job: job.id ?? '' } });
        changed();
    });
    return (
        <li>
            <div class="line line-apart">
                <span class="line">
                    <Badge tone={TONES[job.state ?? ''] ?? 'grey'}>{job.state}</Badge>
                    <Time value={job.created_at} />
                    <span>{summaryOf(report)}</span>
                </span>
                {isOpen(job) && <Button compact onClick={() => void cancel.run()} busy={cancel.busy || job.cancel_requested === true}>Cancel import</Button>}
            </div>
            {isOpen(job) && job.progress && (
                <div class="line">
                    <span class="grow"><Progress done={job.progress.done} total={job.progress.total} label="Importing" /></span>
                    <span class="small quiet">{formatBytes(job.progress.done)}{job.progress.total !== undefined && ` of ${formatBytes(job.progress.total)}`}</span>
                </div>
            )}
            {job.error && <p class="wrong-text">{job.error.message}</p>}
            {(report.errors?.length ?? 0) > 0 && (
                <details>
                    <summary>{plural(report.failed ?? 0, 'record')} not imported</summary>
                    <ul class="violations">{report.errors?.map((error) => <li key={error.line}><code>{error.code}</code> {error.message}</li>)}</ul>
                </details>
            )}
            <ErrorNotice error={cancel.error} />
        </li>
    );
}

function summaryOf(report: Report): string {
    const parts = ([['inserted', 'inserted'], ['replaced', 'replaced'], ['merged', 'merged'], ['skipped', 'left out'], ['failed', 'failed'], ['warned', 'do not fit the schema']] as const)
        .filter(([name]) => (report[name] ?? 0) > 0 || name === 'inserted')
        .map(([name, words]) => `${formatNumber(report[name] ?? 0)} ${words}`);
    return parts.join(', ');
}
