#include "storage/memory/memory_batch.h"

#include <memory>
#include <utility>
#include <variant>

#include "storage/errors.h"
#include "storage/record.h"

namespace credvault::storage {
namespace {

std::optional<Revision> revision_of(const MemoryRecord* record) {
    if (record == nullptr) return {};
    return record->revision();
}

}  // namespace

Result<WriteOutcome> MemoryBatch::apply() {
    WriteOutcome all;
    all.time_ms = now_ms_;
    for (std::size_t i = 0; i < batch_.operations.size(); ++i) {
        Outcome one =
            std::visit([this](const auto& operation) { return run(operation); }, batch_.operations[i]);
        if (!one.ok()) {
            for (auto step = undo_.rbegin(); step != undo_.rend(); ++step) (*step)();
            return at_operation(std::move(one).error(), i, batch_.operations.size());
        }
        all.operations.push_back(*std::move(one));
    }
    return all;
}

Result<MemoryCollection*> MemoryBatch::collection(std::string_view name) const {
    MemoryCollection* found = database_.find(name);
    if (found == nullptr) return collection_not_found(name);
    return found;
}

OperationOutcome MemoryBatch::outcome(Effect effect, const std::string& id,
                                      const MemoryRecord& record) const {
    const bool shown = batch_.want_records && effect != Effect::Removed;
    return {effect, id, record.revision(), shown ? record.text : std::string()};
}

MemoryBatch::Outcome MemoryBatch::store(MemoryCollection& collection, const std::string& id,
                                        MemoryRecord record, Effect effect) {
    const RecordRule* const rule = collection.rule->get(rules_, collection.options);
    std::string warning;
    if (rule != nullptr) {
        TRY(warning, rule->check(record.view()));
    }
    TRY_VOID(collection.check(id, record));
    ++database_.last_change;
    OperationOutcome done = outcome(effect, id, record);
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
    change.sequence = database_.last_change;
    change.collection = collection.identity.name;
    change.time_ms = now_ms_;
    change.actor = batch_.actor;
    const ChangeImages images = change_images(collection.options);
    if (images == ChangeImages::Both && before != nullptr) change.before = before->text;
    if (images != ChangeImages::Off && after != nullptr) change.after = after->text;
    database_.log.push_back({std::move(change), collection.identity.number});
    undo_.push_back([this] { database_.log.pop_back(); });
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
    if (text.empty()) return outcome(Effect::Unchanged, id, current);
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
    TRY_VOID(check_precondition(operation.precondition, id, revision_of(current)));
    const json::View fields(operation.record);
    if (current != nullptr) return change(*into, id, fields);
    if (!operation.create) return record_not_found(id);
    return insert(*into, id, fields, false);
}

MemoryBatch::Outcome MemoryBatch::run(const ModifyRecord& operation) {
    TRY(MemoryCollection* const into, collection(operation.collection));
    const std::string id(operation.id);
    const MemoryRecord* const current = into->find(id);
    TRY_VOID(check_precondition(operation.precondition, id, revision_of(current)));
    if (current == nullptr) return record_not_found(id);
    TRY(const std::string changed, operation.change->apply(current->view()));
    return change(*into, id, json::View(changed));
}

MemoryBatch::Outcome MemoryBatch::run(const RemoveRecord& operation) {
    TRY(MemoryCollection* const from, collection(operation.collection));
    const std::string id(operation.id);
    const MemoryRecord* const current = from->find(id);
    TRY_VOID(check_precondition(operation.precondition, id, revision_of(current)));
    if (current == nullptr) return record_not_found(id);
    ++database_.last_change;
    const OperationOutcome done = outcome(Effect::Removed, id, *current);
    Change change;
    change.kind = ChangeKind::Removed;
    change.id = id;
    change.revision = done.revision;
    log(*from, std::move(change), current, nullptr);
    auto before = std::make_shared<std::optional<MemoryRecord>>(from->place(id, std::nullopt));
    undo_.push_back([from, id, before] { from->place(id, std::move(*before)); });
    return done;
}

MemoryBatch::Outcome MemoryBatch::run(const CreateCollection& operation) {
    const std::string name(operation.name);
    MemoryCollection::Identity identity{name, database_.last_collection + 1};
    const auto [at, is_new] =
        database_.collections.try_emplace(name, std::move(identity), std::string(operation.options), now_ms_);
    if (!is_new) return collection_exists(name);
    ++database_.last_collection;
    undo_.push_back([this, name] { database_.collections.erase(name); });
    return OperationOutcome{Effect::Created, {}, {}, {}};
}

MemoryBatch::Outcome MemoryBatch::run(const AlterCollection& operation) {
    TRY(MemoryCollection* const altered, collection(operation.name));
    undo_.push_back([altered, before = altered->options, rule = altered->rule] {
        altered->options = before;
        altered->rule = rule;
    });
    altered->options = operation.options;
    altered->rule = std::make_shared<LazyRule>();
    return OperationOutcome{Effect::Changed, {}, {}, {}};
}

MemoryBatch::Outcome MemoryBatch::run(const DropCollection& operation) {
    TRY(const MemoryCollection* const dropped, collection(operation.name));
    ++database_.last_change;
    Change change;
    change.kind = ChangeKind::Dropped;
    log(*dropped, std::move(change), nullptr, nullptr);
    // The node is kept, so that earlier steps' pointers into it stay good while they are undone.
    using Node = decltype(database_.collections)::node_type;
    auto node =
        std::make_shared<Node>(database_.collections.extract(database_.collections.find(operation.name)));
    undo_.push_back([this, node] { database_.collections.insert(std::move(*node)); });
    return OperationOutcome{Effect::Removed, {}, {}, {}};
}

MemoryBatch::Outcome MemoryBatch::run(const CreateIndex& operation) {
    TRY(MemoryCollection* const indexed, collection(operation.collection));
    TRY_VOID(check_index(operation.spec));
    if (indexed->has_index(operation.spec.name)) return index_exists(operation.spec.name);
    indexed->add_index(operation.spec, now_ms_);
    undo_.push_back([indexed, name = operation.spec.name] { indexed->take_index(name); });
    return OperationOutcome{Effect::Created, {}, {}, {}};
}

MemoryBatch::Outcome MemoryBatch::run(const DropIndex& operation) {
    TRY(MemoryCollection* const indexed, collection(operation.collection));
    if (!indexed->has_index(operation.name)) return index_not_found(operation.name);
    auto node = std::make_shared<MemoryCollection::Indexes::node_type>(indexed->take_index(operation.name));
    undo_.push_back([indexed, node] { indexed->put_back(std::move(*node)); });
    return OperationOutcome{Effect::Removed, {}, {}, {}};
}

}  // namespace credvault::storage
