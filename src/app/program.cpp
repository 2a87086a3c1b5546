#include "app/program.h"

#include <utility>

#include "api/openapi.h"
#include "app/change_job.h"
#include "app/import_job.h"
#include "app/index_job.h"
#include "app/workspace_job.h"
#include "base/log.h"

namespace credvault::app {
namespace {

std::unique_ptr<api::AccessLog> make_access_log(const Config& config, LogFile& file) {
    if (config.access_log == "off") return nullptr;
    return std::make_unique<api::AccessLog>([&file](std::string_view lines) { file.write(lines); });
}

api::PipelineSettings pipeline_settings(const Config& config) {
    api::PipelineSettings settings = config.pipeline;
    settings.body_bytes = config.limits.body_bytes;
    return settings;
}

api::ServiceSettings service_settings(const Config& config) {
    return {config.queries,          config.updates,  config.transfers, config.jobs,  config.changes,
            config.pipeline_threads, config.audit,    config.tiers,     config.usage, config.identity,
            config.server_key,       config.outgoing, config.webhooks};
}

void watch_jobs(Metrics& metrics, const jobs::Jobs& jobs) {
    metrics.watch_gauge("credvault_jobs_running", "Jobs that run.",
                        [&jobs] { return jobs.counts().running; });
    metrics.watch_gauge("credvault_jobs_waiting", "Jobs that wait for a thread.",
                        [&jobs] { return jobs.counts().queued; });
    metrics.watch_family("credvault_jobs_ended_total", "Jobs that ended, by type and state.", [&jobs] {
        std::vector<Metrics::Sample> samples;
        for (const jobs::EndedJobs& one : jobs.ended()) {
            samples.push_back({{{"type", one.type}, {"state", "succeeded"}}, one.succeeded});
            samples.push_back({{{"type", one.type}, {"state", "failed"}}, one.failed});
            samples.push_back({{{"type", one.type}, {"state", "cancelled"}}, one.cancelled});
        }
        return samples;
    });
}

void watch_limits(Metrics& metrics, const api::RateLimits& limits) {
    metrics.watch_family("credvault_limited_requests_total",
                         "Requests refused with 429, by whose limit it was.", [&limits] {
                             using api::LimitScope;
                             return std::vector<Metrics::Sample>{
                                 {{{"scope", "key"}}, limits.refused(LimitScope::Key)},
                                 {{{"scope", "workspace"}}, limits.refused(LimitScope::Workspace)},
                                 {{{"scope", "concurrency"}}, limits.refused(LimitScope::Concurrency)},
                                 {{{"scope", "address"}}, limits.refused(LimitScope::Address)}};
                         });
}

void watch_webhooks(Metrics& metrics, const webhooks::DispatchCounts& counts) {
    metrics.watch_counter("credvault_webhook_deliveries_total", "Attempts of webhooks that succeeded.",
                          [&counts] { return counts.delivered.load(); });
    metrics.watch_counter("credvault_webhook_failures_total", "Attempts of webhooks that failed.",
                          [&counts] { return counts.failed_attempts.load(); });
    metrics.watch_counter("credvault_webhook_gaps_total", "Times that events were lost to a webhook.",
                          [&counts] { return counts.gaps.load(); });
    metrics.watch_gauge("credvault_webhook_attempts", "Attempts under way.",
                        [&counts] { return counts.under_way.load(); });
    metrics.watch_gauge("credvault_webhook_waiting", "Events that were read and are not delivered yet.",
                        [&counts] { return counts.waiting.load(); });
}

bool is_loopback(const std::string& host) { return host.starts_with("127.") || host == "::1"; }

}  // namespace

Program::Program(Config config, std::unique_ptr<EngineStack> engines)
    : config_(std::move(config)),
      engines_(std::move(engines)),
      engine_(engines_->top()),
      services_(engine_, engines_->query_log(), metrics_, service_settings(config_)),
      job_databases_(services_.services),
      counters_(api::endpoints().size()),
      metrics_(api::endpoints(), counters_, engine_, services_.databases),
      metrics_handler_(metrics_, engine_),
      limits_(services_.meters, config_.addresses),
      log_file_(config_.access_log),
      access_log_(make_access_log(config_, log_file_)),
      pool_({"bodies", config_.pool_threads, 1024, 0}),
      pages_(pages::packed_pages(), config_.api_servers),
      pipeline_(api::endpoints(),
                {services_.services, limits_, counters_, access_log_.get(), &pool_, &pages_},
                pipeline_settings(config_)) {
    query::set_query_limits(config_.query_limits);
    api::set_api_servers(config_.api_servers);
}

Program::~Program() { stop(); }

Reply<std::optional<std::string>> Program::open_system(FromEnvironment given) {
    metrics_.watch_gauge("credvault_change_listeners", "Streams of changes.",
                         [this] { return services_.changes.listeners(); });
    metrics_.watch_counter("credvault_schema_warnings_total", "Records stored though they violate a schema.",
                           [this] { return services_.validation.warned(); });
    metrics_.watch_counter("credvault_schema_refusals_total", "Records refused since they violate a schema.",
                           [this] { return services_.validation.refused(); });
    watch_jobs(metrics_, services_.jobs);
    watch_limits(metrics_, limits_);
    watch_webhooks(metrics_, services_.dispatcher.counts());
    CO_TRY(std::optional<std::string> made, co_await services_.open(std::move(given.admin_key)));
    CO_TRY_VOID(co_await make_first_owner(std::move(given.admin_email), std::move(given.admin_password)));
    add_change_jobs(services_.jobs, services_.engine, job_databases_);
    add_import_job(services_.jobs, services_.engine, services_.transfers.settings(), job_databases_);
    add_index_job(services_.jobs, services_.engine, job_databases_);
    add_workspace_job(services_);
    CO_TRY_VOID(co_await services_.jobs.open());
    CO_TRY_VOID(co_await resume_workspace_deletions(services_));
    CO_TRY_VOID(co_await remove_orphaned_imports(engine_, services_.transfers.settings().spool_directory));
    co_return made;
}

Reply<void> Program::make_first_owner(std::string email, std::string password) {
    if (email.empty() && password.empty()) co_return Status();
    if (email.empty() || password.empty()) {
        co_return Error(ErrorCode::INVALID_PARAMETER,
                        "Set both CREDVAULT_ADMIN_EMAIL and CREDVAULT_ADMIN_PASSWORD, or neither");
    }
    auto made =
        co_await services_.identity.sign_in.set_up_from_environment(std::move(email), std::move(password));
    if (made.ok()) {
        services_.setup_code.reset();
        co_return Status();
    }
    Error error = std::move(made).error();
    if (error_kind(error.code) == ErrorKind::BadRequest) {
        error.message = "CREDVAULT_ADMIN_EMAIL or CREDVAULT_ADMIN_PASSWORD will not do: " + error.message;
        error.code = ErrorCode::INVALID_PARAMETER;
    }
    co_return error;
}

Result<std::optional<std::string>> Program::start(FromEnvironment given) {
    if (access_log_) TRY_VOID(log_file_.open());
    TRY(std::optional<std::string> made, loop_.wait(open_system(std::move(given))));
    services_.identity.start();
    TRY_VOID(listen());
    if (!config_.metrics_listen.empty()) TRY_VOID(listen_for_metrics());
    return made;
}

Status Program::listen() {
    TRY(const Address address, parse_address(config_.listen, "server.listen"));
    http::ServerOptions options;
    options.address = address.host;
    options.port = address.port;
    options.threads = config_.threads;
    options.tls = config_.tls;
    options.limits = config_.limits;
    if (!is_loopback(address.host) && config_.tls.certificate_chain.empty()) {
        log::warning("keys travel unencrypted: the address is not this machine's own and TLS is off",
                     {{"listen", config_.listen}});
    }
    server_ = std::make_unique<http::Server>(std::move(options), pipeline_);
    TRY_VOID(server_->start());
    metrics_.set_server(server_.get());
    return {};
}

Status Program::listen_for_metrics() {
    TRY(const Address address, parse_address(config_.metrics_listen, "server.metrics_listen"));
    http::ServerOptions options;
    options.address = address.host;
    options.port = address.port;
    options.threads = 1;
    options.limits = config_.limits;
    metrics_server_ = std::make_unique<http::Server>(std::move(options), metrics_handler_);
    return metrics_server_->start();
}

void Program::stop() {
    if (std::exchange(stopped_, true)) return;
    if (metrics_server_) metrics_server_->stop();
    if (server_) server_->stop();
    metrics_.set_server(nullptr);
    services_.stop();
    engine_.stop();
}

void Program::reload() {
    if (access_log_) {
        if (Status opened = log_file_.open(); !opened.ok()) log::error(opened.error().message);
    }
    if (server_ == nullptr || config_.tls.certificate_chain.empty()) return;
    if (Status loaded = server_->reload_tls(); !loaded.ok()) {
        log::error("the certificates stay as they were", {{"reason", loaded.error().message}});
    } else {
        log::info("certificates reloaded");
    }
}

}  // namespace credvault::app
