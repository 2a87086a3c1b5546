// Resources as they come whole. Their members are optional in the API's types, since `fields` can leave any out.
import type { Schemas } from '@credvault/client';

type Whole<T, K extends keyof T> = T & { [Name in K]-?: NonNullable<T[Name]> };

export type ApiKey = Whole<
    Schemas['ApiKey'],
    'id' | 'name' | 'environment' | 'prefix' | 'scopes' | 'restrictions' | 'status' | 'created_at' | 'previous_secrets'
>;
export type AuditEntry = Whole<Schemas['AuditEntry'], 'id' | 'seq' | 'at' | 'action' | 'outcome'>;
export type Invitation = Whole<Schemas['Invitation'], 'id' | 'email' | 'role' | 'status' | 'created_at' | 'expires_at'>;
export type Member = Whole<Schemas['Member'], 'id' | 'user' | 'email' | 'name' | 'role' | 'created_at'>;
export type Session = Whole<Schemas['Session'], 'id' | 'current' | 'created_at' | 'expires_at'>;
export type Webhook = Whole<
    Schemas['Webhook'],
    | 'id'
    | 'description'
    | 'url'
    | 'events'
    | 'payload'
    | 'format'
    | 'signature'
    | 'headers'
    | 'status'
    | 'max_concurrency'
    | 'previous_secrets'
    | 'created_at'
    | 'updated_at'
>;
export type WebhookWithSecret = Webhook & { secret?: string };
export type Delivery = Whole<
    Schemas['Delivery'],
    'id' | 'event' | 'type' | 'sequence' | 'occurred_at' | 'status' | 'attempt_count' | 'attempts'
>;
export type EventType = Whole<Schemas['WebhookEventType'], 'type' | 'description' | 'scope' | 'example'>;
export type Limits = Schemas['Limits'];
export type Restrictions = Schemas['Restrictions'];
