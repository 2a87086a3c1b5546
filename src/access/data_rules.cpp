#include "access/data_rules.h"

#include "access/system.h"
#include "base/clock.h"
#include "base/ids.h"
#include "json/value.h"

namespace credvault::access {
namespace {

constexpr std::string_view rules_collection = "data_rules";
constexpr std::size_t max_bound = 10'000;
constexpr std::size_t max_rules = 1'000;
constexpr int max_tries = 20;

Error rule_not_found(std::string_view id) {
    return Error(ErrorCode::DATA_RULE_NOT_FOUND,
                 "There is no data rule with the id '" + std::string(id.substr(0, 64)) + "'", "rule");
}

class RuleSink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        if (auto rule = DataRules::parse(row.record)) rules.push_back(*std::move(rule));
        return true;
    }
    void restart() override { rules.clear(); }

    std::vector<RoleRule> rules;
};

std::string string_in(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

std::string record_of(const RoleRule& rule) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(rule.id).key("workspace").string(rule.workspace);
    out.key("role").string(role_name(rule.role)).key("rule");
    rule.rule.append(out);
    out.end_object();
    return text;
}

/// The rule's members with those of the wish over them.
Status apply_wish(const RoleRuleWish& wish, RoleRule& rule) {
    if (wish.role) rule.role = *wish.role;
    if (rule.role == Role::Owner) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     "Owners are never restricted: a rule is for admin, developer or "
                     "viewer",
                     "role");
    }
    json::Value merged{json::View(rule.rule.text())};
    for (const json::Member& member : json::View(wish.rule).members())
        merged.set(member.name, json::Value(member.value));
    const std::string text = merged.text();
    TRY(rule.rule, DataRule::parse(json::View(text), {}));
    return {};
}

}  // namespace

std::optional<RoleRule> DataRules::parse(const json::View& record) {
    RoleRule rule;
    const auto said = record.find("rule");
    const auto role = role_named(string_in(record, "role"));
    if (!said || !role) return {};
    Result<DataRule> parsed = DataRule::parse(*said, {});
    if (!parsed.ok()) {
        // One that this version can't read admits nothing where it applies.
        parsed =
            DataRule{string_in(*said, "database"), string_in(*said, "collection"), {}, R"({"$nor":[{}]})"};
    }
    rule.id = string_in(record, "id");
    rule.workspace = string_in(record, "workspace");
    rule.role = *role;
    rule.rule = std::move(parsed).value();
    rule.created_ms = parse_time(string_in(record, "created_at")).value_or(0);
    rule.updated_ms = parse_time(string_in(record, "updated_at")).value_or(0);
    if (const auto version = record.find("_version"); version && version->is_number())
        rule.version = static_cast<std::uint64_t>(version->as_int());
    return rule;
}

std::string RoleRule::public_text() const {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(id).key("role").string(role_name(role));
    out.key("database").string(rule.database).key("collection").string(rule.collection);
    out.key("denied_fields").begin_array();
    for (const std::string& field : rule.denied_fields) out.string(field);
    out.end_array();
    if (!rule.rows.empty()) out.key("rows").raw(rule.rows);
    out.key("created_at").string(format_time(created_ms));
    out.key("updated_at").string(format_time(updated_ms));
    out.end_object();
    return text;
}

Reply<void> DataRules::load() {
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.operations.push_back(storage::CreateCollection{rules_collection, "{}"});
    const auto made = co_await engine_.write(batch);
    if (!made.ok() && made.error().code != ErrorCode::ALREADY_EXISTS) co_return made.error();
    storage::FindRequest request;
    request.database = system_database;
    request.collection = rules_collection;
    request.any_order = true;
    request.limit = storage::no_limit;
    RuleSink sink;
    CO_TRY_VOID(co_await engine_.find(request, sink));
    for (RoleRule& rule : sink.rules) put(std::move(rule));
    co_return Status();
}

void DataRules::put(RoleRule rule) {
    std::lock_guard lock(mutex_);
    RoleRule& known = rules_[rule.id];
    if (known.version < rule.version) known = std::move(rule);
    count();
}

void DataRules::erase(const std::string& id) {
    std::lock_guard lock(mutex_);
    // A late answer to a change must not bring it back: no version is higher.
    RoleRule& gone = rules_[id];
    gone = {};
    gone.version = UINT64_MAX;
    count();
}

void DataRules::count() {
    ++generation_;
    bound_.clear();
    std::size_t left = 0;
    for (const auto& [id, rule] : rules_) left += rule.workspace.empty() ? 0 : 1;
    rule_count_.store(left, std::memory_order_release);
}

std::shared_ptr<const Principal> DataRules::applied(const std::shared_ptr<const Principal>& principal) const {
    if (principal->kind != PrincipalKind::User || principal->role == Role::Owner) return principal;
    if (rule_count_.load(std::memory_order_acquire) == 0) return principal;
    std::lock_guard lock(mutex_);
    std::string name =
        principal->workspace + " " + std::string(role_name(principal->role)) + " " + principal->id;
    const auto known = bound_.find(name);
    RestrictionsRef restrictions;
    if (known != bound_.end()) {
        restrictions = known->second.restrictions;
    } else {
        std::vector<DataRule> rules;
        for (const auto& [id, rule] : rules_) {
            if (rule.workspace == principal->workspace && rule.role == principal->role)
                rules.push_back(rule.rule);
        }
        restrictions = Restrictions::bound(Restrictions::of_rules(std::move(rules)),
                                           {principal->workspace, {}, principal->id});
        if (bound_.size() >= max_bound) bound_.clear();
        bound_.emplace(std::move(name), Bound{generation_, restrictions});
    }
    if (!restrictions) return principal;
    auto narrowed = std::make_shared<Principal>(*principal);
    narrowed->restrictions = std::move(restrictions);
    return narrowed;
}

std::vector<std::string> DataRules::list(const Principal& holder) const {
    std::lock_guard lock(mutex_);
    std::vector<std::string> texts;
    for (const auto& [id, rule] : rules_) {
        if (rule.workspace == holder.workspace) texts.push_back(rule.public_text());
    }
    return texts;
}

Result<RoleRule> DataRules::find(const Principal& holder, std::string_view id) const {
    std::lock_guard lock(mutex_);
    const auto found = rules_.find(id);
    if (found == rules_.end() || found->second.workspace != holder.workspace) return rule_not_found(id);
    return found->second;
}

Result<std::string> DataRules::get(const Principal& holder, std::string_view id) const {
    TRY(const RoleRule rule, find(holder, id));
    return rule.public_text();
}

Reply<storage::WriteOutcome> DataRules::create(const Principal& holder, RoleRuleWish wish,
                                               std::optional<storage::Idempotency> idempotency) {
    if (list(holder).size() >= max_rules) {
        co_return Error(ErrorCode::LIMIT_EXCEEDED,
                        "A workspace has at most " + std::to_string(max_rules) + " data rules");
    }
    RoleRule rule;
    rule.id = make_id("rule");
    rule.workspace = holder.workspace;
    CO_TRY_VOID(apply_wish(wish, rule));
    const std::string record = record_of(rule);
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = holder.id;
    batch.want_records = true;
    batch.idempotency = std::move(idempotency);
    batch.operations.push_back(storage::InsertRecord{rules_collection, record});
    CO_TRY(storage::WriteOutcome outcome, co_await engine_.write(batch));
    if (!outcome.replayed) {
        if (auto made = parse(json::View(outcome.operations.front().record))) put(*std::move(made));
    }
    co_return outcome;
}

Reply<std::string> DataRules::change(const Principal& holder, std::string id, RoleRuleWish wish) {
    for (int tries = 0; tries < max_tries; ++tries) {
        CO_TRY(RoleRule rule, find(holder, id));
        storage::Precondition unchanged;
        unchanged.if_version = rule.version;
        CO_TRY_VOID(apply_wish(wish, rule));
        const std::string record = record_of(rule);
        storage::WriteBatch batch;
        batch.database = system_database;
        batch.actor = holder.id;
        batch.want_records = true;
        batch.operations.push_back(storage::PutRecord{rules_collection, id, record, false, unchanged});
        const auto outcome = co_await engine_.write(batch);
        if (outcome.ok()) {
            auto changed = parse(json::View(outcome->operations.front().record));
            if (!changed) co_return Error(ErrorCode::INTERNAL, {}, {}, "a data rule can't be read");
            std::string text = changed->public_text();
            put(*std::move(changed));
            co_return text;
        }
        if (outcome.error().code != ErrorCode::PRECONDITION_FAILED) co_return outcome.error();
        // Somebody else was quicker: his answer is under way.
        RuleSink sink;
        const storage::RecordKey key{system_database, rules_collection, id};
        CO_TRY_VOID(co_await engine_.get(key, sink));
        for (RoleRule& stored : sink.rules) put(std::move(stored));
    }
    co_return Error(ErrorCode::WRITE_CONFLICT, "The rule is being changed by others: try again");
}

Reply<void> DataRules::remove(const Principal& holder, std::string id) {
    CO_TRY_VOID(find(holder, id));
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = holder.id;
    batch.operations.push_back(storage::RemoveRecord{rules_collection, id, {}});
    const auto written = co_await engine_.write(batch);
    if (!written.ok() && written.error().code != ErrorCode::RECORD_NOT_FOUND) co_return written.error();
    erase(id);
    if (!written.ok()) co_return rule_not_found(id);
    co_return Status();
}

}  // namespace credvault::access
