#include "api/endpoints.h"

namespace credvault::api {

const std::vector<const Endpoint*>& endpoints() {
    static const std::vector<const Endpoint*> all{
        &list_databases,
        &create_database,
        &get_database,
        &delete_database,
        &list_collections,
        &create_collection,
        &get_collection,
        &update_collection,
        &delete_collection,
        &list_indexes,
        &list_index_advice,
        &create_index,
        &get_index,
        &delete_index,
        &list_records,
        &insert_records,
        &get_record,
        &put_record,
        &patch_record,
        &delete_record,
        &update_records,
        &delete_records,
        &bulk_write,
        &run_transaction,
        &query_records,
        &count_records,
        &distinct_values,
        &explain_query,
        &aggregate_records,
        &aggregate_documents,
        &import_records,
        &export_records,
        &list_jobs,
        &get_job,
        &cancel_job,
        &list_audit_logs,
        &export_audit_logs,
        &verify_audit_logs,
        &get_limits,
        &update_limits,
        &get_usage,
        &get_health,
        &get_readiness,
        &get_metrics,
        &get_openapi,
        &list_changes,
        &list_database_changes,
        &validate_records,
    };
    return all;
}

}  // namespace credvault::api
