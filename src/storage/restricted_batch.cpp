#include "storage/restricted_batch.h"

#include <algorithm>
#include <utility>

#include "json/writer.h"
#include "storage/errors.h"
#include "storage/hidden.h"
#include "storage/narrowed_change.h"
#include "storage/restricted_reads.h"

namespace credvault::storage {
namespace {

query::Filter never() {
    query::FilterNode node;
    node.op = query::FilterOp::Never;
    return query::Filter(std::move(node));
}

query::Filter filter_of_id(std::string_view id) {
    std::string text;
    json::Writer(text)
        .begin_object()
        .key("id")
        .begin_object()
        .key("$eq")
        .string(id)
        .end_object()
        .end_object();
    Result<query::Filter> filter = query::parse_filter(json::View(text));
    return filter.ok() ? std::move(filter).value() : never();
}

/// Whether the condition wants the record to be there.
bool wants_record(const Precondition& condition) {
    return condition.if_match || condition.if_exists || condition.if_version ||
           condition.if_matches != nullptr;
}

/// Where it says anything at all.
bool says_something(const Precondition& condition) {
    return wants_record(condition) || condition.if_absent || !condition.if_none_match.empty();
}

Error precondition_failed(std::string_view id) {
    return Error(ErrorCode::PRECONDITION_FAILED,
                 "The record '" + std::string(id) + "' is not as the precondition wants it");
}

}  // namespace

struct BatchVisitor {
    RestrictedBatch& batch;
    template <class Operation>
    Status operator()(const Operation& operation) const {
        return batch(operation);
    }
};

RestrictedBatch::RestrictedBatch(std::string_view database, const Narrowing& narrowing,
                                 const WriteBatch& batch)
    : narrowing_(narrowing), batch_(batch) {
    stored_.database = database;
    stored_.actor = batch.actor;
    stored_.want_records = batch.want_records;
    stored_.want_before = batch.want_before;
    stored_.on_failure = batch.on_failure;
    stored_.max_examined = batch.max_examined;
    stored_.max_matched = batch.max_matched;
    stored_.idempotency = batch.idempotency;
}

Status RestrictedBatch::translate() {
    stored_.operations.reserve(batch_.operations.size());
    for (std::size_t i = 0; i < batch_.operations.size(); ++i) {
        Status translated = std::visit(BatchVisitor{*this}, batch_.operations[i]);
        if (!translated.ok()) return at_operation(std::move(translated).error(), i, batch_.operations.size());
    }
    if (!stored_.idempotency) return {};
    // An answer that was made when more was allowed is not given again.
    stored_.idempotency->fingerprint += narrowing_.fingerprint;
    if (const auto answer = stored_.idempotency->answer) {
        stored_.idempotency->answer = [this, answer](const WriteOutcome& outcome) {
            return answer(shown(outcome));
        };
    }
    return {};
}

const query::Filter* RestrictedBatch::keep(query::Filter filter) {
    return &filters_.emplace_back(std::move(filter));
}

const RecordChange* RestrictedBatch::keep(std::unique_ptr<RecordChange> change) {
    return changes_.emplace_back(std::move(change)).get();
}

Status RestrictedBatch::of_collection(std::string_view collection) {
    // Nobody sees a hidden collection; where it is published is asked then.
    static const RecordNarrowing none;
    if (is_hidden(collection)) {
        told_.push_back({&none, {}, false});
        return {};
    }
    TRY_VOID(narrowing_.check(collection));
    told_.push_back({&narrowing_.of(collection), {}, false});
    return {};
}

const RecordChange* RestrictedBatch::narrowed(const RecordChange& change) {
    const RecordNarrowing& narrowing = *told_.back().narrowing;
    if (!narrowing.narrows()) return &change;
    return keep(std::make_unique<NarrowedChange>(narrowing, change));
}

void RestrictedBatch::narrow(Precondition& condition, bool must_exist) {
    Told& told = told_.back();
    const RecordNarrowing& narrowing = *told.narrowing;
    if (!narrowing.narrows()) return;
    told.not_found = narrowing.has_rows() && must_exist && !says_something(condition);
    if (!must_exist && !wants_record(condition)) return;
    if (condition.if_matches != nullptr) {
        condition.if_matches = keep(narrowing.narrowed(*condition.if_matches));
    } else if (narrowing.has_rows()) {
        condition.if_matches = keep(narrowing.narrowed({}));
    }
}

void RestrictedBatch::narrow(Guard& guard) {
    const RecordNarrowing& narrowing = *told_.back().narrowing;
    if (guard.filter != nullptr && narrowing.narrows())
        guard.filter = keep(narrowing.narrowed(*guard.filter));
}

/// An insertion that fails: the only operation that does so whatever is stored.
void RestrictedBatch::refuse(std::string_view collection, Error error) {
    ModifyMatches failing{collection, never(), {}};
    failing.change = keep(std::make_unique<Refusal>(std::move(error)));
    failing.upsert = true;
    stored_.operations.emplace_back(std::move(failing));
}

Status RestrictedBatch::operator()(const InsertRecord& operation) {
    TRY_VOID(of_collection(operation.collection));
    Status allowed =
        check_insertion(*told_.back().narrowing, json::View(operation.record), operation.keep_times);
    if (allowed.ok()) {
        stored_.operations.emplace_back(operation);
    } else {
        refuse(operation.collection, std::move(allowed).error());
    }
    return {};
}

Status RestrictedBatch::operator()(const PutRecord& operation) {
    TRY_VOID(of_collection(operation.collection));
    told_.back().id = operation.id;
    if (!told_.back().narrowing->narrows()) {
        stored_.operations.emplace_back(operation);
        return {};
    }
    if (operation.create && !wants_record(operation.precondition) &&
        operation.precondition.if_none_match.empty()) {
        put_or_create(operation);
        return {};
    }
    ModifyRecord modify{operation.collection, operation.id, nullptr, operation.precondition};
    modify.change = narrowed(*keep(std::make_unique<Replacement>(operation.id, operation.record)));
    narrow(modify.precondition, true);
    stored_.operations.emplace_back(std::move(modify));
    return {};
}

void RestrictedBatch::put_or_create(const PutRecord& operation) {
    const RecordNarrowing& narrowing = *told_.back().narrowing;
    if (operation.precondition.if_absent) {
        const Replacement replacement(operation.id, operation.record);
        const Result<std::string> inserted = replacement.insertion();
        Status allowed = check_insertion(narrowing, json::View(*inserted), false);
        if (!allowed.ok()) return refuse(operation.collection, std::move(allowed).error());
        stored_.operations.emplace_back(operation);
        return;
    }
    const RecordChange* const replaced =
        narrowed(*keep(std::make_unique<Replacement>(operation.id, operation.record)));
    ModifyMatches modify{operation.collection, filter_of_id(operation.id), {}};
    modify.change = keep(std::make_unique<VisibleOnly>(narrowing, operation.id, *replaced));
    modify.upsert = true;
    stored_.operations.emplace_back(std::move(modify));
}

Status RestrictedBatch::operator()(const ModifyRecord& operation) {
    TRY_VOID(of_collection(operation.collection));
    told_.back().id = operation.id;
    ModifyRecord modify = operation;
    modify.change = narrowed(*operation.change);
    narrow(modify.precondition, operation.guard.filter == nullptr);
    narrow(modify.guard);
    stored_.operations.emplace_back(std::move(modify));
    return {};
}

Status RestrictedBatch::operator()(const RemoveRecord& operation) {
    TRY_VOID(of_collection(operation.collection));
    told_.back().id = operation.id;
    RemoveRecord remove = operation;
    narrow(remove.precondition, operation.guard.filter == nullptr);
    narrow(remove.guard);
    stored_.operations.emplace_back(std::move(remove));
    return {};
}

template <class Matches>
Status RestrictedBatch::matches(Matches operation) {
    const RecordNarrowing& narrowing = *told_.back().narrowing;
    operation.filter = narrowing.narrowed(operation.filter);
    operation.sort = narrowing.blinded(operation.sort);
    stored_.operations.emplace_back(std::move(operation));
    return {};
}

Status RestrictedBatch::operator()(const ModifyMatches& operation) {
    TRY_VOID(of_collection(operation.collection));
    ModifyMatches modify = operation;
    modify.change = narrowed(*operation.change);
    return matches(std::move(modify));
}

Status RestrictedBatch::operator()(const RemoveMatches& operation) {
    TRY_VOID(of_collection(operation.collection));
    return matches(operation);
}

Status RestrictedBatch::operator()(const CheckRecord& operation) {
    TRY_VOID(of_collection(operation.collection));
    told_.back().id = operation.id;
    CheckRecord check = operation;
    narrow(check.precondition, false);
    stored_.operations.emplace_back(std::move(check));
    return {};
}

Status RestrictedBatch::operator()(const CheckMatches& operation) {
    TRY_VOID(of_collection(operation.collection));
    CheckMatches check = operation;
    check.filter = told_.back().narrowing->narrowed(operation.filter);
    stored_.operations.emplace_back(std::move(check));
    return {};
}

Status RestrictedBatch::operator()(const CreateCollection& operation) {
    TRY_VOID(of_collection(operation.name));
    created_.emplace(operation.name);
    stored_.operations.emplace_back(operation);
    return {};
}

/// A collection of which the credential sees only some is not its to change.
Status RestrictedBatch::definition(std::string_view collection) {
    TRY_VOID(of_collection(collection));
    if (!told_.back().narrowing->narrows()) return {};
    return Error(ErrorCode::FORBIDDEN,
                 "The credential sees only some of the records or fields of the collection '" +
                     std::string(collection) + "', so it can't change the collection itself");
}

Status RestrictedBatch::operator()(const AlterCollection& operation) {
    TRY_VOID(definition(operation.name));
    stored_.operations.emplace_back(operation);
    return {};
}

Status RestrictedBatch::operator()(const DropCollection& operation) {
    TRY_VOID(definition(operation.name));
    stored_.operations.emplace_back(operation);
    return {};
}

Status RestrictedBatch::operator()(const PublishCollection& operation) {
    TRY_VOID(definition(operation.name));
    stored_.operations.emplace_back(operation);
    return {};
}

Status RestrictedBatch::operator()(const CreateIndex& operation) {
    // One that comes with the collection is no change of it.
    const bool with_collection = created_.contains(operation.collection) &&
                                 !names_hidden(operation.spec, narrowing_.of(operation.collection));
    TRY_VOID(with_collection ? of_collection(operation.collection) : definition(operation.collection));
    stored_.operations.emplace_back(operation);
    return {};
}

Status RestrictedBatch::operator()(const DropIndex& operation) {
    TRY_VOID(definition(operation.collection));
    stored_.operations.emplace_back(operation);
    return {};
}

void RestrictedBatch::strip(OperationOutcome& outcome, const Told& told) const {
    const RecordNarrowing& narrowing = *told.narrowing;
    if (!narrowing.hidden) return;
    for (std::string* text : {&outcome.record, &outcome.before}) {
        if (text->empty()) continue;
        std::string scratch;
        const json::View shown = narrowing.shown(json::View(*text), scratch);
        if (shown.text().data() != text->data()) *text = std::string(shown.text());
    }
    // Warnings of the collection's rule name fields as its errors do.
    if (!outcome.warning.empty()) {
        const Error warning =
            storage::discreet(Error(ErrorCode::SCHEMA_VIOLATION, outcome.warning), narrowing);
        if (warning.message != outcome.warning) outcome.warning = "[]";
    }
}

WriteOutcome RestrictedBatch::shown(WriteOutcome outcome) const {
    for (std::size_t i = 0; i < outcome.operations.size() && i < told_.size(); ++i) {
        OperationOutcome& operation = outcome.operations[i];
        strip(operation, told_[i]);
        if (operation.error) operation.error = told(*std::move(operation.error), i);
    }
    return outcome;
}

Error RestrictedBatch::told(Error error, std::size_t position) const {
    const Told& told = told_[position];
    const bool rows = told.narrowing->has_rows();
    if (rows && error.code == ErrorCode::PRECONDITION_FAILED && !told.id.empty()) {
        // An error of the whole batch names its place in front, an outcome's own does not.
        const bool placed = !error.field.empty() && error.field.find_first_not_of("0123456789") != 0;
        error = told.not_found ? record_not_found(told.id) : precondition_failed(told.id);
        return placed ? at_operation(std::move(error), position, told_.size()) : error;
    }
    return storage::discreet(std::move(error), *told.narrowing);
}

Error RestrictedBatch::discreet(Error error) const {
    std::size_t position = 0;
    if (told_.size() > 1) {
        const std::size_t digits = std::min(error.field.find_first_not_of("0123456789"), error.field.size());
        if (digits == 0 || digits > 5) return error;
        position = std::stoul(error.field.substr(0, digits));
    }
    if (position >= told_.size()) return error;
    return told(std::move(error), position);
}

}  // namespace credvault::storage
