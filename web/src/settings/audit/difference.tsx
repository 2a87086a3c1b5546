import { stringifyJson, type JsonValue } from '@credvault/client';
import { JsonView } from '../../ui';
import './difference.css';

interface Line {
    kind: 'same' | 'gone' | 'new';
    text: string;
}

const LONGEST = 2_000;

/** What became of the lines, by their longest common subsequence. */
export function compareLines(before: readonly string[], after: readonly string[]): Line[] {
    const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
    for (let i = before.length - 1; i >= 0; i--) {
        for (let j = after.length - 1; j >= 0; j--) {
            lengths[i]![j] =
                before[i] === after[j]
                    ? lengths[i + 1]![j + 1]! + 1
                    : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
        }
    }
    const lines: Line[] = [];
    let i = 0;
    let j = 0;
    while (i < before.length || j < after.length) {
        if (i < before.length && j < after.length && before[i] === after[j]) {
            lines.push({ kind: 'same', text: before[i]! });
            i++;
            j++;
        } else if (j >= after.length || (i < before.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!))
            lines.push({ kind: 'gone', text: before[i++]! });
        else lines.push({ kind: 'new', text: after[j++]! });
    }
    return lines;
}

const MARKS = { same: ' ', gone: '−', new: '+' };

/** Before and after, with what differs marked. */
export function Difference({ before, after }: { before: JsonValue | undefined; after: JsonValue | undefined }) {
    const [old, next] = [before, after].map((value) =>
        value === undefined ? [] : stringifyJson(value, 2).split('\n'),
    );
    if (before === undefined || after === undefined || old!.length > LONGEST || next!.length > LONGEST) {
        return (
            <>
                {before !== undefined && (
                    <div>
                        <h3>Before</h3>
                        <JsonView label="Before" value={before} open={3} />
                    </div>
                )}
                {after !== undefined && (
                    <div>
                        <h3>After</h3>
                        <JsonView label="After" value={after} open={3} />
                    </div>
                )}
            </>
        );
    }
    return (
        <div>
            <h3>Before and after</h3>
            <pre class="difference" tabIndex={0}>
                {compareLines(old!, next!).map((line, index) => (
                    <div key={index} class={line.kind}>
                        <span aria-hidden="true">{MARKS[line.kind]} </span>
                        {line.kind !== 'same' && (
                            <span class="unseen">{line.kind === 'gone' ? 'before: ' : 'after: '}</span>
                        )}
                        {line.text}
                    </div>
                ))}
            </pre>
        </div>
    );
}
