// What a collection's records must be like: mode, JSON Schema, and a check of what is stored that changes nothing.
import { useEffect, useState } from 'preact/hooks';
import { parseJson, RawJson, type Schemas } from '@credvault/client';
import { api } from '../app/api';
import { formatNumber, plural } from '../app/format';
import { useAction } from '../app/load';
import { setLeaveGuard } from '../app/router';
import { may } from '../app/session';
import { Button, CallSnippet, Check, ErrorNotice, FieldSet, JsonEditor, Notice, Section, Skeleton, toast } from '../ui';
import { useFieldNames } from './field-names';
import { dataOf, membersOf, prettyJson } from './json-text';
import { COLLECTION, collectionPath } from './places';
import { useLoad } from '../app/load';
import type { TabProps } from './tab';

type Report = Schemas['ValidationReport'];
type Mode = 'off' | 'warn' | 'error';

const WORDS = [
    'type',
    'properties',
    'required',
    'items',
    'enum',
    'const',
    'minimum',
    'maximum',
    'minLength',
    'maxLength',
    'pattern',
    'format',
    'additionalProperties',
    'uniqueItems',
    'minItems',
    'maxItems',
    'allOf',
    'anyOf',
    'oneOf',
    'not',
    '$ref',
    '$defs',
    'string',
    'integer',
    'number',
    'boolean',
    'object',
    'array',
    'null',
];

const MODES: readonly (readonly [Mode, string, string])[] = [
    ['off', 'Off', 'Records may be anything.'],
    ['warn', 'Warn', 'A record that does not fit is stored, and the answer says so.'],
    ['error', 'Refuse', 'A record that does not fit is refused.'],
];

const EXAMPLE = '{\n  "required": [],\n  "properties": {\n    \n  }\n}';

export default function Schema(props: TabProps) {
    const { database, collection } = props;
    // As text, so that numbers in it stay as they were written.
    const loaded = useLoad(`schema/${database}/${collection}`, async (signal) => {
        const answer = await api.get(COLLECTION, { path: { database, collection }, signal });
        const validation = membersOf(dataOf(answer.text)).find(([name]) => name === 'validation')?.[1] ?? '{}';
        const schema = membersOf(validation).find(([name]) => name === 'schema')?.[1];
        return { mode: (answer.data.validation?.mode ?? 'off') as Mode, schema: schema ? prettyJson(schema) : '' };
    });
    return (
        <>
            <ErrorNotice error={loaded.error} onRetry={loaded.reload} />
            {loaded.slow && <Skeleton lines={8} />}
            {loaded.data && !loaded.loading && (
                <SchemaForm
                    {...props}
                    stored={loaded.data}
                    saved={() => {
                        loaded.reload();
                        props.reload();
                    }}
                />
            )}
        </>
    );
}

function SchemaForm({
    database,
    collection,
    info,
    stored,
    saved,
}: TabProps & { stored: { mode: Mode; schema: string }; saved: () => void }) {
    const path = { database, collection };
    const [mode, setMode] = useState<Mode>(stored.mode);
    const [text, setText] = useState(stored.schema || EXAMPLE);
    const names = useFieldNames(database, collection, info);
    const dirty = mode !== stored.mode || (text !== stored.schema && !(stored.schema === '' && text === EXAMPLE));
    useEffect(() => {
        if (!dirty) return undefined;
        setLeaveGuard(() => confirm('Discard what you have edited?'));
        return () => setLeaveGuard(undefined);
    }, [dirty]);
    const problem = syntaxOf(text);
    const body = `{"validation": {"mode": ${JSON.stringify(mode)}, "schema": ${text}}}`;
    const save = useAction(async () => {
        await api.patch(COLLECTION, { path, body: new RawJson(body) });
        setLeaveGuard(undefined);
        toast('The schema was saved');
        saved();
    });
    const [report, setReport] = useState<Report | undefined>();
    const check = useAction(async () => {
        setReport(undefined);
        setReport(
            (await api.post(`${COLLECTION}/validate`, { path, body: new RawJson(`{"schema": ${text}, "limit": 50}`) }))
                .data,
        );
    });
    const manage = may('database:manage');
    const submit = () => {
        if (!problem) void save.run();
    };
    return (
        <form
            class="stack"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                submit();
            }}
        >
            <FieldSet legend="Records that do not fit" name="validation.mode" error={save.error}>
                {MODES.map(([value, label, hint]) => (
                    <Check
                        key={value}
                        type="radio"
                        name="mode"
                        label={label}
                        hint={hint}
                        checked={mode === value}
                        disabled={!manage}
                        onChange={() => setMode(value)}
                    />
                ))}
            </FieldSet>
            <Section
                title="JSON Schema"
                about="Drafts 4 to 2020-12. The platform's own fields are not asked about unless it names them."
            >
                <JsonEditor
                    value={text}
                    onInput={setText}
                    label="JSON Schema"
                    words={[...names, ...WORDS]}
                    minHeight={260}
                    readOnly={!manage}
                    onSubmit={submit}
                />
                {problem && (
                    <p class="quiet small" role="status">
                        {problem}
                    </p>
                )}
                <ErrorNotice error={save.error} fields={['validation.mode']} />
                <ErrorNotice error={check.error} />
                <div class="line">
                    {manage && (
                        <Button
                            kind="primary"
                            type="submit"
                            busy={save.busy}
                            disabled={problem !== undefined || !dirty}
                        >
                            Save schema
                        </Button>
                    )}
                    {may('query:execute') && (
                        <Button onClick={() => void check.run()} busy={check.busy} disabled={problem !== undefined}>
                            Check the stored records
                        </Button>
                    )}
                    <span class="quiet small">Checking changes nothing.</span>
                </div>
                {check.busy && (
                    <p class="quiet" role="status">
                        Looking at {plural(info.statistics?.records ?? 0, 'record')}.
                    </p>
                )}
                {report && <ReportView report={report} database={database} collection={collection} />}
            </Section>
            <CallSnippet call={{ method: 'PATCH', path: COLLECTION, parameters: path, body }} />
        </form>
    );
}

function syntaxOf(text: string): string | undefined {
    try {
        const value = parseJson(text);
        return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'Expected an object';
    } catch (error) {
        return `This is no JSON yet: ${error instanceof Error ? error.message : ''}`;
    }
}

function ReportView({ report, database, collection }: { report: Report; database: string; collection: string }) {
    if (report.invalid === 0)
        return (
            <Notice tone="green" live>
                <p>All {plural(report.checked, 'record')} fit.</p>
            </Notice>
        );
    return (
        <div class="stack-tight" role="status">
            <Notice tone="amber">
                <p>
                    {formatNumber(report.invalid)} of {plural(report.checked, 'record')} do not fit. They stay as they
                    are; a change of one must mend it where the mode is Refuse.
                </p>
            </Notice>
            <ul class="violations" aria-label="Records that do not fit">
                {report.records.map((record) => (
                    <li key={record.id}>
                        <a class="mono" href={collectionPath(database, collection, 'records', { record: record.id })}>
                            {record.id}
                        </a>
                        {record.violations.map((violation, index) => (
                            <span key={index}>
                                {' '}
                                <code>{violation.pointer || '/'}</code> {violation.message}
                                {index < record.violations.length - 1 ? ';' : ''}
                            </span>
                        ))}
                    </li>
                ))}
            </ul>
            {report.invalid > report.records.length && (
                <p class="quiet small">The first {formatNumber(report.records.length)}.</p>
            )}
        </div>
    );
}
