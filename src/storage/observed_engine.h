// An engine around another that tells a QueryLog of every question. Thread-safe; both must outlive it.
#pragma once

#include "storage/engine.h"
#include "storage/query_log.h"

namespace credvault::storage {

class ObservedEngine final : public Engine {
public:
    ObservedEngine(Engine& inner, QueryLog& log) : inner_(inner), log_(log) {}

    Reply<std::vector<std::string>> list_databases() override { return inner_.list_databases(); }
    Reply<void> create_database(std::string_view database) override {
        return inner_.create_database(database);
    }
    Reply<void> drop_database(std::string_view database) override;
    Reply<DatabaseInfo> describe_database(std::string_view database) override {
        return inner_.describe_database(database);
    }
    Reply<std::vector<CollectionInfo>> list_collections(std::string_view database) override {
        return inner_.list_collections(database);
    }
    Reply<CollectionInfo> describe_collection(std::string_view database,
                                              std::string_view collection) override {
        return inner_.describe_collection(database, collection);
    }
    Reply<bool> get(const RecordKey& key, RowSink& sink) override { return inner_.get(key, sink); }
    Reply<FindResult> find(const FindRequest& request, RowSink& sink) override;
    Reply<CountResult> count(const CountRequest& request) override;
    Reply<WriteOutcome> write(const WriteBatch& batch) override;
    Reply<ChangesPage> changes(const ChangesRequest& request) override { return inner_.changes(request); }
    void set_record_rules(const RecordRules* rules) override { inner_.set_record_rules(rules); }
    void set_quotas(Quotas* quotas) override { inner_.set_quotas(quotas); }
    void set_commit_listener(CommitListener* listener) override { inner_.set_commit_listener(listener); }
    void hold_changes(std::string_view database, std::optional<std::uint64_t> position) override {
        inner_.hold_changes(database, position);
    }
    std::vector<StoreHealth> health() const override { return inner_.health(); }
    EngineMetrics metrics() const override { return inner_.metrics(); }
    void stop() override { inner_.stop(); }

private:
    void note(const FindRequest& request, const WorkStats& stats);
    void note(const CountRequest& request, const WorkStats& stats);
    template <class Request, class Answer>
    Reply<Answer> noted(const Request& request, Reply<Answer> reply);

    Engine& inner_;
    QueryLog& log_;
};

}  // namespace credvault::storage
