import type { Schemas } from '@credvault/client';
import { formatDuration, formatNumber, plural } from '../app/format';
import { Icon } from '../ui';

type Explanation = Schemas['Explanation'];

interface Step {
    title: string;
    detail: string;
    count: number;
    what: string;
    bad?: boolean;
    elapsed?: number | undefined;
}

/** The steps of a plan from left to right, each with a bar for how much goes through it. */
export function PlanPicture({ plan, total }: { plan: Explanation; total: number | undefined }) {
    const steps = stepsOf(plan, total);
    const most = Math.max(...steps.map((step) => step.count), 1);
    return (
        <ol class="plan" aria-label="Plan">
            {steps.map((step, index) => (
                <li key={index}>
                    {index > 0 && <span class="plan-arrow"><Icon name="right" /></span>}
                    <div class={`plan-step ${step.bad ? 'bad' : ''}`}>
                        <strong>{step.title}</strong>
                        <span class="quiet small">{step.detail}</span>
                        <span class="plan-count">{formatNumber(step.count)} <span class="quiet">{step.what}</span></span>
                        <span class="plan-bar" aria-hidden="true"><span style={{ width: `${Math.max(1, (step.count / most) * 100)}%` }} /></span>
                        {step.elapsed !== undefined && <span class="quiet small">{formatDuration(step.elapsed / 1000)}</span>}
                        {step.bad && <span class="small plan-bad"><Icon name="alert" size={14} />Reads many more than it gives</span>}
                    </div>
                </li>
            ))}
        </ol>
    );
}

function stepsOf(plan: Explanation, total: number | undefined): Step[] {
    const steps: Step[] = [];
    const wasteful = plan.records_examined > 100 && plan.records_examined > 10 * Math.max(plan.returned, 1);
    if (plan.index) steps.push({ title: `Index ${plan.index}`, detail: 'entries in its order', count: plan.entries_examined, what: plan.entries_examined === 1 ? 'entry' : 'entries' });
    if (!plan.index || plan.records_examined > 0) {
        const whole = total !== undefined && plan.records_examined >= total && total > 0;
        steps.push({
            title: plan.index ? 'Records' : 'Collection',
            detail: plan.index ? 'read to check the filter' : whole ? 'all records, one by one' : plan.plan.includes('scan') ? 'records in order of id' : plan.plan,
            count: plan.records_examined, what: `${plan.records_examined === 1 ? 'record' : 'records'} read`, bad: wasteful,
        });
    }
    if (plan.sorted_in_memory) steps.push({ title: 'Sort', detail: 'in memory: no index gives this order', count: plan.records_examined, what: 'at most', bad: false });
    const later = plan.stages.filter((stage) => stage.stage !== 'find' && stage.stage.startsWith('$'));
    for (const stage of later) {
        steps.push({
            title: stage.stage, detail: stage.skipped ? 'writes: left out here' : `${plural(stage.documents_in ?? 0, 'document')} in`,
            count: stage.documents_out, what: 'out', elapsed: stage.elapsed_ms,
        });
    }
    if (later.length === 0) steps.push({ title: 'Result', detail: 'the page', count: plan.returned, what: plan.returned === 1 ? 'record' : 'records' });
    return steps;
}
