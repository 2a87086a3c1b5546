// An engine around another that holds both sides to the contract of engine.h: callers' arguments before the call,
// answers and rows after it. What breaks the contract is told to a callback and answered with INTERNAL instead of being
// passed on. For tests and debug builds. Thread-safe as the engine inside, which must outlive it.
#pragma once

#include <functional>
#include <string>

#include "storage/contract_sink.h"
#include "storage/engine.h"

namespace credvault::storage {

class ContractEngine final : public Engine {
public:
    /// `report` is told each violation in one line, from any thread; empty: they are logged as errors.
    explicit ContractEngine(Engine& inner, std::function<void(const std::string&)> report = {});

    Reply<std::vector<std::string>> list_databases() override;
    Reply<void> create_database(std::string_view database) override;
    Reply<void> drop_database(std::string_view database) override;
    Reply<DatabaseInfo> describe_database(std::string_view database) override;
    Reply<std::vector<CollectionInfo>> list_collections(std::string_view database) override;
    Reply<CollectionInfo> describe_collection(std::string_view database,
                                              std::string_view collection) override;
    Reply<bool> get(const RecordKey& key, RowSink& sink) override;
    Reply<FindResult> find(const FindRequest& request, RowSink& sink) override;
    Reply<CountResult> count(const CountRequest& request) override;
    Reply<WriteOutcome> write(const WriteBatch& batch) override;
    Reply<ChangesPage> changes(const ChangesRequest& request) override;
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
    /// Reports what `wrong` says and makes the error that stands in for the answer.
    Error violation(std::string_view call, const std::string& wrong) const;
    /// The answer, or the error that stands in where `wrong` says something.
    template <class T>
    Result<T> checked(std::string_view call, Result<T> answer, const std::string& wrong) const;

    Engine& inner_;
    std::function<void(const std::string&)> report_;
    ClosedSinks closed_;
};

}  // namespace credvault::storage
