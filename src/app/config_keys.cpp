// The table of configuration keys (config.h).
#include <array>

#include "app/config.h"

namespace credvault::app {
namespace {

using Keys = std::vector<ConfigKey>;

void add_server(Keys& keys, Config& c) {
    keys.push_back({"server", "listen", &c.listen, "HOST:PORT to listen on; [HOST]:PORT for IPv6."});
    keys.push_back(
        {"server", "metrics_listen", &c.metrics_listen,
         "HOST:PORT of a listener that serves /metrics, /healthz and /readyz without a key; empty: none."});
    keys.push_back({"server", "threads", &c.threads, "I/O threads; 0: one per core.", 0, 1024});
    keys.push_back({"server", "pool_threads", &c.pool_threads, "Threads that parse large bodies.", 1, 256});
    keys.push_back({"server", "cors_origins", &c.pipeline.cors_origins,
                    "Origins whose pages may call the API; \"*\" for all."});
    keys.push_back({"server", "trusted_proxies", &c.pipeline.trusted_proxies,
                    "Address ranges of proxies whose word on where a call comes from counts."});
    keys.push_back({"server",
                    "forwarded_header",
                    &c.pipeline.forwarded_header,
                    "The field in which they say it.",
                    0,
                    0,
                    {"X-Forwarded-For", "Forwarded"}});
    keys.push_back({"server", "shutdown_ms", &c.limits.shutdown_ms,
                    "How long requests in flight have to finish after SIGTERM, in milliseconds.", 0,
                    600'000});
    keys.push_back({"tls", "certificate_chain", &c.tls.certificate_chain,
                    "PEM file; with private_key it turns TLS on. SIGHUP reads both again."});
    keys.push_back({"tls", "private_key", &c.tls.private_key, "PEM file."});
    keys.push_back({"log",
                    "level",
                    &c.log_level,
                    "Lines below it are not made.",
                    0,
                    0,
                    {"debug", "info", "warning", "error", "off"}});
    keys.push_back(
        {"log", "format", &c.log_format, "Of the program's log on standard error.", 0, 0, {"text", "json"}});
    keys.push_back(
        {"log", "access", &c.access_log,
         "Where a JSON line per request goes: \"stdout\", \"off\" or a file, which SIGHUP opens anew."});
}

void add_api(Keys& keys, Config& c) {
    keys.push_back(
        {"api", "servers", &c.api_servers,
         "Where the API is reached (\"https://eu.example.com\"): regions, domains of your own. The OpenAPI "
         "document and the explorer offer them; none: the address that was asked."});
}

void add_limits(Keys& keys, Config& c) {
    const auto add = [&](const char* name, ConfigKey::Target target, const char* says, std::int64_t min,
                         std::int64_t max) {
        keys.push_back({"limits", name, target, says, min, max});
    };
    constexpr std::int64_t gib = std::int64_t{1} << 30;
    add("header_bytes", &c.limits.header_bytes, "Of a request's head.", 1024, 1 << 20);
    add("header_fields", &c.limits.header_fields, "Fields of a request's head.", 8, 10'000);
    add("target_bytes", &c.limits.target_bytes, "Of a request's target.", 256, 1 << 20);
    add("body_bytes", &c.limits.body_bytes, "Of a request's body.", 1024, gib);
    add("body_memory_bytes", &c.limits.body_memory_bytes,
        "Of all bodies being received together; one that does not fit gets 503.", 1 << 20, 1024 * gib);
    add("header_ms", &c.limits.header_ms, "From a request's first byte to its whole head.", 100, 600'000);
    add("idle_ms", &c.limits.idle_ms, "Between two requests of a connection.", 100, 3'600'000);
    add("body_grace_ms", &c.limits.body_grace_ms, "Before a body must have the least rate.", 100, 600'000);
    add("least_body_rate", &c.limits.least_body_rate, "Bytes a second that a body must bring.", 0, gib);
    add("write_ms", &c.limits.write_ms, "How long a client may take nothing of a response.", 100, 3'600'000);
    add("connections", &c.limits.connections, "Open at once, in all.", 1, 1'000'000);
    add("connections_per_address", &c.limits.connections_per_address, "Open at once, from one address.", 1,
        1'000'000);
    add("pipelined", &c.limits.pipelined, "Responses gathered into one send at most.", 1, 1024);
    add("compress_from", &c.limits.compress_from, "Bodies of so many bytes are compressed.", 64, gib);
    add("pool_body_bytes", &c.pipeline.pool_body_bytes, "Larger bodies are parsed by the pool.", 1024, gib);
}

void add_queries(Keys& keys, Config& c) {
    const auto add = [&](const char* name, ConfigKey::Target target, const char* says, std::int64_t min,
                         std::int64_t max) {
        keys.push_back({"queries", name, target, says, min, max});
    };
    constexpr std::int64_t gib = std::int64_t{1} << 30;
    add("timeout_ms", &c.queries.timeout_ms, "For a query that names no timeout of its own.", 1, 3'600'000);
    add("max_timeout_ms", &c.queries.max_timeout_ms, "The longest timeout that a query may name.", 1,
        3'600'000);
    add("memory_bytes", &c.queries.memory_bytes, "For sorting and collecting, per query.", 64 * 1024,
        64 * gib);
    add("spill_bytes", &c.queries.spill_bytes,
        "Temporary files of one query, for sorts and groups that need more than memory_bytes; 0: none.", 0,
        1024 * gib);
    keys.push_back({"queries", "threads", &c.pipeline_threads,
                    "Threads that run pipelines where they do more than the store's scans.", 1, 256});
    add("page_bytes", &c.queries.page_bytes, "A page of a list ends at this size.", 1024, gib);
    add("pipeline_stages", &c.query_limits.pipeline.max_stages,
        "Of one pipeline, those of pipelines in it among them.", 1, 100'000);
    add("pipeline_depth", &c.query_limits.pipeline.max_depth, "Of pipelines in pipelines.", 1, 20);
    add("expression_depth", &c.query_limits.expression.max_depth, "Levels of one expression.", 1, 100);
    add("expression_nodes", &c.query_limits.expression.max_nodes,
        "Operators, paths and values of one expression.", 1, 10'000'000);
    add("expression_bytes", &c.query_limits.expression.max_bytes, "Of one expression's text.", 16, gib);
    add("expression_work", &c.query_limits.evaluation.max_work,
        "Steps that one expression may take on one document: operators, elements, blocks of bytes.", 100,
        std::int64_t{1} << 50);
    add("expression_memory_bytes", &c.query_limits.evaluation.max_memory,
        "Of the values that one expression builds on one document.", 1024, 64 * gib);
    add("value_depth", &c.query_limits.evaluation.max_depth, "Levels of a value that an expression builds.",
        1, 200);
    add("slow_ms", &c.query_log.slow_ms, "Queries that take longer go to the log; 0: none.", 0, 3'600'000);
    add("wasteful_rows", &c.query_log.wasteful_rows,
        "Queries that look at so many records, and at ten times as many as they give, make index advice.", 1,
        1'000'000'000);
    add("max_advice", &c.query_log.max_advice, "Indexes that advice is kept of.", 1, 1'000'000);
}

void add_updates(Keys& keys, Config& c) {
    const auto add = [&](const char* name, ConfigKey::Target target, const char* says, std::int64_t max) {
        keys.push_back({"updates", name, target, says, 1, max});
    };
    add("max_matched", &c.updates.max_matched,
        "Records that one update or delete by filter changes in one go; more are a job.", 10'000);
    add("max_examined", &c.updates.max_examined,
        "Records that the operations of a bulk or transaction may look at together to find theirs.",
        10'000'000);
}

void add_identity(Keys& keys, Config& c) {
    const auto add = [&](const char* name, ConfigKey::Target target, const char* says, std::int64_t min,
                         std::int64_t max) {
        keys.push_back({"identity", name, target, says, min, max});
    };
    constexpr std::int64_t day_ms = 86'400'000;
    access::IdentitySettings& i = c.identity;
    keys.push_back({"identity", "public_url", &i.public_url,
                    "Where people reach the dashboard, for links in mails; without a slash at the end."});
    add("password_memory_kib", &i.passwords.memory_kib, "Memory of one Argon2id hash, in KiB.", 8, 4 << 20);
    add("password_passes", &i.passwords.passes, "Passes of Argon2id over it.", 1, 100);
    add("password_threads", &i.passwords.threads, "Passwords hashed at once.", 1, 64);
    add("max_queued_passwords", &i.passwords.max_queued, "Waiting hashes; beyond it 503.", 1, 10'000);
    add("access_ms", &i.sessions.access_ms, "Life of an access token.", 1'000, 7 * day_ms);
    add("refresh_ms", &i.sessions.refresh_ms, "Life of a refresh token, and so of a session that rests.",
        1'000, 400 * day_ms);
    add("refresh_retry_ms", &i.sessions.retry_ms,
        "How long a refresh token may be used again by a client that lost the answer.", 0, 600'000);
    add("max_sessions", &i.sessions.max_per_user, "Per user; beyond it the oldest one ends.", 1, 10'000);
    add("reset_ms", &i.reset_ms, "Life of a code that resets a password.", 1'000, 7 * day_ms);
    add("invitation_ms", &i.invitation_ms, "Life of an invitation that names no other.", 1'000, 30 * day_ms);
    add("max_invitations", &i.max_invitations, "Open ones of a workspace.", 1, 1'000'000);
    add("max_workspaces", &i.max_workspaces, "That a user may belong to when he makes another.", 1, 100'000);
    add("account_attempts", &i.sign_in.accounts.free_attempts,
        "Failed sign-ins in a row to one account before the first wait.", 1, 1'000'000);
    add("address_attempts", &i.sign_in.address_attempts,
        "Failed sign-ins in a row from one address before the first wait.", 1, 1'000'000);
    keys.push_back({"identity", "first_wait_ms", &i.sign_in.accounts.first_wait_ms,
                    "The first wait after too many failures; each further one doubles it.", 1, 600'000});
    keys.push_back(
        {"identity", "longest_wait_ms", &i.sign_in.accounts.longest_wait_ms, "The longest wait.", 1, day_ms});
}

void add_mail(Keys& keys, Config& c) {
    access::OutboxSettings& o = c.identity.outbox;
    keys.push_back({"mail", "smtp_url", &o.smtp.url,
                    "\"smtp://HOST:587\" (STARTTLS) or \"smtps://HOST:465\"; empty: no mail is sent."});
    keys.push_back({"mail", "user", &o.smtp.user, "For signing in to the mail server; empty: without."});
    keys.push_back(
        {"mail", "password_file", &o.smtp.password_file, "A file whose first line is the password."});
    keys.push_back({"mail", "from", &o.smtp.from, "The sender's address; needed with smtp_url."});
    keys.push_back({"mail", "ca_file", &o.smtp.ca_file,
                    "PEM file of authorities for the server's certificate; empty: the system's."});
    keys.push_back(
        {"mail", "require_tls", &o.smtp.require_tls,
         "Send only over TLS with a valid certificate. Turn it off for a server on this machine only."});
    keys.push_back({"mail", "timeout_ms", &o.smtp.timeout_ms, "For sending one mail.", 100, 600'000});
    keys.push_back({"mail", "retry_ms", &o.first_wait_ms,
                    "After the first failure; each further one doubles it, up to an hour.", 10, 3'600'000});
    keys.push_back({"mail", "give_up_ms", &o.give_up_ms,
                    "A mail that could not be sent for so long is dropped.", 1'000,
                    std::int64_t{30} * 86'400'000});
}

void add_jobs(Keys& keys, Config& c) {
    keys.push_back({"jobs", "threads", &c.jobs.threads, "Jobs that run at once.", 1, 64});
    keys.push_back({"jobs", "max_queued", &c.jobs.max_queued, "Waiting jobs; beyond it 503.", 1, 1'000'000});
    keys.push_back({"jobs", "keep_ms", &c.jobs.keep_ms, "Jobs that ended are removed after so long.", 1'000,
                    std::int64_t{10} * 365 * 86'400'000});
    keys.push_back(
        {"jobs", "report_ms", &c.jobs.report_ms, "Between two writes of a job's progress.", 10, 600'000});
}

void add_audit(Keys& keys, Config& c) {
    constexpr std::int64_t day_ms = 86'400'000;
    keys.push_back({"audit", "keep_ms", &c.audit.keep_ms,
                    "How long entries of the audit log are kept; 0: for ever.", 0, 100 * 366 * day_ms});
    keys.push_back({"audit", "upkeep_ms", &c.audit.upkeep_ms,
                    "Between two looks for entries that are too old.", 100, day_ms});
    keys.push_back({"audit",
                    "data_access",
                    &c.audit.data_access,
                    "Which calls on records are noted too.",
                    0,
                    0,
                    {"off", "writes", "all"}});
    keys.push_back({"audit", "max_notes", &c.audit.max_notes,
                    "Refusals and calls on records that wait to be written; beyond it they are only counted.",
                    10, 1'000'000});
    keys.push_back({"audit", "refusals_per_minute", &c.audit.refusals_per_minute,
                    "Different refusals that are noted in a minute; beyond it they are only counted.", 1,
                    1'000'000});
}

void add_changes(Keys& keys, Config& c) {
    const auto add = [&](const char* name, ConfigKey::Target target, const char* says, std::int64_t min,
                         std::int64_t max) {
        keys.push_back({"changes", name, target, says, min, max});
    };
    constexpr std::int64_t gib = std::int64_t{1} << 30;
    constexpr std::int64_t year_ms = std::int64_t{366} * 86'400'000;
    storage::SqliteOptions& s = c.storage;
    add("kept_rows", &s.max_changes, "Changes that a database keeps.", 1, 1'000'000'000);
    add("kept_bytes", &s.max_change_bytes, "The same in bytes, images included.", 1 << 20, 4096 * gib);
    add("kept_ms", &s.max_change_age_ms,
        "How long changes are kept, in milliseconds; 0: as long as they fit.", 0, 10 * year_ms);
    add("held_rows", &s.held_changes, "Changes that are kept while a stream has not had them.", 1,
        1'000'000'000);
    add("held_bytes", &s.held_change_bytes, "The same in bytes.", 1 << 20, 4096 * gib);
    add("heartbeat_ms", &c.changes.heartbeat_ms, "How often a stream without changes shows that it lives.",
        100, 600'000);
    add("buffer_bytes", &c.changes.buffer_bytes,
        "Of the newest changes held in memory, per database that is listened to.", 64 * 1024, 64 * gib);
    add("max_record_bytes", &c.changes.max_record_bytes, "Streams leave larger records out.", 1024, 16 << 20);
    add("max_listeners", &c.changes.max_listeners, "Streams in all; beyond it 503.", 1, 1'000'000);
}

void add_transfers(Keys& keys, Config& c) {
    const auto add = [&](const char* name, ConfigKey::Target target, const char* says, std::int64_t max) {
        keys.push_back({"transfers", name, target, says, 1, max});
    };
    add("imports", &c.transfers.imports, "Streamed imports at once; beyond it 503.", 10'000);
    add("exports", &c.transfers.exports, "Exports at once; beyond it 503.", 10'000);
    add("max_expansion", &c.transfers.max_expansion,
        "Bytes that a compressed import may have for each byte sent.", 100'000);
    add("spool_bytes", &c.transfers.spool_bytes, "The data of imports that wait for their jobs, together.",
        std::int64_t{1} << 50);
}

void add_storage(Keys& keys, Config& c) {
    const auto add = [&](const char* name, ConfigKey::Target target, const char* says, std::int64_t min,
                         std::int64_t max) {
        keys.push_back({"storage", name, target, says, min, max});
    };
    constexpr std::int64_t gib = std::int64_t{1} << 30;
    storage::SqliteOptions& s = c.storage;
    add("worker_threads", &s.worker_threads, "For scans, sorts and counts.", 1, 256);
    add("writer_threads", &s.writer_threads, "Each writes to one database at a time.", 1, 256);
    add("max_queued_reads", &s.max_queued_reads, "Waiting scans; beyond it 503.", 1, 1'000'000);
    add("inline_rows", &s.inline_rows, "Records that a query looks at before a worker goes on.", 1,
        1'000'000);
    add("inline_bytes", &s.inline_bytes, "The same in bytes.", 1024, gib);
    add("slice_rows", &s.slice_rows, "Records that a scan looks at in one read transaction.", 1, 10'000'000);
    add("slice_ms", &s.slice_ms, "Milliseconds of one read transaction of a scan.", 1, 10'000);
    add("max_queued_batches", &s.max_queued_batches, "Waiting writes of a database; beyond it 503.", 1,
        10'000'000);
    add("max_queued_bytes", &s.max_queued_bytes, "The same in bytes.", 1 << 20, 64 * gib);
    add("group_operations", &s.group_operations, "Operations that one commit gathers at most.", 1, 1'000'000);
    add("group_bytes", &s.group_bytes, "The same in bytes.", 1024, gib);
    add("group_ms", &s.group_ms, "The same in milliseconds.", 1, 10'000);
    add("chunk_ms", &s.chunk_ms, "One step of background work.", 1, 10'000);
    add("instant_index_records", &s.instant_index_records,
        "Indexes of smaller collections are ready at once.", 0, 1'000'000);
    add("max_collections", &s.max_collections, "Per database.", 1, 1'000'000);
    add("max_indexes", &s.max_indexes, "Per collection.", 1, 1024);
    add("max_open_databases", &s.max_open_databases, "The least recently used one is closed beyond it.", 2,
        100'000);
    add("idle_close_ms", &s.idle_close_ms, "An unused database is closed after so long.", 1'000, 86'400'000);
    add("cache_bytes", &s.cache_bytes, "Page caches of all readers together.", 1 << 20, 64 * gib);
    add("record_cache_bytes", &s.record_cache_bytes,
        "Records read by id lately, those up to 16 KiB; filled as they are read. Below 64 KiB: none.", 0,
        64 * gib);
    add("place_cache_bytes", &s.place_cache_bytes,
        "Remembering where records lie, 16 bytes each; filled as they are read and written. 0: not at all.",
        0, 64 * gib);
    add("checkpoint_bytes", &s.checkpoint_bytes, "A write-ahead log of this size is checkpointed.", 64 * 1024,
        gib);
    add("max_log_bytes", &s.max_log_bytes, "Commits wait for a checkpoint beyond it.", 1 << 20, 64 * gib);
    add("upkeep_ms", &s.upkeep_ms, "Between two looks at what can be removed from a database.", 20,
        3'600'000);
    add("ttl_ms", &s.ttl_ms, "Between two looks for records that have expired.", 20, 3'600'000);
    keys.push_back({"storage", "secure_delete", &s.secure_delete, "Overwrite what is deleted with zeros."});
}

void add_access(Keys& keys, Config& c) {
    keys.push_back({"access",
                    "default_tier",
                    &c.tiers.default_tier,
                    "Of new workspaces.",
                    0,
                    0,
                    {access::tier_names.begin(), access::tier_names.end()}});
    const auto add = [&](const char* name, ConfigKey::Target target, const char* says, std::int64_t min,
                         std::int64_t max) {
        keys.push_back({"access", name, target, says, min, max});
    };
    add("address_requests", &c.addresses.requests,
        "Requests without a valid credential that pass from one address per window; 0: any number.", 0,
        1'000'000'000);
    add("address_window_s", &c.addresses.window_s, "That window, in seconds.", 1, 86'400);
    add("address_burst", &c.addresses.burst, "How many of them may come at once.", 1, 1'000'000'000);
    add("addresses", &c.addresses.addresses, "Addresses that are counted at once.", 64, 10'000'000);
    add("usage_flush_ms", &c.usage.flush_ms,
        "Between two writes of what was used; a crash loses what came since.", 100, 600'000);
    add("usage_keep_days", &c.usage.keep_days, "How long usage by day is kept.", 1, 3'650);
    add("usage_keep_hours", &c.usage.keep_hours, "How many hours usage by the hour is kept.", 24, 8'760);
}

void add_outgoing(Keys& keys, Config& c) {
    const auto add = [&](const char* name, ConfigKey::Target target, const char* says, std::int64_t min,
                         std::int64_t max) {
        keys.push_back({"outgoing", name, target, says, min, max});
    };
    keys.push_back(
        {"outgoing", "allowed_addresses", &c.outgoing.allowed_addresses,
         "Address ranges that may be called for users though they are not of the public internet."});
    keys.push_back({"outgoing", "ca_file", &c.outgoing.ca_file,
                    "PEM file of authorities for the certificates of those called; empty: the system's."});
    add("connect_ms", &c.outgoing.connect_ms, "For connecting.", 10, 600'000);
    add("timeout_ms", &c.outgoing.timeout_ms, "For a whole call.", 10, 600'000);
    add("max_response_bytes", &c.outgoing.max_response_bytes, "Read of an answer at most.", 1024, 64 << 20);
    add("max_in_flight", &c.outgoing.max_in_flight, "Calls at once; more wait.", 1, 100'000);
}

void add_webhooks(Keys& keys, Config& c) {
    const auto add = [&](const char* name, ConfigKey::Target target, const char* says, std::int64_t min,
                         std::int64_t max) {
        keys.push_back({"webhooks", name, target, says, min, max});
    };
    constexpr std::int64_t day_ms = 86'400'000;
    constexpr std::int64_t gib = std::int64_t{1} << 30;
    webhooks::DispatchSettings& w = c.webhooks;
    add("timeout_ms", &w.timeout_ms, "For one attempt; at most outgoing.timeout_ms.", 10, 600'000);
    add("give_up_ms", &w.give_up_ms, "A webhook that fails for so long is paused.", 1'000, 365 * day_ms);
    add("keep_ms", &w.keep_ms, "How long deliveries are kept.", 1'000, 10 * 365 * day_ms);
    add("write_ms", &w.write_ms, "Between two writes of results; a crash repeats what came since.", 1,
        60'000);
    add("max_record_bytes", &w.max_record_bytes, "Payloads leave larger records out.", 1024, 8 << 20);
    add("window_messages", &w.limits.window_messages, "Events of one webhook that are read ahead.", 1,
        1'000'000);
    add("window_bytes", &w.limits.window_bytes, "The same in bytes.", 1024, gib);
    add("retry_permille", &w.limits.retry_permille,
        "Waits between two attempts, in thousandths of those that are documented.", 0, 10'000);
    add("max_held", &w.limits.max_held,
        "Events of one webhook that wait in the store behind one that failed; beyond it nothing more is "
        "read.",
        1, 10'000'000);
}

void add_tier(Keys& keys, std::string_view name, access::TierSettings& tier) {
    const std::string section = "tiers." + std::string(name);
    constexpr std::int64_t many = 1'000'000'000;
    const auto add = [&](std::string key, std::int64_t& target, const char* says, std::int64_t min,
                         std::int64_t max) {
        keys.push_back({section, std::move(key), &target, says, min, max});
    };
    add("window_s", tier.window_s, "The window of the tier's requests, in seconds.", 1, 86'400);
    constexpr std::array<const char*, access::call_classes> prefixes{"", "scan_", "training_"};
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
        const std::string prefix = prefixes[i];
        access::TierSettings::Requests& of = tier.requests[i];
        add(prefix + "requests", of.requests, "Per window and key or user; 0: any number.", 0, many);
        add(prefix + "burst", of.burst, "How many of them may come at once.", 1, many);
        add("workspace_" + prefix + "requests", of.workspace_requests,
            "Per window and workspace; 0: any number.", 0, many);
        add("workspace_" + prefix + "burst", of.workspace_burst, "How many of them may come at once.", 1,
            many);
    }
    add("concurrency", tier.concurrency, "Calls in flight per workspace, streams included; 0: any number.", 0,
        many);
    add("records", tier.records, "Records of all the workspace's databases; 0: any number.", 0,
        std::int64_t{1} << 50);
    add("storage_bytes", tier.storage_bytes, "Bytes of their JSON text; 0: any number.", 0,
        std::int64_t{1} << 60);
    // So many can still be counted within one write.
    constexpr std::int64_t countable = 10'000;
    add("keys", tier.counted[0], "API keys of the workspace; 0: any number.", 0, countable);
    add("members", tier.counted[1], "Members of the workspace; 0: any number.", 0, countable);
    add("webhooks", tier.counted[2], "Webhooks of the workspace; 0: any number.", 0, countable);
}

}  // namespace

std::vector<ConfigKey> config_keys(Config& config) {
    Keys keys;
    add_server(keys, config);
    add_api(keys, config);
    add_limits(keys, config);
    add_queries(keys, config);
    add_updates(keys, config);
    add_identity(keys, config);
    add_mail(keys, config);
    add_jobs(keys, config);
    add_changes(keys, config);
    add_audit(keys, config);
    add_transfers(keys, config);
    add_storage(keys, config);
    add_access(keys, config);
    add_outgoing(keys, config);
    add_webhooks(keys, config);
    for (std::size_t i = 0; i < access::tier_names.size(); ++i)
        add_tier(keys, access::tier_names[i], config.tiers.tiers[i]);
    return keys;
}

}  // namespace credvault::app
