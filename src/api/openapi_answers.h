// The answers of operations in the OpenAPI document: what each status brings along, and what every failure looks like.
// One writer, one document, one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/schema.h"

namespace credvault::api {

class OpenApiAnswers {
public:
    explicit OpenApiAnswers(SchemaWriter& schemas) : schemas_(schemas) {}

    /// The value of an operation's `responses`. Failures are references to responses(), which many operations share.
    /// Links lead from what an operation makes to those of `all` that work on it.
    void write(const Endpoint& endpoint, const std::vector<const Endpoint*>& all);
    /// The members of `components` that write() refers to: `headers` and `responses`. Call after the last write().
    void components();

    static bool may_answer(const Endpoint& endpoint, int status);

private:
    struct Failure {
        int status = 0;
        std::set<std::string_view> codes;
        bool limited = false;  ///< Has the fields of rate limits.
    };

    json::Writer& out() { return schemas_.out(); }
    void success(const Endpoint& endpoint, const AnswerStatus& status,
                 const std::vector<const Endpoint*>& all);
    void content(const Endpoint& endpoint, int status);
    void enveloped(const Endpoint& endpoint);
    void failure(const Failure& failure);
    void shared_fields(bool limited);
    void reference(std::string_view name);
    void response_field(std::string_view name, std::string_view description);

    SchemaWriter& schemas_;
    std::map<std::string, Failure> failures_;
};

}  // namespace credvault::api
