// How entries of the audit log look in answers, for the OpenAPI document (as shapes.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/codecs.h"

namespace credvault::api {

struct AuditEntryShape {
    std::optional<std::string> id;
    std::optional<std::int64_t> seq;
    std::optional<std::string> at;
    std::optional<std::string> action;
    std::optional<std::string> outcome;
    std::optional<std::string> actor;
    std::optional<std::string> actor_kind;
    std::optional<std::string> session;
    std::optional<std::string> address;
    std::optional<std::string> request_id;
    std::optional<std::string> target;
    std::optional<std::int64_t> status;
    std::optional<std::string> code;
    std::optional<std::int64_t> count;
    std::optional<Raw<AnyJson>> before;
    std::optional<Raw<AnyJson>> after;
    std::optional<std::string> prev;
    std::optional<std::string> hash;

    static constexpr std::string_view schema_name = "AuditEntry";
    static Fields fields() {
        using S = AuditEntryShape;
        return {
            body(&S::id, "id", {.description = "Its id.", .example = "aud_01JBV3M6Q4Z0X8T5D2N7K9W1RA"}),
            body(&S::seq, "seq",
                 {.description = "Its number in the workspace's log, from 1, without gaps.",
                  .example = "42",
                  .min = 1}),
            body(&S::at, "at", {.description = "When it happened.", .example = "2026-01-31T12:00:00.000Z"}),
            body(&S::action, "action",
                 {.description = "What was called: an operation's id.", .example = "createDatabase"}),
            body(&S::outcome, "outcome",
                 {.description = "`success`, `refused`, `failed`, or `interrupted` by the server's end: then "
                                 "it may have happened.",
                  .example = "success"}),
            body(&S::actor, "actor", {.description = "The id of the key or user.", .example = "key_4f7Qd2"}),
            body(&S::actor_kind, "actor_kind", {.description = "`key`, `user` or `none`.", .example = "key"}),
            body(&S::session, "session", {.description = "Of a user.", .example = "ses_4f7Qd2"}),
            body(&S::address, "address", {.description = "Where it came from.", .example = "192.0.2.7"}),
            body(&S::request_id, "request_id",
                 {.description = "The call's `X-Request-Id`.", .example = "req_4f7Qd2"}),
            body(&S::target, "target", {.description = "The path.", .example = "/v1/databases"}),
            body(&S::status, "status", {.description = "Of the answer.", .example = "201"}),
            body(&S::code, "code", {.description = "Of the error.", .example = "FORBIDDEN"}),
            body(&S::count, "count",
                 {.description = "How many like ones were joined, where there was more than one.",
                  .example = "17",
                  .min = 1}),
            body(&S::before, "before", {.description = "The resource as it was, without secrets."}),
            body(&S::after, "after", {.description = "What was answered, without secrets."}),
            body(&S::prev, "prev",
                 {.description = "The hash of the entry before.",
                  .example = "0000000000000000000000000000000000000000000000000000000000000000"}),
            body(&S::hash, "hash",
                 {.description = "BLAKE2b-256 over `prev` and the entry.",
                  .example = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"})};
    }
};

struct AuditVerificationShape {
    bool sound = false;
    std::int64_t entries = 0;
    std::vector<std::string> problems;

    static constexpr std::string_view schema_name = "AuditVerification";
    static Fields fields() {
        using S = AuditVerificationShape;
        return {
            body(&S::sound, "sound", {.description = "Whether no entry was changed, left out or put in."}),
            body(&S::entries, "entries", {.description = "Entries seen.", .example = "137", .min = 0}),
            body(&S::problems, "problems", {.description = "What is wrong, for people."})};
    }
};

}  // namespace credvault::api
