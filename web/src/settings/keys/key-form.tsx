import { useState } from 'preact/hooks';
import { parseJson, type JsonValue } from '@credvault/client';
import { api } from '../../app/api';
import { invalidate, useAction } from '../../app/load';
import type { ApiKey, Restrictions } from '../../app/resources';
import { may } from '../../app/session';
import { Button, Check, FieldSet, Fold, FormDialog, SelectField, TextAreaField, TextField, toast } from '../../ui';
import { PRESETS, SCOPES } from './scopes';
import './keys.css';

interface Wish {
    name: string;
    environment: 'live' | 'test';
    expiry: string;
    until: string;
    scopes: string[];
    databases: string;
    collections: string;
    addresses: string;
    rules: string;
}

const lines = (text: string) =>
    text
        .split(/[\n,]/)
        .map((line) => line.trim())
        .filter(Boolean);
const joined = (list: readonly string[] | undefined) => (list ?? []).join('\n');

function restrictionsOf(wish: Wish): Restrictions {
    const rules = wish.rules.trim() === '' ? [] : (parseJson(wish.rules) as JsonValue[]);
    return {
        ...(lines(wish.databases).length > 0 && { databases: lines(wish.databases) }),
        ...(lines(wish.collections).length > 0 && { collections: lines(wish.collections) }),
        ...(lines(wish.addresses).length > 0 && { addresses: lines(wish.addresses) }),
        ...(rules.length > 0 && { rules: rules as NonNullable<Restrictions['rules']> }),
    };
}

function problemInRules(text: string): string | undefined {
    if (text.trim() === '') return undefined;
    try {
        return Array.isArray(parseJson(text)) ? undefined : 'A list of rules, as in [{"denied_fields": ["ssn"]}]';
    } catch (error) {
        return `This is no JSON: ${error instanceof Error ? error.message : ''}`;
    }
}

const FIELDS = [
    'name',
    'scopes',
    'expiry',
    'restrictions.databases',
    'restrictions.collections',
    'restrictions.addresses',
    'restrictions.rules',
];

/** Makes a key, or changes the one that is given. */
export function KeyForm({
    changed,
    onClose,
    onMade,
}: {
    changed?: ApiKey;
    onClose: () => void;
    onMade?: (key: ApiKey & { secret: string }) => void;
}) {
    const [wish, setWish] = useState<Wish>({
        name: changed?.name ?? '',
        environment: 'live',
        expiry: changed ? 'same' : '90d',
        until: '',
        scopes: changed?.scopes ?? [...(PRESETS[0]?.[1] ?? [])],
        databases: joined(changed?.restrictions.databases),
        collections: joined(changed?.restrictions.collections),
        addresses: joined(changed?.restrictions.addresses),
        rules: changed?.restrictions.rules ? JSON.stringify(changed.restrictions.rules, null, 2) : '',
    });
    const set = (part: Partial<Wish>) => setWish((now) => ({ ...now, ...part }));
    const rulesProblem = problemInRules(wish.rules);
    const restrictions = rulesProblem ? {} : restrictionsOf(wish);
    const expiry = wish.expiry === 'date' ? (wish.until ? `${wish.until}T00:00:00Z` : '') : wish.expiry;
    const body = {
        name: wish.name,
        scopes: wish.scopes,
        ...(changed ? { restrictions } : Object.keys(restrictions).length > 0 && { restrictions }),
        ...(expiry !== 'same' && expiry !== '' && { expiry }),
        ...(!changed && wish.environment !== 'live' && { environment: wish.environment }),
    };
    const action = useAction(async () => {
        if (changed) {
            await api.patch('/v1/api-keys/{key}', { path: { key: changed.id }, body });
            toast(`${wish.name} was changed`);
        } else {
            const made = await api.post('/v1/api-keys', { body });
            onMade?.(made.data as ApiKey & { secret: string });
        }
        invalidate('api-keys');
    });
    const { error } = action;
    return (
        <FormDialog
            wide
            title={changed ? `Change ${changed.name}` : 'Create API key'}
            action={action}
            submit={changed ? 'Save key' : 'Create key'}
            fields={FIELDS}
            disabled={rulesProblem !== undefined}
            call={
                changed
                    ? { method: 'PATCH', path: `/v1/api-keys/${changed.id}`, body }
                    : { method: 'POST', path: '/v1/api-keys', body }
            }
            onClose={onClose}
            onDone={() => {
                if (changed) onClose();
            }}
        >
            <TextField
                label="Name"
                name="name"
                error={error}
                value={wish.name}
                onInput={(name) => set({ name })}
                hint="What uses it: web shop, nightly report"
                autofocus
                required
            />
            <Scopes value={wish.scopes} onChange={(scopes) => set({ scopes })} error={error} />
            <div class="two">
                <SelectField
                    label="Expires"
                    name={wish.expiry === 'date' ? 'x' : 'expiry'}
                    error={error}
                    value={wish.expiry}
                    onChange={(value) => set({ expiry: value })}
                    options={[
                        ...(changed ? [['same', 'As before'] as const] : []),
                        ['30d', 'In 30 days'],
                        ['90d', 'In 90 days'],
                        ['1y', 'In a year'],
                        ['never', 'Never'],
                        ['date', 'On a day'],
                    ]}
                />
                {wish.expiry === 'date' && (
                    <TextField
                        label="Last valid until the start of"
                        name="expiry"
                        type="date"
                        error={error}
                        value={wish.until}
                        onInput={(until) => set({ until })}
                        hint="UTC"
                    />
                )}
                {!changed && (
                    <SelectField
                        label="Environment"
                        name="environment"
                        error={error}
                        value={wish.environment}
                        onChange={(value) => set({ environment: value as 'live' | 'test' })}
                        options={[
                            ['live', 'live: begins with cv_live_'],
                            ['test', 'test: begins with cv_test_'],
                        ]}
                    />
                )}
            </div>
            <Fold
                title="Restrictions: databases, collections, addresses, rows and fields"
                open={changed !== undefined && Object.keys(changed.restrictions).length > 0}
            >
                <div class="two">
                    <TextAreaField
                        label="Databases"
                        name="restrictions.databases"
                        error={error}
                        value={wish.databases}
                        onInput={(databases) => set({ databases })}
                        hint="One a line. Empty: all, unless collections are named."
                    />
                    <TextAreaField
                        label="Collections"
                        name="restrictions.collections"
                        error={error}
                        value={wish.collections}
                        onInput={(collections) => set({ collections })}
                        hint="database/collection, one a line; beside the databases."
                    />
                    <TextAreaField
                        label="Addresses"
                        name="restrictions.addresses"
                        error={error}
                        value={wish.addresses}
                        onInput={(addresses) => set({ addresses })}
                        hint="Such as 203.0.113.0/24, one a line. Empty: from anywhere."
                    />
                    <TextAreaField
                        label="Rules for rows and fields"
                        name="restrictions.rules"
                        error={error}
                        wrong={rulesProblem}
                        value={wish.rules}
                        onInput={(rules) => set({ rules })}
                        hint={
                            <>
                                JSON:{' '}
                                <code class="small">
                                    [{'{'}"rows": {'{'}"owner": "$$key"{'}'}, "denied_fields": ["ssn"]{'}'}]
                                </code>
                            </>
                        }
                    />
                </div>
            </Fold>
        </FormDialog>
    );
}

function Scopes({
    value,
    onChange,
    error,
}: {
    value: readonly string[];
    onChange: (scopes: string[]) => void;
    error: unknown;
}) {
    const toggle = (scope: string, on: boolean) =>
        onChange(on ? [...value, scope] : value.filter((other) => other !== scope));
    return (
        <FieldSet
            legend="Scopes"
            name="scopes"
            error={error}
            hint="What the key may do. Nobody can give more than he may."
        >
            <div class="line">
                {PRESETS.map(([label, scopes]) => (
                    <Button key={label} compact onClick={() => onChange(scopes.filter(may))}>
                        {label}
                    </Button>
                ))}
            </div>
            <div class="scopes">
                {SCOPES.map(([noun, scopes]) => (
                    <div key={noun} role="group" aria-label={noun}>
                        <div class="quiet small">{noun}</div>
                        {scopes.map(([scope, about]) => (
                            <Check
                                key={scope}
                                label={<code>{scope}</code>}
                                hint={about}
                                checked={value.includes(scope)}
                                disabled={!may(scope) && !value.includes(scope)}
                                onChange={(on) => toggle(scope, on)}
                            />
                        ))}
                    </div>
                ))}
            </div>
        </FieldSet>
    );
}
