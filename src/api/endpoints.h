// Every endpoint, by name. An endpoint is a constant in a file of its own; declare it here and list it in
// endpoints.cpp, and the router, the OpenAPI document and the counters know it.
#pragma once

#include <vector>

#include "api/operation.h"

namespace credvault::api {

// Databases, collections and indexes.
extern const Endpoint list_databases;
extern const Endpoint create_database;
extern const Endpoint get_database;
extern const Endpoint delete_database;
extern const Endpoint list_collections;
extern const Endpoint create_collection;
extern const Endpoint get_collection;
extern const Endpoint update_collection;
extern const Endpoint delete_collection;
extern const Endpoint list_index_advice;
extern const Endpoint list_indexes;
extern const Endpoint create_index;
extern const Endpoint get_index;
extern const Endpoint delete_index;

// Records and queries.
extern const Endpoint list_records;
extern const Endpoint insert_records;
extern const Endpoint get_record;
extern const Endpoint put_record;
extern const Endpoint patch_record;
extern const Endpoint delete_record;
extern const Endpoint update_records;
extern const Endpoint delete_records;
extern const Endpoint bulk_write;
extern const Endpoint run_transaction;
extern const Endpoint query_records;
extern const Endpoint count_records;
extern const Endpoint distinct_values;
extern const Endpoint validate_records;
extern const Endpoint explain_query;
extern const Endpoint aggregate_records;
extern const Endpoint aggregate_documents;

// Import and export.
extern const Endpoint import_records;
extern const Endpoint export_records;

// Jobs.
extern const Endpoint list_jobs;
extern const Endpoint get_job;
extern const Endpoint cancel_job;

// Audit log.
extern const Endpoint list_audit_logs;
extern const Endpoint export_audit_logs;
extern const Endpoint verify_audit_logs;

// API keys.
extern const Endpoint list_api_keys;
extern const Endpoint create_api_key;
extern const Endpoint get_api_key;
extern const Endpoint update_api_key;
extern const Endpoint delete_api_key;
extern const Endpoint rotate_api_key;
extern const Endpoint revoke_api_key;

// Data rules of roles.
extern const Endpoint list_data_rules;
extern const Endpoint create_data_rule;
extern const Endpoint get_data_rule;
extern const Endpoint update_data_rule;
extern const Endpoint delete_data_rule;

// Changes.
extern const Endpoint list_changes;
extern const Endpoint list_database_changes;

// Users and sessions.
extern const Endpoint get_setup;
extern const Endpoint set_up;
extern const Endpoint log_in;
extern const Endpoint refresh_session;
extern const Endpoint log_out;
extern const Endpoint get_me;
extern const Endpoint update_me;
extern const Endpoint change_password;
extern const Endpoint request_reset;
extern const Endpoint confirm_reset;
extern const Endpoint list_sessions;
extern const Endpoint end_session;
extern const Endpoint enrol_totp;
extern const Endpoint confirm_totp;
extern const Endpoint disable_totp;
extern const Endpoint renew_recovery_codes;

// Workspaces, members, invitations.
extern const Endpoint list_workspaces;
extern const Endpoint create_workspace;
extern const Endpoint get_workspace;
extern const Endpoint update_workspace;
extern const Endpoint delete_workspace;
extern const Endpoint switch_workspace;
extern const Endpoint leave_workspace;
extern const Endpoint list_members;
extern const Endpoint get_member;
extern const Endpoint update_member;
extern const Endpoint remove_member;
extern const Endpoint create_invitation;
extern const Endpoint list_invitations;
extern const Endpoint get_invitation;
extern const Endpoint revoke_invitation;
extern const Endpoint accept_invitation;

// Webhooks.
extern const Endpoint list_webhooks;
extern const Endpoint create_webhook;
extern const Endpoint list_webhook_events;
extern const Endpoint preview_webhook;
extern const Endpoint get_webhook;
extern const Endpoint update_webhook;
extern const Endpoint delete_webhook;
extern const Endpoint rotate_webhook;
extern const Endpoint pause_webhook;
extern const Endpoint resume_webhook;
extern const Endpoint test_webhook;
extern const Endpoint replay_webhook;
extern const Endpoint get_webhook_statistics;
extern const Endpoint list_deliveries;
extern const Endpoint get_delivery;
extern const Endpoint redeliver;

// Limits and use.
extern const Endpoint get_limits;
extern const Endpoint update_limits;
extern const Endpoint get_usage;

// Operations.
extern const Endpoint get_health;
extern const Endpoint get_readiness;
extern const Endpoint get_metrics;
extern const Endpoint get_openapi;

/// In the order of the OpenAPI document.
const std::vector<const Endpoint*>& endpoints();

}  // namespace credvault::api
