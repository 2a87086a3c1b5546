// The pipeline's part that tells the audit log of calls.
#include "api/audit_trail.h"
#include "api/pipeline.h"
#include "api/quota_events.h"
#include "base/log.h"

namespace credvault::api {
namespace {

/// A question about the same path, asked by the server itself.
class InnerRequest final : public http::Request {
public:
    explicit InnerRequest(const http::Request& outer) {
        method = http::Method::Get;
        method_text = http::method_name(method);
        target = path = outer.path;
        remote_address = outer.remote_address;
        secure = outer.secure;
        started_ns = outer.started_ns;
    }
    Reply<std::string_view> body(std::size_t) override { return std::string_view(); }
    Reply<std::string_view> read_some() override { return std::string_view(); }
    bool disconnected() const override { return false; }
};

bool is_refusal(const Error& error) {
    const ErrorKind kind = error_kind(error.code);
    return kind == ErrorKind::Unauthorized || kind == ErrorKind::Forbidden;
}

}  // namespace

/// What stands at the call's path before it is changed, as the caller may see it; empty where it may not or nothing
/// does.
Reply<std::string> Pipeline::present_state(Call& call) {
    InnerRequest request(call.http());
    const CallHolder inner = begin(request);
    if (!router_.find(request.method, request.path, inner->route).ok()) co_return std::string();
    inner->principal = call.principal;
    const Endpoint& endpoint = *inner->route.endpoint;
    if (endpoint.paged() || !endpoint.enveloped() || !check_scope(*inner).ok()) co_return std::string();
    const Result<http::Response> answer = co_await endpoint.invoke(*inner);
    co_return answer.ok() ? image_of(*answer) : std::string();
}

/// A change that can't be written down is not tried.
Reply<http::Response> Pipeline::serve_change(Call& call) {
    access::AuditLog& audit = parts_.services.audit;
    call.audited = true;
    access::AuditEntry entry = entry_of(call);
    if (call.http().method != http::Method::Post) {
        CO_TRY(entry.before, co_await present_state(call));
    }
    CO_TRY(std::string id, co_await audit.begin(entry));
    Result<http::Response> result = co_await run(call);
    if (result.ok()) {
        ended(entry, *result);
        entry.after = image_of(*result);
    } else {
        ended(entry, result.error());
    }
    // It is done: an end that can't be written leaves the entry as one that was interrupted.
    if (const auto told = co_await audit.finish(std::move(id), std::move(entry)); !told.ok())
        log::error("the end of a change could not be written to the audit log",
                   {{"request_id", call.request_id()}, {"reason", told.error().message}});
    co_return result;
}

Reply<http::Response> Pipeline::serve_sign_in(Call& call) {
    Result<http::Response> result = co_await run(call);
    if (!result.ok()) co_return result;
    call.audited = true;
    access::AuditEntry entry = entry_of(call);
    ended(entry, *result);
    entry.after = image_of(*result);
    // Who was let in and can't be written down has not been told so yet.
    CO_TRY_VOID(co_await parts_.services.audit.add(std::move(entry)));
    co_return result;
}

/// Who is refused hears of it once webhooks are sure to.
Reply<void> Pipeline::tell_quota(Call& call, Error refusal) {
    std::string workspace(call.principal ? call.principal->workspace : call.subject.workspace);
    std::string operation(call.route.endpoint->info().id);
    const Status told = co_await parts_.services.quota_events.reached(
        std::move(workspace), std::move(operation), std::move(refusal));
    if (!told.ok())
        log::error("an event of a used up quota could not be written",
                   {{"request_id", call.request_id()}, {"reason", told.error().message}});
    co_return Status();
}

void Pipeline::note_end(Call& call, const http::Response* response, const Error* error) {
    if (call.audited || call.route.endpoint == nullptr) return;
    const OperationInfo& operation = call.route.endpoint->info();
    access::AuditLog& audit = parts_.services.audit;
    const bool wanted = error != nullptr && (is_refusal(*error) || trail_of(operation) == Trail::SignIn);
    if (!wanted && !notes_data(audit.data_access(), operation)) return;
    access::AuditEntry entry = entry_of(call);
    if (error != nullptr) {
        ended(entry, *error);
    } else {
        ended(entry, *response);
    }
    audit.note(std::move(entry));
}

}  // namespace credvault::api
