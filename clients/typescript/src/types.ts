// What the OpenAPI document says, in the shape in which the client's methods take and give it.
import type { components, paths } from './schema.js';

export type Schemas = components['schemas'];
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Paths that have the method. */
export type PathWith<M extends Method> = {
    [P in keyof paths]: [NonNullable<paths[P][M]>] extends [never] ? never : P;
}[keyof paths];

type OperationOf<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;

type Parameters<P extends keyof paths, M extends Method, In extends 'path' | 'query'> =
    OperationOf<P, M> extends { parameters: infer All } ? (In extends keyof All ? NonNullable<All[In]> : never) : never;

type Optional<T> = { [K in keyof T]?: T[K] | undefined };

export type FilterValue = string | number | bigint | boolean;
/** Filters by field, as in `{ 'age[gt]': 18 }`. */
export type Filters = Record<string, FilterValue | undefined>;

export type PathParameters<P extends keyof paths, M extends Method> = Parameters<P, M, 'path'>;
export type QueryParameters<P extends keyof paths, M extends Method> = Optional<
    Omit<Parameters<P, M, 'query'>, 'filters'>
> & {
    filters?: Filters;
};

type JsonBodyOf<O> = O extends { requestBody?: { content: infer C } }
    ? C extends { 'application/json': infer B }
        ? B
        : C[keyof C]
    : never;
export type BodyOf<P extends keyof paths, M extends Method> = JsonBodyOf<OperationOf<P, M>>;

type Answers<O> = O extends { responses: infer R } ? R[Extract<keyof R, 200 | 201 | 202>] : never;
type JsonOf<T> = T extends { content: { 'application/json': infer J } } ? J : never;
type DataOf<J> = J extends { data: infer D } ? D : J;

/** The `data` of a successful answer; undefined where there is none (204). */
export type ResultOf<P extends keyof paths, M extends Method> = [JsonOf<Answers<OperationOf<P, M>>>] extends [never]
    ? undefined
    : DataOf<JsonOf<Answers<OperationOf<P, M>>>>;

/** One item of a list. */
export type ItemOf<P extends keyof paths> = ResultOf<P, 'get'> extends (infer I)[] ? I : never;

export type Pagination = Schemas['Pagination'];
