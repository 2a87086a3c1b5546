// Runs a pipeline stage by stage: the first documents after each, and what the whole does to how many.
import { useEffect, useRef, useState } from 'preact/hooks';
import { RawJson, type JsonValue, type Schemas } from '@credvault/client';
import { api } from '../app/api';
import { COLLECTION } from './places';
import { pipelineText, problemOf, writes, type Stage } from './stages';

export interface StageResult {
    documents?: JsonValue[];
    error?: unknown;
    /** As explain has it, where it could be told apart. */
    out?: number | undefined;
    elapsed?: number | undefined;
}

const SHOWN = 5;
const TIMEOUT = 10_000;
const DELAY = 400;

interface Run {
    results: ReadonlyMap<number, StageResult>;
    running: boolean;
    slow: boolean;
}

export function useStageResults(database: string, collection: string, stages: readonly Stage[], auto: boolean): Run & { runNow: () => void } {
    const [state, setState] = useState<Run>({ results: new Map(), running: false, slow: false });
    const [round, setRound] = useState(0);
    const asked = useRef(0);
    const key = stages.filter((stage) => stage.on).map((stage) => `${stage.key}${stage.operator}${stage.text}`).join('\n');
    useEffect(() => {
        const now = asked.current !== round;
        asked.current = round;
        if (!auto && !now) return undefined;
        const control = new AbortController();
        const timer = setTimeout(() => {
            void run(database, collection, stages, control.signal, (results, running) => {
                if (!control.signal.aborted) setState((before) => ({ ...before, results: new Map(results), running }));
            });
        }, now ? 0 : DELAY);
        const slow = setTimeout(() => setState((before) => ({ ...before, slow: true })), DELAY + 200);
        setState((before) => ({ ...before, running: true, slow: false }));
        return () => {
            clearTimeout(timer);
            clearTimeout(slow);
            control.abort();
        };
    }, [database, collection, key, auto, round]);
    return { ...state, runNow: () => setRound((now) => now + 1) };
}

async function run(
    database: string, collection: string, stages: readonly Stage[], signal: AbortSignal, tell: (results: Map<number, StageResult>, running: boolean) => void,
): Promise<void> {
    const results = new Map<number, StageResult>();
    const path = { database, collection };
    const on = stages.filter((stage) => stage.on);
    let fine = true;
    for (const [index, stage] of on.entries()) {
        if (problemOf(stage) || writes(stage.operator)) {
            fine &&= writes(stage.operator);
            break;
        }
        try {
            const body = new RawJson(`{"pipeline": ${pipelineText(on.slice(0, index + 1))}, "limit": ${SHOWN}, "timeout_ms": ${TIMEOUT}}`);
            const answer = await api.post(`${COLLECTION}/aggregate`, { path, body, signal, idempotencyKey: false });
            results.set(stage.key, { documents: answer.data as unknown as JsonValue[] });
        } catch (error) {
            if (signal.aborted) return;
            results.set(stage.key, { error });
            fine = false;
            break;
        }
        tell(results, true);
    }
    if (fine && on.length > 0) await addCounts(path, on, results, signal);
    tell(results, false);
}

// How many documents each stage gives: explain runs all but what writes.
async function addCounts(path: { database: string; collection: string }, on: readonly Stage[], results: Map<number, StageResult>, signal: AbortSignal): Promise<void> {
    let plan: Schemas['Explanation'];
    try {
        const body = new RawJson(`{"pipeline": ${pipelineText(on)}, "timeout_ms": ${TIMEOUT}}`);
        plan = (await api.post(`${COLLECTION}/explain`, { path, body, signal })).data;
    } catch {
        // The stages' own results say what is wrong; counts are only left out.
        return;
    }
    // The find does the leading stages, and counts what the last of them gives.
    const [find, ...rest] = plan.stages[0]?.stage === 'find' ? plan.stages : [undefined, ...plan.stages];
    const pushed = find?.pushed_down?.length ?? 0;
    for (const [index, stage] of on.entries()) {
        const explained = index < pushed ? (index === pushed - 1 ? find : undefined) : rest[index - pushed];
        const result = results.get(stage.key);
        if (result && explained && (index < pushed || explained.stage === stage.operator)) {
            results.set(stage.key, { ...result, out: explained.documents_out, elapsed: explained.elapsed_ms });
        }
    }
}
