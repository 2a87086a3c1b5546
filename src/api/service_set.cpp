#include "api/service_set.h"

#include <utility>

#include "access/system.h"
#include "base/clock.h"
#include "webhooks/platform_event.h"

namespace credvault::api {
namespace {

documents::QuerySettings logged(documents::QuerySettings settings, const storage::QueryLog& log) {
    settings.log = &log;
    return settings;
}

}  // namespace

ServiceSet::ServiceSet(storage::Engine& over, const storage::QueryLog& query_log,
                       const MetricsSource& metrics, const ServiceSettings& settings)
    : restricted(over),
      engine(restricted),
      keys(engine),
      data_rules(engine),
      audit(engine, settings.audit),
      allotments(engine, settings.tiers),
      meters(allotments),
      usage(engine, meters, allotments, settings.usage),
      identity(engine, keys, settings.server_key, settings.identity, &allotments),
      databases(engine),
      collections(engine),
      records(engine),
      queries(engine, logged(settings.queries, query_log)),
      index_advisor(engine, query_log),
      pipeline_pool({"pipelines", settings.pipeline_threads, 1024, 5}),
      aggregations(engine, pipeline_pool, logged(settings.queries, query_log)),
      updates(engine, logged(settings.queries, query_log), settings.updates),
      bulk(engine, updates),
      transfers(engine, settings.transfers),
      jobs(engine, settings.jobs),
      change_consumers(engine),
      changes(engine, change_consumers, settings.changes),
      validation(engine),
      server_key(settings.server_key),
      outgoing(settings.outgoing),
      webhook_surroundings({databases, keys, data_rules, allotments, audit, identity, engine, server_key}),
      webhooks(engine, webhook_surroundings, webhook_surroundings, outgoing.guard()),
      delivery_store(engine),
      dispatcher({engine, change_consumers, webhooks, delivery_store, webhook_surroundings,
                  webhook_surroundings, webhook_surroundings, outgoing},
                 settings.webhooks, &now_ms),
      dispatch_thread(dispatcher),
      deliveries({webhooks, delivery_store, dispatcher, dispatch_thread, outgoing}),
      quota_events(engine, allotments),
      services{engine,     restricted,   keys,        data_rules, audit,   allotments,    usage,
               identity,   databases,    collections, records,    queries, index_advisor, aggregations,
               updates,    bulk,         transfers,   jobs,       changes, validation,    webhooks,
               deliveries, quota_events, idempotency, metrics} {}

Reply<std::optional<std::string>> ServiceSet::open(std::string admin_key) {
    engine.set_record_rules(&validation);
    engine.set_quotas(&allotments);
    databases.set_quotas(&allotments);
    keys.limit_by(allotments);
    identity.limit_by(allotments);
    CO_TRY(workspace, co_await access::open_system(engine));
    // Before anything that they tell of is written.
    CO_TRY_VOID(co_await webhooks::open_published_events(engine));
    webhooks.set_listener([this] { dispatcher.webhooks_changed(); });
    CO_TRY_VOID(co_await webhooks.load());
    CO_TRY_VOID(co_await audit.open(workspace));
    CO_TRY_VOID(co_await keys.load());
    CO_TRY_VOID(co_await data_rules.load());
    CO_TRY(std::optional<std::string> made, co_await keys.ensure_admin_key(workspace, std::move(admin_key)));
    CO_TRY(setup_code, co_await identity.open(workspace));
    CO_TRY_VOID(co_await databases.load());
    CO_TRY_VOID(co_await allotments.load());
    CO_TRY_VOID(co_await usage.open());
    CO_TRY_VOID(co_await open_webhooks());
    keys.start();
    co_return made;
}

Reply<void> ServiceSet::open_webhooks() {
    CO_TRY_VOID(co_await delivery_store.open());
    // The databases are known now.
    dispatcher.webhooks_changed();
    dispatch_thread.start();
    co_return Status();
}

void ServiceSet::stop() {
    outgoing.stop();
    dispatch_thread.stop();
    changes.stop();
    identity.stop();
    jobs.stop();
    usage.stop();
    audit.stop();
    keys.stop();
}

}  // namespace credvault::api
