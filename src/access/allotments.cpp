#include "access/allotments.h"

#include <array>
#include <unordered_set>
#include <utility>

#include "access/system.h"
#include "base/clock.h"
#include "base/log.h"
#include "json/value.h"
#include "json/writer.h"
#include "query/filter.h"

namespace credvault::access {
namespace {

constexpr std::uint64_t most_examined = 1'000'000'000;

constexpr std::string_view webhooks_collection = "webhooks";

struct CountedRecords {
    std::string_view collection;
    std::string_view not_status;  ///< Those that have it are left out; empty: all count.
};
constexpr std::array<CountedRecords, counted_kinds> counted_records{
    {{api_keys_collection, "revoked"}, {members_collection, ""}, {webhooks_collection, ""}}};

Result<query::Filter> filter_of(std::string_view workspace, const CountedRecords& counted) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("workspace").string(workspace);
    if (!counted.not_status.empty())
        out.key("status").begin_object().key("$ne").string(counted.not_status).end_object();
    out.end_object();
    return query::parse_filter(json::View(text));
}

class TierChange final : public storage::RecordChange {
public:
    explicit TierChange(std::string name) : name_(std::move(name)) {}
    Result<std::string> apply(const json::View& current) const override {
        json::Value record(current);
        record.set("tier", json::Value(name_));
        return record.text();
    }

private:
    const std::string name_;
};

/// The workspaces and their tiers.
class TierSink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        const auto id = row.record.find("id");
        const auto tier = row.record.find("tier");
        tiers.emplace_back(id->as_string(), tier && tier->is_string() ? tier->as_string() : std::string());
        return true;
    }
    void restart() override { tiers.clear(); }

    std::vector<std::pair<std::string, std::string>> tiers;
};

bool counts_stores(const Tier& tier) {
    return tier.settings().records > 0 || tier.settings().storage_bytes > 0;
}

}  // namespace

/// What one database holds, and whose it is.
class Allotments::DatabaseStock final : public storage::Allowance {
public:
    Status claim(const storage::Stock& more) override {
        std::lock_guard lock(mutex_);
        if (owner_) TRY_VOID(owner_->claim(more));
        claimed_ += more;
        return {};
    }
    void settle(const storage::Stock& added, const storage::Stock& claimed) override {
        std::lock_guard lock(mutex_);
        storage::Stock by = added;
        by += -claimed;
        move(by);
        total_ += added;
        claimed_ += -claimed;
    }
    void set(const storage::Stock& total) override {
        std::lock_guard lock(mutex_);
        storage::Stock by = total;
        by += -total_;
        move(by);
        total_ = total;
        known_ = true;
    }
    void place(std::shared_ptr<Allotment> owner) {
        std::lock_guard lock(mutex_);
        storage::Stock all = total_;
        all += claimed_;
        move(-all);
        owner_ = std::move(owner);
        move(all);
    }
    bool is_unknown_of(const Allotment& owner) const {
        std::lock_guard lock(mutex_);
        return !known_ && owner_.get() == &owner;
    }
    /// Whose it is, where nobody has tried to know it; else null.
    std::shared_ptr<Allotment> untried_of() const {
        std::lock_guard lock(mutex_);
        return known_ || tried_ ? nullptr : owner_;
    }
    void set_tried() {
        std::lock_guard lock(mutex_);
        tried_ = true;
    }

private:
    void move(const storage::Stock& by) {
        if (owner_) owner_->add(by);
    }

    mutable std::mutex mutex_;
    std::shared_ptr<Allotment> owner_;
    storage::Stock total_;
    storage::Stock claimed_;  ///< By transactions that have not ended.
    bool known_ = false;      ///< Whether the engine has said what is in it.
    bool tried_ = false;      ///< By count_used().
};

Allotments::Allotments(storage::Engine& engine, const TiersSettings& settings)
    : engine_(engine), tiers_(settings) {}

Allotments::~Allotments() = default;

Reply<void> Allotments::load() {
    CO_TRY_VOID(co_await name_tiers());
    CO_TRY_VOID(co_await index_counted());
    storage::FindRequest request;
    request.database = system_database;
    request.collection = workspaces_collection;
    request.any_order = true;
    request.limit = storage::no_limit;
    TierSink sink;
    CO_TRY_VOID(co_await engine_.find(request, sink));
    for (const auto& [workspace, name] : sink.tiers) {
        const Tier* const tier = tiers_.find(name);
        if (tier == nullptr) {
            log::warning("a workspace has a tier that is not known; it gets the standard one",
                         {{"workspace", workspace}, {"tier", name}});
        }
        const std::shared_ptr<Allotment> allotment = of(workspace);
        allotment->set_tier(tier != nullptr ? *tier : tiers_.standard());
        if (counts_stores(allotment->tier())) CO_TRY_VOID(co_await count_stores(allotment));
    }
    co_return Status();
}

/// The configuration's standard tier is for new workspaces: another one later leaves those that are there as they are.
Reply<void> Allotments::name_tiers() {
    const TierChange change(tiers_.standard().name());
    CO_TRY(query::Filter nameless, query::parse_filter(json::View(R"({"tier":{"$exists":false}})")));
    storage::ModifyMatches modify;
    modify.collection = workspaces_collection;
    modify.filter = std::move(nameless);
    modify.limit = 1;
    modify.change = &change;
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.max_examined = most_examined;
    batch.operations.emplace_back(std::move(modify));
    for (bool more = true; more;) {
        CO_TRY(const storage::WriteOutcome done, co_await engine_.write(batch));
        more = done.operations.front().matched > 0;
    }
    co_return Status();
}

/// So that counting a workspace's own looks at no others'. A collection that is not there yet gets it at a later start,
/// and so does every one where the disk is full: that must not keep a server from starting.
/// Webhooks are indexed by their own service, which makes their collection.
Reply<void> Allotments::index_counted() {
    for (const CountedRecords& counted : counted_records) {
        if (counted.collection == webhooks_collection) continue;
        storage::IndexSpec spec;
        spec.name = "by_workspace";
        CO_TRY(spec.keys.fields, query::parse_sort("workspace"));
        storage::WriteBatch batch;
        batch.database = system_database;
        batch.operations.emplace_back(storage::CreateIndex{counted.collection, std::move(spec)});
        const auto made = co_await engine_.write(batch);
        const bool good = made.ok() || made.error().code == ErrorCode::ALREADY_EXISTS ||
                          made.error().code == ErrorCode::COLLECTION_NOT_FOUND ||
                          made.error().code == ErrorCode::STORAGE_FULL;
        if (!good) co_return made.error();
    }
    co_return Status();
}

Reply<void> Allotments::count_stores(std::shared_ptr<Allotment> of) {
    std::vector<std::string> unknown;
    {
        std::lock_guard lock(mutex_);
        for (const auto& [id, stock] : databases_) {
            if (stock->is_unknown_of(*of)) unknown.push_back(id);
        }
    }
    for (const std::string& id : unknown) {
        // Opening it makes the engine say what it holds. A damaged one takes no writes either.
        const auto described = co_await engine_.describe_database(id);
        if (!described.ok()) log::warning("a database could not be counted", {{"database", id}});
    }
    co_return Status();
}

std::shared_ptr<Allotment> Allotments::of(std::string_view workspace) {
    std::lock_guard lock(mutex_);
    std::shared_ptr<Allotment>& found = workspaces_[std::string(workspace)];
    if (!found) found = std::make_shared<Allotment>(std::string(workspace), tiers_.standard());
    return found;
}

std::shared_ptr<Meter> Allotments::meter(std::string_view workspace, std::string_view subject) {
    std::shared_ptr<Allotment> allotment = of(workspace);
    allotment->set_used();
    std::lock_guard lock(mutex_);
    if (meters_.size() >= meters_to_clean_) drop_idle_meters();
    std::shared_ptr<Meter>& found = meters_[std::string(workspace).append("/").append(subject)];
    if (!found) found = std::make_shared<Meter>(std::string(subject), std::move(allotment));
    return found;
}

/// Those that nobody holds and whose budgets are whole: a new one says the same.
void Allotments::drop_idle_meters() {
    const std::int64_t now = monotonic_ns();
    std::erase_if(meters_, [&](const auto& entry) {
        const auto is_whole = [&](const BudgetWord& word) { return word.load() <= now; };
        return entry.second.use_count() == 1 && std::ranges::all_of(entry.second->words, is_whole);
    });
    meters_to_clean_ = std::max<std::size_t>(1024, 2 * meters_.size());
}

Reply<void> Allotments::change_tier(std::string workspace, std::string tier, std::string actor) {
    const Tier* const named = tiers_.find(tier);
    if (named == nullptr) {
        co_return Error(ErrorCode::INVALID_PARAMETER, "A tier is one of free, starter, pro and enterprise",
                        "tier");
    }
    const std::shared_ptr<Allotment> allotment = of(workspace);
    if (counts_stores(*named)) CO_TRY_VOID(co_await count_stores(allotment));
    const TierChange change(std::move(tier));
    storage::ModifyRecord modify;
    modify.collection = workspaces_collection;
    modify.id = workspace;
    modify.change = &change;
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = actor;
    batch.operations.emplace_back(modify);
    CO_TRY_VOID(co_await engine_.write(batch));
    allotment->set_tier(*named);
    co_return Status();
}

Reply<storage::Stock> Allotments::stored(std::string workspace) {
    const std::shared_ptr<Allotment> allotment = of(workspace);
    CO_TRY_VOID(co_await count_stores(allotment));
    co_return allotment->stored();
}

Reply<void> Allotments::count_used(std::size_t most) {
    std::vector<std::pair<std::string, std::shared_ptr<DatabaseStock>>> untried;
    {
        std::lock_guard lock(mutex_);
        for (const auto& [id, stock] : databases_) {
            if (untried.size() == most) break;
            const std::shared_ptr<Allotment> owner = stock->untried_of();
            if (owner && owner->is_used()) untried.emplace_back(id, stock);
        }
    }
    for (const auto& [id, stock] : untried) {
        const auto described = co_await engine_.describe_database(id);
        if (!described.ok()) log::warning("a database could not be counted", {{"database", id}});
        stock->set_tried();
    }
    co_return Status();
}

std::vector<std::pair<std::string, storage::Stock>> Allotments::counted() {
    std::vector<std::pair<std::string, storage::Stock>> all;
    std::lock_guard lock(mutex_);
    std::unordered_set<const Allotment*> unsure;
    for (const auto& [id, stock] : databases_) {
        if (const std::shared_ptr<Allotment> owner = stock->untried_of()) unsure.insert(owner.get());
    }
    for (const auto& [workspace, allotment] : workspaces_) {
        if (!unsure.contains(allotment.get())) all.emplace_back(workspace, allotment->stored());
    }
    return all;
}

std::optional<storage::CheckMatches> Allotments::room(std::string_view workspace, Counted what,
                                                      std::uint64_t added) {
    const Tier& tier = of(workspace)->tier();
    const std::int64_t most = tier.most(what);
    if (most <= 0) return {};
    const CountedRecords& counted = counted_records[static_cast<std::size_t>(what)];
    Result<query::Filter> filter = filter_of(workspace, counted);
    if (!filter.ok()) return {};
    storage::CheckMatches check;
    check.collection = counted.collection;
    check.filter = std::move(*filter);
    check.fewer_than = static_cast<std::uint64_t>(most) + added;
    check.otherwise = &tier.too_many(what);
    return check;
}

Reply<std::int64_t> Allotments::count(std::string workspace, Counted what) {
    const CountedRecords& counted = counted_records[static_cast<std::size_t>(what)];
    storage::CountRequest request;
    request.database = system_database;
    request.collection = counted.collection;
    CO_TRY(request.filter, filter_of(workspace, counted));
    const auto found = co_await engine_.count(request);
    if (!found.ok() && found.error().code == ErrorCode::COLLECTION_NOT_FOUND) co_return std::int64_t{0};
    if (!found.ok()) co_return found.error();
    co_return static_cast<std::int64_t>(found->count);
}

std::shared_ptr<Allotments::DatabaseStock> Allotments::stock_of(std::string_view database) {
    std::lock_guard lock(mutex_);
    std::shared_ptr<DatabaseStock>& found = databases_[std::string(database)];
    if (!found) found = std::make_shared<DatabaseStock>();
    return found;
}

std::shared_ptr<storage::Allowance> Allotments::allowance(std::string_view database) {
    return stock_of(database);
}

void Allotments::place(std::string_view database, std::string_view workspace) {
    stock_of(database)->place(of(workspace));
}

void Allotments::forget(std::string_view database) {
    std::shared_ptr<DatabaseStock> gone;
    {
        std::lock_guard lock(mutex_);
        const auto found = databases_.find(std::string(database));
        if (found == databases_.end()) return;
        gone = std::move(found->second);
        databases_.erase(found);
    }
    gone->place(nullptr);
}

}  // namespace credvault::access
