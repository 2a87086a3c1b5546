// Which events: whole kinds, or single types.
import { api } from '../app/api';
import { useLoad, type Loaded } from '../app/load';
import type { EventType } from '../app/resources';
import { may } from '../app/session';
import { Check, FieldSet, Show } from '../ui';

export const useEventTypes = (): Loaded<EventType[]> =>
    useLoad(
        'webhook-events',
        async (signal) =>
            (await api.get('/v1/webhooks/events', { query: { limit: 1000 }, signal })).data as EventType[],
    );

const kindOf = (type: string) => type.split('.')[0] ?? type;

/** Whether a webhook that asks for `events` gets the type. */
export const asks = (events: readonly string[], type: string): boolean =>
    events.includes('*') || events.includes(`${kindOf(type)}.*`) || events.includes(type);

function kindsOf(types: readonly EventType[]): [string, EventType[]][] {
    const kinds = new Map<string, EventType[]>();
    for (const type of types) {
        // Tests are sent by hand, whatever a webhook asks for.
        if (type.type === 'webhook.test') continue;
        const kind = kindOf(type.type);
        kinds.set(kind, [...(kinds.get(kind) ?? []), type]);
    }
    // Records are what most ask for.
    return [...kinds].sort(([a], [b]) => Number(b === 'document') - Number(a === 'document'));
}

export function EventsField({
    value,
    onChange,
    error,
    types,
}: {
    value: readonly string[];
    onChange: (events: string[]) => void;
    error: unknown;
    types: Loaded<EventType[]>;
}) {
    const all = value.includes('*');
    const without = (gone: (event: string) => boolean) => value.filter((event) => !gone(event));
    const setKind = (kind: string, on: boolean) =>
        onChange([...without((event) => kindOf(event) === kind), ...(on ? [`${kind}.*`] : [])]);
    const setType = (type: string, on: boolean) =>
        onChange([...without((event) => event === type), ...(on ? [type] : [])]);
    return (
        <FieldSet legend="Events" name="events" error={error}>
            <Check
                label={
                    <>
                        Everything <code class="quiet">*</code>
                    </>
                }
                checked={all}
                onChange={(on) => onChange(on ? ['*'] : [])}
            />
            <Show loaded={types} lines={8}>
                {(list) => (
                    <div class="event-kinds">
                        {kindsOf(list).map(([kind, members]) => {
                            const whole = all || value.includes(`${kind}.*`);
                            return (
                                <div key={kind} class="event-kind" role="group" aria-label={kind}>
                                    <Check
                                        label={<code>{kind}.*</code>}
                                        checked={whole}
                                        disabled={all || !members.every((member) => may(member.scope))}
                                        onChange={(on) => setKind(kind, on)}
                                    />
                                    <div class="line">
                                        {members.map((member) => (
                                            <span key={member.type} title={member.description}>
                                                <Check
                                                    label={<EventName type={member.type} />}
                                                    checked={asks(value, member.type)}
                                                    disabled={whole || !may(member.scope)}
                                                    onChange={(on) => setType(member.type, on)}
                                                />
                                            </span>
                                        ))}
                                    </div>
                                </div>
                            );
                        })}
                    </div>
                )}
            </Show>
        </FieldSet>
    );
}

function EventName({ type }: { type: string }) {
    const kind = kindOf(type);
    return (
        <>
            <span class="unseen">{kind}.</span>
            {type.slice(kind.length + 1)}
        </>
    );
}
