// The outermost engine: narrows what restricted credentials ask for, in one place, whichever service asks. A handle is
// the id of a database as a restricted credential sees it; every call on one is narrowed (README.md), every other one
// passes at the cost of a comparison. A handle that was given back, or never given out, is a database that does not
// exist, so that a mistake above shows nothing. Thread-safe; handles may outlive it.
#pragma once

#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "storage/engine.h"
#include "storage/narrowing.h"

namespace credvault::storage {

class RestrictedEngine final : public Engine {
    struct Handles;

public:
    /// Gives the handle back at its end.
    class Handle {
    public:
        Handle(std::shared_ptr<Handles> of, std::string id) : handles_(std::move(of)), id_(std::move(id)) {}
        ~Handle();
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;
        const std::string& id() const { return id_; }

    private:
        std::shared_ptr<Handles> handles_;
        const std::string id_;
    };
    using HandleRef = std::shared_ptr<const Handle>;

    explicit RestrictedEngine(Engine& inner) : inner_(inner), handles_(std::make_shared<Handles>()) {}

    HandleRef open(std::string database, NarrowingRef narrowing);

    Reply<std::vector<std::string>> list_databases() override { return inner_.list_databases(); }
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
    /// Nothing is kept for a handle.
    void hold_changes(std::string_view database, std::optional<std::uint64_t> position) override;
    std::vector<StoreHealth> health() const override { return inner_.health(); }
    EngineMetrics metrics() const override { return inner_.metrics(); }
    void stop() override { inner_.stop(); }

private:
    /// What a handle stands for.
    struct Opened {
        std::string database;
        NarrowingRef narrowing;
    };
    using OpenedRef = std::shared_ptr<const Opened>;
    struct Handles {
        std::shared_mutex mutex;
        std::unordered_map<std::string, OpenedRef> opened;
        std::uint64_t next = 1;
    };

    static bool is_handle(std::string_view database) { return database.starts_with(handle_prefix); }
    /// Null where there is no such handle.
    OpenedRef opened(std::string_view handle) const;

    Reply<DatabaseInfo> describe_narrowed(OpenedRef in);
    Reply<std::vector<CollectionInfo>> list_narrowed(OpenedRef in);
    Reply<CollectionInfo> describe_narrowed(OpenedRef in, std::string collection);
    Reply<void> narrow_info(const Opened& in, CollectionInfo& info);
    Reply<bool> get_narrowed(OpenedRef in, const RecordKey& key, RowSink& sink);
    Reply<FindResult> find_narrowed(OpenedRef in, const FindRequest& request, RowSink& sink);
    Reply<CountResult> count_narrowed(OpenedRef in, const CountRequest& request);
    Reply<WriteOutcome> write_narrowed(OpenedRef in, const WriteBatch& batch);
    Reply<ChangesPage> changes_narrowed(OpenedRef in, const ChangesRequest& request);

    /// No engine id begins so: those of users' databases begin with "db_".
    static constexpr std::string_view handle_prefix = "restricted_";

    Engine& inner_;
    const std::shared_ptr<Handles> handles_;
};

}  // namespace credvault::storage
