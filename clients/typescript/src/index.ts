export { CredVault, RawJson, isKeyed, targetOf, type Answer, type CallOptions, type Input } from './client.js';
export {
    Collection,
    Database,
    type Change,
    type ChangeParameters,
    type FollowOptions,
    type ListParameters,
    type Query,
    type StoredRecord,
} from './database.js';
export { ApiError, ConnectionError, isCode, type ErrorDetail } from './errors.js';
export { parseJson, stringifyJson, type JsonObject, type JsonValue } from './json.js';
export { eventsOf, linesOf, type ServerEvent } from './streams.js';
export { type ClientOptions, type RetryOptions } from './transport.js';
export type { FilterValue, Filters, ItemOf, Pagination, PathWith, ResultOf, Schemas } from './types.js';
