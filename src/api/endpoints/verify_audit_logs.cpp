#include "access/audit_log.h"
#include "api/endpoints.h"
#include "api/endpoints/audit_shapes.h"

namespace credvault::api {
namespace {

struct VerifyAuditLogs {
    static Fields fields() { return {}; }
};

Reply<Resource<AuditVerificationShape>> run(Context& context, const VerifyAuditLogs&) {
    CO_TRY(access::AuditVerification seen,
           co_await context.services.audit.verify(std::string(context.workspace())));
    AuditVerificationShape shape;
    shape.sound = seen.problems.empty();
    shape.entries = static_cast<std::int64_t>(seen.entries);
    shape.problems = std::move(seen.problems);
    co_return Resource<AuditVerificationShape>{std::move(shape)};
}

}  // namespace

const Endpoint verify_audit_logs = Operation<VerifyAuditLogs, Resource<AuditVerificationShape>>{
    .id = "verifyAuditLogs",
    .method = http::Method::Get,
    .path = "/v1/audit-logs/verification",
    .tag = "Audit log",
    .summary = "Verify the audit log",
    .description = "Recomputes the chain of hashes over all entries that are kept.",
    .scope = Scope::LogsRead,
    .rate = RateClass::Scan,
    .errors = {ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
