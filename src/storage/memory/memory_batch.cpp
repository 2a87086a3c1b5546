#include "storage/memory/memory_batch.h"

#include <algorithm>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

#include "storage/errors.h"
#include "storage/hidden.h"
#include "storage/memory/memory_query.h"
#include "storage/record.h"

namespace credvault::storage {
namespace {

std::optional<Row> row_of(const MemoryRecord* record) {
    if (record == nullptr) return {};
    return Row{record->view(), record->revision()};
}

std::optional<json::View> view_of(const MemoryRecord* record) {
    if (record == nullptr) return {};
    return record->view();
}

std::int64_t size_of(const MemoryRecord& record) { return static_cast<std::int64_t>(record.text.size()); }

Stock stock_of(const MemoryCollection& collection) {
    Stock stock;
    for (const auto& [id, record] : collection.records()) stock += {1, size_of(record)};
    return stock;
}

OperationOutcome without_record(Effect effect, std::string_view id) {
    OperationOutcome outcome;
    outcome.effect = effect;
    outcome.id = id;
    return outcome;
}

template <class T>
constexpr bool is_schema_operation =
    std::is_same_v<T, CreateCollection> || std::is_same_v<T, AlterCollection> ||
    std::is_same_v<T, DropCollection> || std::is_same_v<T, PublishCollection> ||
    std::is_same_v<T, CreateIndex> || std::is_same_v<T, DropIndex>;

}  // namespace

Result<WriteOutcome> MemoryBatch::apply() {
    WriteOutcome all;
    all.time_ms = now_ms_;
    for (std::size_t i = 0; i < batch_.operations.size(); ++i) {
        const std::size_t mark = undo_.size();
        Outcome one =
            std::visit([this](const auto& operation) { return run(operation); }, batch_.operations[i]);
        if (one.ok()) {
            all.operations.push_back(*std::move(one));
            continue;
        }
        const bool of_schema = std::visit(
            [](const auto& operation) { return is_schema_operation<std::decay_t<decltype(operation)>>; },
            batch_.operations[i]);
        const bool undo_all = batch_.on_failure == OnFailure::Undo || of_schema;
        undo_to(undo_all ? 0 : mark);
        if (undo_all) return at_operation(std::move(one).error(), i, batch_.operations.size());
        all.operations.push_back(without_record(Effect::Failed, {}));
        all.operations.back().error = std::move(one).error();
        if (batch_.on_failure == OnFailure::Stop) break;
    }
    claim_.keep();
    return all;
}

Status MemoryBatch::grow(const Stock& by) {
    const Stock before = claim_.net();
    TRY_VOID(claim_.add(by));
    undo_.push_back([this, before] { claim_.return_to(before); });
    return {};
}

void MemoryBatch::undo_to(std::size_t mark) {
    while (undo_.size() > mark) {
        undo_.back()();
        undo_.pop_back();
    }
}

Result<MemoryCollection*> MemoryBatch::collection(std::string_view name) const {
    MemoryCollection* found = database_.find(name);
    if (found == nullptr) return collection_not_found(name);
    return found;
}

OperationOutcome MemoryBatch::outcome(Effect effect, const std::string& id, const MemoryRecord& record,
                                      const MemoryRecord* before) const {
    const bool shown = batch_.want_records && effect != Effect::Removed;
    OperationOutcome outcome = without_record(effect, id);
    outcome.revision = record.revision();
    if (shown) outcome.record = record.text;
    if (before != nullptr && batch_.want_before) outcome.before = before->text;
    outcome.matched = before == nullptr ? 0 : 1;
    outcome.modified = effect == Effect::Changed || effect == Effect::Removed ? 1 : 0;
    return outcome;
}

MemoryBatch::Outcome MemoryBatch::store(MemoryCollection& collection, const std::string& id,
                                        MemoryRecord record, Effect effect) {
    const RecordRule* const rule = collection.rule->get(rules_, collection.options);
    std::string warning;
    if (rule != nullptr) {
        TRY(warning, rule->check(record.view()));
    }
    TRY_VOID(collection.check(id, record));
    const MemoryRecord* const replaced = collection.find(id);
    TRY_VOID(grow(replaced == nullptr ? Stock{1, size_of(record)}
                                      : Stock{0, size_of(record) - size_of(*replaced)}));
    ++database_.last_change;
    OperationOutcome done = outcome(effect, id, record, collection.find(id));
    done.warned = warning.empty() ? 0 : 1;
    done.warning = std::move(warning);
    Change change;
    change.kind = effect == Effect::Created ? ChangeKind::Inserted : ChangeKind::Changed;
    change.id = id;
    change.revision = done.revision;
    log(collection, std::move(change), collection.find(id), &record);
    auto before = std::make_shared<std::optional<MemoryRecord>>(collection.place(id, std::move(record)));
    undo_.push_back([&collection, id, before] { collection.place(id, std::move(*before)); });
    return done;
}

void MemoryBatch::log(const MemoryCollection& collection, Change change, const MemoryRecord* before,
                      const MemoryRecord* after) {
    if (is_hidden(collection.identity.name)) return;
    change.sequence = database_.last_change;
    change.collection = collection.identity.name;
    change.time_ms = now_ms_;
    change.actor = batch_.actor;
    ChangeImages images = change_images(collection.options);
    if (database_.listener != nullptr)
        images = std::max(images, database_.listener->images(batch_.database, change.collection));
    if (images == ChangeImages::Both && before != nullptr) change.before = before->text;
    if (images != ChangeImages::Off && after != nullptr) change.after = after->text;
    database_.log.push_back({std::move(change), collection.identity.number});
    undo_.push_back([this] { database_.log.pop_back(); });
}

void MemoryBatch::log_catalogue(const MemoryCollection& collection, ChangeKind kind, std::string_view index) {
    if (is_hidden(collection.identity.name)) return;
    ++database_.last_change;
    Change change;
    change.kind = kind;
    change.id = index;
    log(collection, std::move(change), nullptr, nullptr);
}

MemoryBatch::Outcome MemoryBatch::insert(MemoryCollection& collection, const std::string& id,
                                         const json::View& fields, bool keep_times) {
    TRY(std::string text, new_record(fields, id, now_ms_, keep_times));
    return store(collection, id, {std::move(text), database_.last_change + 1}, Effect::Created);
}

MemoryBatch::Outcome MemoryBatch::change(MemoryCollection& collection, const std::string& id,
                                         const json::View& fields) {
    const MemoryRecord& current = *collection.find(id);
    TRY(std::string text, changed_record(current.view(), fields, now_ms_));
    if (text.empty()) return outcome(Effect::Unchanged, id, current, &current);
    return store(collection, id, {std::move(text), current.incarnation}, Effect::Changed);
}

MemoryBatch::Outcome MemoryBatch::run(const InsertRecord& operation) {
    TRY(MemoryCollection* const into, collection(operation.collection));
    const json::View fields(operation.record);
    const auto given = fields.find("id");
    const std::string id = given ? given->as_string() : database_.ulids.next(now_ms_);
    if (into->find(id) != nullptr) return record_exists(id);
    return insert(*into, id, fields, operation.keep_times);
}

MemoryBatch::Outcome MemoryBatch::run(const PutRecord& operation) {
    TRY(MemoryCollection* const into, collection(operation.collection));
    const std::string id(operation.id);
    const MemoryRecord* const current = into->find(id);
    TRY_VOID(check_precondition(operation.precondition, id, row_of(current)));
    const json::View fields(operation.record);
    if (current != nullptr) return change(*into, id, fields);
    if (!operation.create) return record_not_found(id);
    return insert(*into, id, fields, false);
}

MemoryBatch::Outcome MemoryBatch::run(const ModifyRecord& operation) {
    TRY(MemoryCollection* const into, collection(operation.collection));
    const std::string id(operation.id);
    const MemoryRecord* const current = into->find(id);
    TRY_VOID(check_precondition(operation.precondition, id, row_of(current)));
    TRY(const bool wanted, guard_holds(operation.guard, id, view_of(current)));
    if (!wanted) return without_record(Effect::Skipped, id);
    if (current == nullptr) return record_not_found(id);
    TRY(const std::string changed, operation.change->apply(current->view()));
    return change(*into, id, json::View(changed));
}

MemoryBatch::Outcome MemoryBatch::run(const RemoveRecord& operation) {
    TRY(MemoryCollection* const from, collection(operation.collection));
    const std::string id(operation.id);
    const MemoryRecord* const current = from->find(id);
    TRY_VOID(check_precondition(operation.precondition, id, row_of(current)));
    TRY(const bool wanted, guard_holds(operation.guard, id, view_of(current)));
    if (!wanted) return without_record(Effect::Skipped, id);
    if (current == nullptr) return record_not_found(id);
    return remove(*from, id);
}

MemoryBatch::Outcome MemoryBatch::remove(MemoryCollection& from, const std::string& id) {
    const MemoryRecord& current = *from.find(id);
    TRY_VOID(grow({-1, -size_of(current)}));
    ++database_.last_change;
    const OperationOutcome done = outcome(Effect::Removed, id, current, &current);
    Change change;
    change.kind = ChangeKind::Removed;
    change.id = id;
    change.revision = done.revision;
    log(from, std::move(change), &current, nullptr);
    auto before = std::make_shared<std::optional<MemoryRecord>>(from.place(id, std::nullopt));
    undo_.push_back([&from, id, before] { from.place(id, std::move(*before)); });
    return done;
}

Result<std::vector<std::string>> MemoryBatch::find(const MemoryCollection& in, const query::Filter& filter,
                                                   const query::Sort& sort, std::uint64_t limit) const {
    std::vector<std::pair<std::string, std::string>> found;
    TRY(const query::Rank rank, rank_in(in, filter, query::has_rank(sort), WorkLimits{}));
    for (const auto& [id, record] : in.records()) {
        TRY(const bool matching, filter.test(record.view()));
        if (!matching) continue;
        std::string position;
        query::append_position(position, record.view(), sort, rank.of(record.view()));
        found.emplace_back(std::move(position), id);
    }
    if (limit == 1 && !found.empty())
        return std::vector<std::string>{std::ranges::min_element(found)->second};
    if (found.size() > batch_.max_matched) return too_many_matches(batch_.max_matched);
    std::vector<std::string> ids;
    for (auto& [position, id] : found) ids.push_back(std::move(id));
    return ids;
}

MemoryBatch::Outcome MemoryBatch::run(const ModifyMatches& operation) {
    TRY(MemoryCollection* const in, collection(operation.collection));
    TRY(const std::vector<std::string> ids, find(*in, operation.filter, operation.sort, operation.limit));
    if (ids.empty() && operation.upsert) {
        TRY(const std::string record, operation.change->insertion());
        return run(InsertRecord{operation.collection, record});
    }
    OperationOutcome all = without_record(ids.empty() ? Effect::Skipped : Effect::Unchanged, {});
    for (const std::string& id : ids) {
        TRY(const std::string changed, operation.change->apply(in->find(id)->view()));
        TRY(OperationOutcome one, change(*in, id, json::View(changed)));
        if (operation.limit == 1) return one;
        all.matched += one.matched;
        all.modified += one.modified;
        if (one.effect == Effect::Changed) all.effect = one.effect;
        all.warned += one.warned;
        if (all.warning.empty()) all.warning = one.warning;
    }
    return all;
}

MemoryBatch::Outcome MemoryBatch::run(const RemoveMatches& operation) {
    TRY(MemoryCollection* const from, collection(operation.collection));
    TRY(const std::vector<std::string> ids, find(*from, operation.filter, operation.sort, operation.limit));
    OperationOutcome all = without_record(ids.empty() ? Effect::Skipped : Effect::Removed, {});
    for (const std::string& id : ids) {
        TRY(OperationOutcome one, remove(*from, id));
        if (operation.limit == 1) return one;
        ++all.matched;
        ++all.modified;
    }
    return all;
}

MemoryBatch::Outcome MemoryBatch::run(const CheckRecord& operation) {
    TRY(const MemoryCollection* const in, collection(operation.collection));
    TRY_VOID(check_precondition(operation.precondition, operation.id, row_of(in->find(operation.id))));
    return without_record(Effect::Checked, operation.id);
}

MemoryBatch::Outcome MemoryBatch::run(const CheckMatches& operation) {
    TRY(const MemoryCollection* const in, collection(operation.collection));
    const std::uint64_t most = operation.fewer_than > 0 ? no_limit : 1;
    TRY(const std::vector<std::string> ids, find(*in, operation.filter, {}, most));
    TRY_VOID(check_matches(operation, ids.size()));
    return without_record(Effect::Checked, {});
}

MemoryBatch::Outcome MemoryBatch::run(const CreateCollection& operation) {
    const std::string name(operation.name);
    MemoryCollection::Identity identity{name, database_.last_collection + 1};
    const auto [at, is_new] =
        database_.collections.try_emplace(name, std::move(identity), std::string(operation.options), now_ms_);
    if (!is_new) return collection_exists(name);
    ++database_.last_collection;
    undo_.push_back([this, name] { database_.collections.erase(name); });
    log_catalogue(at->second, ChangeKind::Created);
    return without_record(Effect::Created, {});
}

MemoryBatch::Outcome MemoryBatch::run(const AlterCollection& operation) {
    TRY(MemoryCollection* const altered, collection(operation.name));
    undo_.push_back([altered, before = altered->options, rule = altered->rule] {
        altered->options = before;
        altered->rule = rule;
    });
    if (altered->options != operation.options) log_catalogue(*altered, ChangeKind::Altered);
    altered->options = operation.options;
    altered->rule = std::make_shared<LazyRule>();
    return without_record(Effect::Changed, {});
}

MemoryBatch::Outcome MemoryBatch::run(const DropCollection& operation) {
    TRY(const MemoryCollection* const dropped, collection(operation.name));
    TRY_VOID(grow(-stock_of(*dropped)));
    ++database_.last_change;
    Change change;
    change.kind = ChangeKind::Dropped;
    log(*dropped, std::move(change), nullptr, nullptr);
    // The node is kept, so that earlier steps' pointers into it stay good while they are undone.
    using Node = decltype(database_.collections)::node_type;
    auto node =
        std::make_shared<Node>(database_.collections.extract(database_.collections.find(operation.name)));
    undo_.push_back([this, node] { database_.collections.insert(std::move(*node)); });
    return without_record(Effect::Removed, {});
}

MemoryBatch::Outcome MemoryBatch::run(const PublishCollection& operation) {
    TRY(MemoryCollection* const published, collection(operation.hidden));
    auto& all = database_.collections;
    using Node = std::decay_t<decltype(all)>::node_type;
    const auto replaced = std::make_shared<Node>();
    if (const auto found = all.find(operation.name); found != all.end()) {
        TRY_VOID(grow(-stock_of(found->second)));
        *replaced = all.extract(found);
    }
    const auto rename = [&all, published](std::string_view from, std::string_view to) {
        Node node = all.extract(all.find(from));
        node.key() = published->identity.name = to;
        all.insert(std::move(node));
    };
    const std::int64_t created_ms = published->created_ms;
    if (*replaced) published->created_ms = replaced->mapped().created_ms;
    rename(operation.hidden, operation.name);
    undo_.push_back([=, &all, hidden = std::string(operation.hidden), name = std::string(operation.name)] {
        rename(name, hidden);
        published->created_ms = created_ms;
        if (*replaced) all.insert(std::move(*replaced));
    });
    if (!*replaced) log_catalogue(*published, ChangeKind::Created);
    ++database_.last_change;
    Change change;
    change.kind = ChangeKind::Replaced;
    log(*published, std::move(change), nullptr, nullptr);
    return without_record(Effect::Changed, {});
}

MemoryBatch::Outcome MemoryBatch::run(const CreateIndex& operation) {
    TRY(MemoryCollection* const indexed, collection(operation.collection));
    TRY_VOID(check_index(operation.spec));
    if (indexed->has_index(operation.spec.name)) return index_exists(operation.spec.name);
    const std::string_view text = indexed->text_index();
    if (operation.spec.keys.type == query::IndexType::Text && !text.empty()) return second_text_index(text);
    indexed->add_index(operation.spec, now_ms_);
    undo_.push_back([indexed, name = operation.spec.name] { indexed->take_index(name); });
    log_catalogue(*indexed, ChangeKind::IndexCreated, operation.spec.name);
    log_catalogue(*indexed, ChangeKind::IndexReady, operation.spec.name);
    return without_record(Effect::Created, {});
}

MemoryBatch::Outcome MemoryBatch::run(const DropIndex& operation) {
    TRY(MemoryCollection* const indexed, collection(operation.collection));
    if (!indexed->has_index(operation.name)) return index_not_found(operation.name);
    auto node = std::make_shared<MemoryCollection::Indexes::node_type>(indexed->take_index(operation.name));
    undo_.push_back([indexed, node] { indexed->put_back(std::move(*node)); });
    log_catalogue(*indexed, ChangeKind::IndexDropped, operation.name);
    return without_record(Effect::Removed, {});
}

}  // namespace credvault::storage
