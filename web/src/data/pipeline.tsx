// A pipeline, built stage by stage, with what each stage gives.
import { useEffect, useRef, useState } from 'preact/hooks';
import { parseJson, RawJson, type JsonObject, type JsonValue } from '@credvault/client';
import { api } from '../app/api';
import { mayPass } from '../app/errors';
import { formatDuration, plural } from '../app/format';
import { useShortcuts } from '../app/keyboard';
import { useAction } from '../app/load';
import { useSearch } from '../app/router';
import { may } from '../app/session';
import {
    Button,
    CallSnippet,
    Check,
    Confirm,
    Dialog,
    Empty,
    ErrorNotice,
    JsonEditor,
    JsonView,
    Menu,
    Notice,
    Section,
    Skeleton,
    Table,
    toast,
    type ApiCall,
    type Column,
} from '../ui';
import { Cell } from './cells';
import { useFieldNames } from './field-names';
import { prettyJson } from './json-text';
import { useStageResults, type StageResult } from './pipeline-run';
import { COLLECTION } from './places';
import {
    EXPRESSIONS,
    newStage,
    OPERATORS,
    pipelineText,
    problemOf,
    restored,
    savedText,
    stagesOf,
    writes,
    type Stage,
} from './stages';
import type { TabProps } from './tab';

/** What of a result is shown. */
const SHOWN = 200;

export default function Pipeline({ database, collection, info, reload }: TabProps) {
    const [saved, setSaved] = useSearch('pipeline');
    const [stages, setStages] = useState<Stage[]>(() => restored(saved));
    const [auto, setAuto] = useState((info.statistics?.records ?? 0) <= 100_000);
    const [text, setText] = useState<string | undefined>();
    const [asking, setAsking] = useState(false);
    const mine = useRef(saved);
    useEffect(() => {
        const timer = setTimeout(() => {
            mine.current = savedText(stages);
            setSaved(mine.current, { replace: true });
        }, 300);
        return () => clearTimeout(timer);
    }, [stages]);
    // Back, or a link: another pipeline.
    useEffect(() => {
        if (saved !== mine.current) setStages(restored(saved));
    }, [saved]);
    const names = useFieldNames(database, collection, info);
    const words = [...names, ...names.map((name) => `$${name}`), ...EXPRESSIONS];
    const { results, running, slow, runNow } = useStageResults(database, collection, stages, auto);
    const pipeline = pipelineText(stages);
    const problem = stages.some((stage) => stage.on && problemOf(stage) !== undefined);
    const writing = stages.some((stage) => stage.on && writes(stage.operator));
    const call: ApiCall | undefined = problem
        ? undefined
        : {
              method: 'POST',
              path: `${COLLECTION}/aggregate`,
              parameters: { database, collection },
              body: `{\n  "pipeline": ${prettyJson(pipeline).replaceAll('\n', '\n  ')}\n}`,
          };
    const [result, setResult] = useState<{ documents: JsonValue[]; more: boolean } | undefined>();
    const whole = useAction(async () => {
        setResult(undefined);
        const answer = await api.post(`${COLLECTION}/aggregate`, {
            path: { database, collection },
            body: new RawJson(`{"pipeline": ${pipeline}, "limit": ${SHOWN}}`),
        });
        setResult({ documents: answer.data as unknown as JsonValue[], more: answer.pagination?.has_more ?? false });
        if (writing) {
            toast('The pipeline has written its documents');
            reload();
        }
    });
    const runAll = () => {
        if (problem || stages.length === 0) return;
        if (writing) setAsking(true);
        else void whole.run();
    };
    const change = (key: number, by: Partial<Stage>) =>
        setStages((now) => now.map((stage) => (stage.key === key ? { ...stage, ...by } : stage)));
    const move = (key: number, by: number) =>
        setStages((now) => {
            const at = now.findIndex((stage) => stage.key === key);
            const next = [...now];
            const [stage] = next.splice(at, 1);
            next.splice(Math.max(0, at + by), 0, stage!);
            return next;
        });
    const add = (operator: string) => setStages((now) => [...now, newStage(operator)]);
    useShortcuts('Pipeline', [
        { keys: 'c', label: 'Add a $match stage', run: () => add('$match') },
        { keys: 'r', label: 'Run pipeline', run: runAll },
    ]);
    const addMenu = (
        <Menu
            class="button"
            items={Object.keys(OPERATORS)
                .filter((name) => may('database:write') || !writes(name))
                .map((name) => ({ label: <span class="mono">{name}</span>, run: () => add(name) }))}
        >
            Add stage
        </Menu>
    );
    return (
        <>
            <div class="line line-apart">
                <span class="line">
                    {addMenu}
                    <Button onClick={() => setText(prettyJson(problem ? '[]' : pipeline))}>Edit as JSON</Button>
                    <Check label="Show results as I type" checked={auto} onChange={setAuto} />
                    {!auto && (
                        <Button onClick={runNow} disabled={stages.length === 0}>
                            Show stage results
                        </Button>
                    )}
                    {running && slow && (
                        <span class="quiet" role="status">
                            Running
                        </span>
                    )}
                </span>
                <Button kind="primary" onClick={runAll} busy={whole.busy} disabled={problem || stages.length === 0}>
                    Run pipeline
                </Button>
            </div>
            {stages.length === 0 && (
                <Empty title="No stage yet">
                    A pipeline takes all records through its stages, one after another: add a $match to choose some, a
                    $group to count and sum.
                </Empty>
            )}
            <ol class="stages">
                {stages.map((stage, index) => (
                    <li key={stage.key}>
                        <StageEditor
                            stage={stage}
                            index={index}
                            last={index === stages.length - 1}
                            words={words}
                            result={results.get(stage.key)}
                            waiting={running && slow}
                            change={(by) => change(stage.key, by)}
                            move={(by) => move(stage.key, by)}
                            remove={() => setStages((now) => now.filter((entry) => entry.key !== stage.key))}
                            again={runNow}
                            onSubmit={runAll}
                        />
                    </li>
                ))}
            </ol>
            <ErrorNotice error={whole.error} {...(mayPass(whole.error) && !writing ? { onRetry: runAll } : {})} />
            {result && <Result {...result} />}
            {stages.length > 0 && call && <CallSnippet call={call} />}
            {text !== undefined && (
                <PipelineText
                    text={text}
                    words={words}
                    onClose={() => setText(undefined)}
                    onDone={(next) => {
                        setStages(next);
                        setText(undefined);
                    }}
                />
            )}
            {asking && (
                <Confirm
                    title="Run a pipeline that writes"
                    confirm="Run pipeline"
                    call={call}
                    onClose={() => setAsking(false)}
                    onConfirm={() => whole.run()}
                >
                    <p>
                        Its last stage writes into a collection: <code>$out</code> takes the place of all that the
                        collection holds, <code>$merge</code> changes records in it. This can't be undone.
                    </p>
                </Confirm>
            )}
        </>
    );
}

function StageEditor({
    stage,
    index,
    last,
    words,
    result,
    waiting,
    change,
    move,
    remove,
    again,
    onSubmit,
}: {
    stage: Stage;
    index: number;
    last: boolean;
    words: string[];
    result: StageResult | undefined;
    waiting: boolean;
    change: (by: Partial<Stage>) => void;
    move: (by: number) => void;
    remove: () => void;
    again: () => void;
    onSubmit: () => void;
}) {
    const problem = stage.on ? problemOf(stage) : undefined;
    const name = `Stage ${index + 1}`;
    return (
        <section class={`stage ${stage.on ? '' : 'off'}`} aria-label={`${name}: ${stage.operator}`}>
            <div class="stage-edit">
                <div class="line line-apart">
                    <span class="line">
                        <span class="quiet">{index + 1}</span>
                        <select
                            class="input auto mono"
                            aria-label={`Operator of stage ${index + 1}`}
                            value={stage.operator}
                            onChange={(event) => {
                                const operator = event.currentTarget.value;
                                // What was not touched gets the new operator's beginning.
                                change({
                                    operator,
                                    ...(stage.text === OPERATORS[stage.operator]
                                        ? { text: OPERATORS[operator] ?? '{}' }
                                        : {}),
                                });
                            }}
                        >
                            {[...new Set([...Object.keys(OPERATORS), stage.operator])].map((operator) => (
                                <option key={operator} value={operator}>
                                    {operator}
                                </option>
                            ))}
                        </select>
                        <Check label="On" checked={stage.on} onChange={(on) => change({ on })} />
                    </span>
                    <span class="line">
                        <Button
                            compact
                            kind="plain"
                            icon="up"
                            label={`Move stage ${index + 1} up`}
                            disabled={index === 0}
                            onClick={() => move(-1)}
                        />
                        <Button
                            compact
                            kind="plain"
                            icon="down"
                            label={`Move stage ${index + 1} down`}
                            disabled={last}
                            onClick={() => move(1)}
                        />
                        <Button
                            compact
                            kind="plain"
                            icon="trash"
                            label={`Remove stage ${index + 1}`}
                            onClick={remove}
                        />
                    </span>
                </div>
                <JsonEditor
                    value={stage.text}
                    label={`${name}, ${stage.operator}`}
                    words={words}
                    minHeight={88}
                    onInput={(text) => change({ text })}
                    onSubmit={onSubmit}
                />
                {problem && (
                    <p class="quiet small" role="status">
                        {problem}
                    </p>
                )}
            </div>
            <div class="stage-result">
                {!stage.on && <p class="quiet">Left out.</p>}
                {stage.on && writes(stage.operator) && (
                    <Notice tone="amber">
                        <p>Writes: it is only done by “Run pipeline”.</p>
                    </Notice>
                )}
                {stage.on && result && <StageOutput result={result} again={again} />}
                {stage.on && !result && !problem && !writes(stage.operator) && waiting && <Skeleton lines={3} />}
            </div>
        </section>
    );
}

function StageOutput({ result, again }: { result: StageResult; again: () => void }) {
    if (result.error !== undefined)
        return <ErrorNotice error={result.error} {...(mayPass(result.error) ? { onRetry: again } : {})} />;
    const documents = result.documents ?? [];
    return (
        <>
            <p class="quiet small">
                {result.out !== undefined
                    ? plural(result.out, 'document')
                    : documents.length === 0
                      ? 'No document'
                      : `The first ${plural(documents.length, 'document')}`}
                {result.elapsed !== undefined ? `, ${formatDuration(result.elapsed / 1000)}` : ''}
            </p>
            <div class="stage-documents" tabIndex={0} role="group" aria-label="First documents">
                {documents.map((document, index) => (
                    <JsonView key={index} value={document} label={`Document ${index + 1}`} open={1} />
                ))}
            </div>
        </>
    );
}

function Result({ documents, more }: { documents: JsonValue[]; more: boolean }) {
    const rows = documents.map((value, index) => ({
        key: String(index),
        value: (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value }) as JsonObject,
    }));
    const names = [...new Set(rows.slice(0, 50).flatMap((row) => Object.keys(row.value)))].slice(0, 40);
    const columns = names.map((name): Column<(typeof rows)[number]> => {
        const number = rows.every((row) => ['number', 'bigint', 'undefined'].includes(typeof row.value[name]));
        return {
            id: name,
            header: name,
            width: number ? 130 : 180,
            ...(number ? { align: 'end' as const } : {}),
            cell: (row) => <Cell value={row.value[name]} />,
        };
    });
    return (
        <Section
            title="Result"
            about={
                rows.length === 0
                    ? 'No document.'
                    : more
                      ? `The first ${plural(rows.length, 'document')}.`
                      : plural(rows.length, 'document')
            }
        >
            {rows.length > 0 && (
                <Table
                    id="pipeline-result"
                    label="Result"
                    columns={columns}
                    rows={rows}
                    keyOf={(row) => row.key}
                    main
                />
            )}
        </Section>
    );
}

function PipelineText({
    text,
    words,
    onClose,
    onDone,
}: {
    text: string;
    words: string[];
    onClose: () => void;
    onDone: (stages: Stage[]) => void;
}) {
    const [edited, setEdited] = useState(text);
    let wrong: string | undefined;
    try {
        parseJson(edited);
        stagesOf(edited);
    } catch (error) {
        wrong = error instanceof Error ? error.message : String(error);
    }
    const submit = () => {
        if (!wrong) onDone(stagesOf(edited));
    };
    return (
        <Dialog
            title="Pipeline as JSON"
            wide
            onClose={onClose}
            onSubmit={submit}
            footer={
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button kind="primary" type="submit" disabled={wrong !== undefined}>
                        Use pipeline
                    </Button>
                </>
            }
        >
            <div class="stack">
                <JsonEditor
                    value={edited}
                    label="Pipeline"
                    words={words}
                    onInput={setEdited}
                    onSubmit={submit}
                    minHeight={280}
                    autoFocus
                />
                {wrong && (
                    <p class="quiet small" role="status">
                        {wrong}
                    </p>
                )}
            </div>
        </Dialog>
    );
}
