// The declaration of an endpoint: one constant per file in api/, listed in endpoints.h. It drives the router, the scope
// check, the limiter, decoding, encoding and the OpenAPI document. Constants, shared by all threads.
//
//     const Endpoint get_thing = Operation<GetThing, Resource<Thing>>{
//         .id = "getThing", .method = http::Method::Get, .path = "/v1/things/{name}", .tag = "Things",
//         .summary = "Get a thing", .scope = Scope::DatabaseRead, .rate = RateClass::Standard,
//         .errors = {ErrorCode::NOT_FOUND},
//         .run = [](Context& context, const GetThing& request) -> Reply<Resource<Thing>> { … }};
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "access/scope.h"
#include "api/answer.h"
#include "api/call.h"
#include "api/context.h"
#include "api/request_shape.h"
#include "base/reply.h"

namespace credvault::api {

using access::Requirement;
using access::Scope;

/// Which budget of the rate limits a call draws on.
enum class RateClass : std::uint8_t {
    Exempt,  ///< Probes and documents about the API.
    Standard,
    Scan,  ///< May read a whole collection.
    Training,
};

/// How a repeated call behaves.
enum class Idempotency : std::uint8_t {
    Natural,  ///< Safe, or the same when repeated: GET, PUT, DELETE …
    Keyed,    ///< Takes Idempotency-Key: the request has a field made by idempotency_key().
    None,     ///< A repeated call acts again.
};

/// A member that a declaration has to state: it has no default value, so leaving it out does not compile.
template <class T>
class Stated {
public:
    template <class U>
        requires std::is_convertible_v<U, T>
    constexpr Stated(U value) : value_(value) {}
    constexpr operator const T&() const { return value_; }
    constexpr const T* operator->() const { return &value_; }

private:
    T value_;
};

/// The declaration without its types.
struct OperationInfo {
    std::string_view id;  ///< camelCase, unique, stable: clients' code is generated from it.
    http::Method method;
    std::string_view path;  ///< With {name} for each path field.
    std::string_view tag;
    std::string_view summary;
    std::string_view description;
    Requirement scope;
    RateClass rate;
    Idempotency idempotency;
    std::vector<std::string_view> consumes;  ///< Media types of the body.
    std::size_t max_body_bytes;              ///< Zero: as configured.
    bool streams_body;                       ///< run reads the body itself.
    std::string_view produces;               ///< Media type of answers without an envelope.
    std::vector<std::string_view>
        streams;  ///< Media types of the answer as a stream, where Accept asks for one.
    std::vector<ErrorCode>
        errors;  ///< Its own; what the pipeline and the store may always say is not repeated.
};

template <class Request, class Response>
struct Operation {
    using Run = Reply<Response> (*)(Context&, const Request&);

    std::string_view id;
    http::Method method;
    std::string_view path;
    std::string_view tag;
    std::string_view summary;
    std::string_view description = {};
    Stated<Requirement> scope;
    Stated<RateClass> rate;
    Idempotency idempotency = Idempotency::Natural;
    std::vector<std::string_view> consumes = {"application/json"};
    std::size_t max_body_bytes = 0;
    bool streams_body = false;
    std::string_view produces = "application/json";
    std::vector<std::string_view> streams = {};
    std::vector<ErrorCode> errors = {};
    Run run;
};

/// An operation whatever its request and response types.
class Endpoint {
public:
    template <class Request, class Response>
    Endpoint(Operation<Request, Response> operation);

    const OperationInfo& info() const { return info_; }
    const RequestShape& request() const { return request_; }
    const std::vector<AnswerStatus>& statuses() const { return statuses_; }
    bool enveloped() const { return enveloped_; }
    bool paged() const { return paged_; }
    /// Writes the schema of `data`; nothing where there is no envelope.
    void response_schema(SchemaWriter& out) const { schema_(out); }

    /// Decodes, runs and encodes. The body, where there is one, has been read into the call.
    Reply<http::Response> invoke(Call& call) const { return invoke_(*this, call); }

private:
    template <class Request, class Response>
    static Reply<http::Response> invoke_typed(const Endpoint& self, Call& call);
    template <class Response>
    static Reply<http::Response> encode_later(Reply<Response> reply);
    template <class Response>
    static Result<http::Response> encode(Result<Response> result);

    OperationInfo info_;
    RequestShape request_;
    std::vector<AnswerStatus> statuses_;
    bool enveloped_;
    bool paged_;
    void (*schema_)(SchemaWriter&);
    Reply<http::Response> (*invoke_)(const Endpoint&, Call&);
    void (*run_)();  ///< Of the operation, its type erased.
};

template <class Request, class Response>
Endpoint::Endpoint(Operation<Request, Response> operation)
    : info_{operation.id,          operation.method,      operation.path,           operation.tag,
            operation.summary,     operation.description, operation.scope,          operation.rate,
            operation.idempotency, operation.consumes,    operation.max_body_bytes, operation.streams_body,
            operation.produces,    operation.streams,     operation.errors},
      request_(fields_of<Request>(), operation.path),
      statuses_(Answer<Response>::statuses()),
      enveloped_(Answer<Response>::enveloped),
      paged_(Answer<Response>::paged),
      schema_(&Answer<Response>::schema),
      invoke_(&invoke_typed<Request, Response>),
      run_(reinterpret_cast<void (*)()>(operation.run)) {}

template <class Request, class Response>
Reply<http::Response> Endpoint::invoke_typed(const Endpoint& self, Call& call) {
    Request& request = call.make_request<Request>();
    TRY_VOID(self.request_.decode(call, &request));
    const auto run = reinterpret_cast<typename Operation<Request, Response>::Run>(self.run_);
    Reply<Response> reply = run(call.context(), request);
    if (reply.ready()) return encode(reply.take());
    return encode_later(std::move(reply));
}

template <class Response>
Reply<http::Response> Endpoint::encode_later(Reply<Response> reply) {
    Result<Response> result = co_await std::move(reply);
    co_return encode(std::move(result));
}

template <class Response>
Result<http::Response> Endpoint::encode(Result<Response> result) {
    if (!result.ok()) return std::move(result).error();
    http::Response response;
    Answer<Response>::encode(response, std::move(result).value());
    return response;
}

}  // namespace credvault::api
