// How a value looks in one line.
import { stringifyJson, type JsonValue } from '@credvault/client';
import { Time } from '../ui';

const LONGEST = 300;

export function Cell({ value, time = false }: { value: JsonValue | undefined; time?: boolean }) {
    if (value === undefined) return <span class="quiet" aria-label="missing" title="This record has no such field">–</span>;
    if (time && typeof value === 'string') return <Time value={value} />;
    if (value === null) return <span class="quiet mono">null</span>;
    if (typeof value === 'string') return <>{value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value || <span class="quiet">empty</span>}</>;
    if (typeof value === 'object') return <span class="mono quiet">{stringifyJson(value).slice(0, LONGEST)}</span>;
    return <span class={typeof value === 'boolean' ? 'mono' : ''}>{String(value)}</span>;
}
