#include "webhooks/event_types.h"

#include <algorithm>

#include "json/writer.h"

namespace credvault::webhooks {
namespace {

constexpr EventField sequence_field{
    "sequence", "integer",
    "Rises with every event of the same source: of two events about one thing the later "
    "one has the greater."};
constexpr EventField actor_field{"actor", "string", "The key or user that did it; empty: the platform."};

constexpr EventField document_fields[] = {
    {"database", "string", "The database's name."},
    {"collection", "string", "The collection's name."},
    {"id", "string", "The record's id."},
    {"version", "integer", "The record's `_version` afterwards; of a deletion: before it."},
    actor_field,
    sequence_field,
    {"record", "object",
     "With the payload `record`: the record after the change; null where it is not known.", false},
    {"record_state", "string",
     "`exact`, `changed_since`, `deleted_since`, `deleted` or `too_large`: what is known of `record`.",
     false},
    {"before", "object",
     "Of deletions, with the payload `record`: the record as it was, where that is known.", false},
    {"changed", "object", "With the payload `changed`: the top-level fields that are new or different.",
     false},
    {"removed", "array", "With the payload `changed`: the names of the top-level fields that are gone.",
     false}};

constexpr EventField collection_fields[] = {{"database", "string", "The database's name."},
                                            {"collection", "string", "The collection's name."},
                                            actor_field,
                                            sequence_field};
constexpr EventField index_fields[] = {
    {"database", "string", "The database's name."},
    {"collection", "string", "The collection's name."},
    {"index", "string", "The index's name."},
    {"error", "object", "Of a build that failed: `code` and `message`.", false},
    actor_field,
    sequence_field};
constexpr EventField database_fields[] = {
    {"database", "string", "The database's name."}, actor_field, sequence_field};
constexpr EventField job_fields[] = {{"id", "string", "The job's id."},
                                     {"type", "string", "What kind of work it is."},
                                     {"state", "string", "As in `GET /v1/jobs/{job}`."},
                                     {"target", "string", "What it works on.", false},
                                     {"result", "object", "What it did.", false},
                                     {"error", "object", "Why it failed: `code` and `message`.", false},
                                     actor_field,
                                     sequence_field};
constexpr EventField key_fields[] = {{"id", "string", "The key's id."},
                                     {"name", "string", "What people call it."},
                                     {"status", "string", "`active`, `disabled` or `revoked`."},
                                     {"scopes", "array", "What it may do."},
                                     actor_field,
                                     sequence_field};
constexpr EventField member_fields[] = {{"id", "string", "The member's id."},
                                        {"user", "string", "The user's id."},
                                        {"email", "string", "The user's email."},
                                        {"name", "string", "The user's name."},
                                        {"role", "string", "The member's role."},
                                        actor_field,
                                        sequence_field};
constexpr EventField user_fields[] = {{"user", "string", "The user's id."},
                                      {"email", "string", "The user's email."},
                                      {"name", "string", "The user's name."},
                                      {"role", "string", "The role that he was invited to."},
                                      actor_field,
                                      sequence_field};
constexpr EventField quota_fields[] = {
    {"quota", "string", "What is used up: `records`, `storage`, `keys`, `members` or `webhooks`."},
    {"tier", "string", "The workspace's tier."},
    {"limit", "integer", "What the tier allows."},
    sequence_field};
constexpr EventField ping_fields[] = {{"message", "string", "Some words."}, sequence_field};

constexpr std::string_view job_example =
    R"({"id":"job_01JBV3M6Q4Z0X8T5D2N7K9W1RA","type":"import","state":"succeeded","target":"shop/users","result":{"inserted":1000},"actor":"key_4f7Qd2","sequence":4711})";
constexpr std::string_view key_example =
    R"({"id":"key_4f7Qd2","name":"web shop","status":"active","scopes":["database:read"],"actor":"usr_9kQ2","sequence":4711})";
constexpr std::string_view member_example =
    R"({"id":"mem_7Tq1","user":"usr_9kQ2","email":"ada@example.com","name":"Ada","role":"developer","actor":"usr_9kQ2","sequence":4711})";
constexpr std::string_view collection_example =
    R"({"database":"shop","collection":"users","actor":"key_4f7Qd2","sequence":4711})";
constexpr std::string_view index_example =
    R"({"database":"shop","collection":"users","index":"by_email","actor":"key_4f7Qd2","sequence":4711})";
constexpr std::string_view database_example = R"({"database":"shop","actor":"key_4f7Qd2","sequence":4711})";

constexpr EventType types[] = {
    {"document.created", "A record was inserted.", "database:read", true, document_fields,
     R"({"database":"shop","collection":"users","id":"ada","version":1,"actor":"key_4f7Qd2","sequence":4711,"record":{"id":"ada","name":"Ada","created_at":"2026-01-31T12:00:00.000Z","updated_at":"2026-01-31T12:00:00.000Z","_version":1},"record_state":"exact"})"},
    {"document.updated", "A record was changed.", "database:read", true, document_fields,
     R"({"database":"shop","collection":"users","id":"ada","version":2,"actor":"key_4f7Qd2","sequence":4712,"record":{"id":"ada","name":"Ada Lovelace","created_at":"2026-01-31T12:00:00.000Z","updated_at":"2026-01-31T12:01:00.000Z","_version":2},"record_state":"exact"})"},
    {"document.deleted", "A record was deleted.", "database:read", true, document_fields,
     R"({"database":"shop","collection":"users","id":"ada","version":2,"actor":"key_4f7Qd2","sequence":4713,"record":null,"record_state":"deleted"})"},
    {"collection.created", "A collection was created.", "metadata:read", true, collection_fields,
     collection_example},
    {"collection.updated", "A collection's settings were changed.", "metadata:read", true, collection_fields,
     collection_example},
    {"collection.deleted", "A collection was deleted, with all its records.", "metadata:read", true,
     collection_fields, collection_example},
    {"collection.replaced", "A collection was filled anew as a whole, by $out.", "metadata:read", true,
     collection_fields, collection_example},
    {"index.created", "An index was created; its building may go on.", "metadata:read", true, index_fields,
     index_example},
    {"index.ready", "An index was built and is used from now on.", "metadata:read", true, index_fields,
     index_example},
    {"index.failed", "An index could not be built.", "metadata:read", true, index_fields,
     R"({"database":"shop","collection":"users","index":"by_email","error":{"code":"INVALID_INDEX","message":"Two records have the same email"},"actor":"key_4f7Qd2","sequence":4711})"},
    {"index.deleted", "An index was deleted.", "metadata:read", true, index_fields, index_example},
    {"database.created", "A database was created.", "metadata:read", false, database_fields,
     database_example},
    {"database.deleted", "A database was deleted, with all that was in it.", "metadata:read", false,
     database_fields, database_example},
    {"job.created", "A background job was asked for.", "database:read", false, job_fields, job_example},
    {"job.started", "A background job began to run.", "database:read", false, job_fields, job_example},
    {"job.succeeded", "A background job is done.", "database:read", false, job_fields, job_example},
    {"job.failed", "A background job failed.", "database:read", false, job_fields, job_example},
    {"job.cancelled", "A background job was cancelled.", "database:read", false, job_fields, job_example},
    {"key.created", "An API key was made.", "key:manage", false, key_fields, key_example},
    {"key.updated", "An API key was changed, turned on or turned off.", "key:manage", false, key_fields,
     key_example},
    {"key.rotated", "An API key got a new secret.", "key:manage", false, key_fields, key_example},
    {"key.revoked", "An API key was revoked.", "key:manage", false, key_fields, key_example},
    {"key.deleted", "An API key was deleted.", "key:manage", false, key_fields, key_example},
    {"member.added", "Somebody became a member of the workspace.", "team:manage", false, member_fields,
     member_example},
    {"member.updated", "A member's role was changed.", "team:manage", false, member_fields, member_example},
    {"member.removed", "A member left the workspace or was removed.", "team:manage", false, member_fields,
     member_example},
    {"user.registered", "An invited person made an account.", "team:manage", false, user_fields,
     R"({"user":"usr_9kQ2","email":"ada@example.com","name":"Ada","role":"developer","actor":"usr_9kQ2","sequence":4711})"},
    {"quota.reached", "The workspace was refused something because a quota of its tier is used up.",
     "settings:modify", false, quota_fields,
     R"({"quota":"records","tier":"free","limit":100000,"sequence":4711})"},
    {"webhook.test", "Somebody tries the webhook.", "webhook:manage", true, ping_fields,
     R"({"message":"This is a test","sequence":0})"}};

}  // namespace

std::span<const EventType> event_types() { return types; }

const EventType* find_event_type(std::string_view name) {
    const auto* const found = std::find_if(std::begin(types), std::end(types),
                                           [&](const EventType& type) { return type.name == name; });
    return found == std::end(types) ? nullptr : found;
}

bool covers(std::string_view pattern, std::string_view type) {
    if (pattern == "*") return true;
    if (pattern.ends_with(".*")) return type.starts_with(pattern.substr(0, pattern.size() - 1));
    return pattern == type;
}

bool any_covers(const std::vector<std::string>& patterns, std::string_view type) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return covers(pattern, type); });
}

std::string event_schema(const EventType& type) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("type").string("object");
    out.key("properties").begin_object();
    for (const EventField& field : type.fields) {
        out.key(field.name).begin_object().key("description").string(field.description).key("type");
        if (field.type == "object") {
            out.begin_array().string("object").string("null").end_array();
        } else {
            out.string(field.type);
        }
        if (field.type == "array") out.key("items").begin_object().key("type").string("string").end_object();
        out.end_object();
    }
    out.end_object().key("required").begin_array();
    for (const EventField& field : type.fields) {
        if (field.always) out.string(field.name);
    }
    out.end_array().end_object();
    return text;
}

}  // namespace credvault::webhooks
