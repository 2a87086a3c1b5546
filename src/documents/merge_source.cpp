#include "documents/merge_source.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "documents/held_rows.h"
#include "json/writer.h"
#include "query/pipeline/join_values.h"
#include "storage/errors.h"

namespace credvault::documents {
namespace {

constexpr query::BatchRoom room{1'000, 1024 * 1024};
constexpr int most_tries = 4;

/// The document with the members of another set in it.
std::string merged(const json::View& document, const json::View& with) {
    json::Value value(document);
    for (const json::Member& member : with.members()) {
        std::string name;
        json::append_decoded(name, member.name);
        value.set(name, json::Value(member.value));
    }
    return value.text();
}

}  // namespace

/// Makes a stored record what the stage says. Runs on a writer's thread.
class MergeSource::Change final : public storage::RecordChange {
public:
    Change(const query::MergeStage& stage, json::View document, std::vector<query::Item> variables,
           std::int64_t now)
        : stage_(stage), document_(document), variables_(std::move(variables)), now_ms_(now) {}

    Result<std::string> apply(const json::View& current) const override {
        if (stage_.when_matched == query::WhenMatched::Replace) return std::string(document_.text());
        if (stage_.when_matched == query::WhenMatched::Merge) return merged(current, document_);
        query::Evaluation evaluation(now_ms_);
        evaluation.need_variables(variables_.size());
        for (std::size_t i = 0; i < variables_.size(); ++i) evaluation.set_variable(i, variables_[i]);
        TRY(std::string changed, stage_.update->apply(current, evaluation));
        return changed;
    }

private:
    const query::MergeStage& stage_;
    json::View document_;
    std::vector<query::Item> variables_;
    std::int64_t now_ms_;
};

struct MergeSource::Merging {
    const query::Batch& documents;
    std::vector<std::string> keys;  ///< Of the documents; empty: it has none, and matches nothing.
    std::unordered_map<std::string, std::string> target_ids;  ///< By key.
    std::vector<std::unique_ptr<Change>> changes;
    std::vector<storage::Operation> operations;
    std::vector<std::string> ids;  ///< What the operations point to.
    std::optional<Error> problem;  ///< The first document's that could not be merged; the others are.
};

Reply<bool> MergeSource::next(query::Batch&) {
    CO_TRY_VOID(context_.check_collection(stage_.into, CollectionUse::Write, stage_.where() + ".into"));
    CO_TRY_VOID(co_await check_target());
    for (bool more = true; more;) {
        query::Batch documents(room);
        CO_TRY(more, co_await from_->next(documents));
        if (!documents.empty() || !more) CO_TRY_VOID(co_await merge(documents, !more));
    }
    co_return false;
}

/// The collection is made where it is not there; other fields than id need a unique index.
Reply<void> MergeSource::check_target() {
    Result<storage::CollectionInfo> info =
        co_await context_.engine.describe_collection(context_.database->id, stage_.into);
    const bool by_id = stage_.on.size() == 1 && stage_.on.front().text == "id";
    if (!info.ok() && info.error().code != ErrorCode::COLLECTION_NOT_FOUND) co_return std::move(info).error();
    if (!by_id) {
        const auto is_on = [&](const storage::IndexInfo& index) {
            const query::Sort& fields = index.spec.keys.fields;
            return index.spec.unique && index.state != storage::IndexState::Failed &&
                   fields.size() == stage_.on.size() &&
                   std::ranges::all_of(stage_.on, [&](const query::Path& path) {
                       return std::ranges::find(fields, path, &query::SortKey::path) != fields.end();
                   });
        };
        if (!info.ok() || std::ranges::none_of(info->indexes, is_on)) {
            co_return Error(
                ErrorCode::INVALID_PIPELINE,
                "To merge on other fields than id, the collection needs a unique index of just these fields",
                stage_.where() + ".on");
        }
    }
    if (info.ok()) co_return Status();
    storage::WriteBatch batch;
    batch.database = context_.database->id;
    batch.actor = context_.actor;
    storage::CreateCollection create;
    create.name = stage_.into;
    batch.operations.emplace_back(create);
    const auto created = co_await context_.engine.write(batch);
    if (!created.ok() && created.error().code != ErrorCode::ALREADY_EXISTS) co_return created.error();
    co_return Status();
}

Reply<void> MergeSource::merge(const query::Batch& documents, bool last) {
    Merging merging{documents, {}, {}, {}, {}, {}, {}};
    for (std::size_t i = 0; i < documents.size(); ++i) {
        CO_TRY(std::string key, join_key(documents[i]));
        merging.keys.push_back(std::move(key));
    }
    for (int tries = 1;; ++tries) {
        Result<bool> done = co_await try_merge(merging, last);
        if (done.ok()) break;
        // Somebody else wrote between our look and our write.
        const ErrorCode code = done.error().code;
        const bool again = code == ErrorCode::DUPLICATE_KEY || code == ErrorCode::ALREADY_EXISTS ||
                           code == ErrorCode::RECORD_NOT_FOUND;
        if (!again || tries == most_tries) co_return std::move(done).error();
    }
    if (merging.problem) co_return std::move(*merging.problem);
    co_return Status();
}

/// The values of the fields to merge on, joined; empty where the document can match nothing (an id that is missing).
Result<std::string> MergeSource::join_key(const json::View& document) const {
    std::string key;
    for (const query::Path& path : stage_.on) {
        const std::vector<json::View> values = query::asking_values(document, path);
        const auto top = document.find(path.parts.front().escaped);
        if (!top && path.text == "id") return std::string();
        if (values.size() != 1 || values.front().is_null() || (top && top->is_array())) {
            return Error(ErrorCode::INVALID_PIPELINE,
                         "The field '" + query::shown_name(path.text) +
                             "' to merge on must not be missing, null or an array in a document",
                         stage_.where() + ".on");
        }
        key += query::join_key(values.front());
        key += '\0';
    }
    return key;
}

Reply<void> MergeSource::find_targets(Merging& merging) {
    std::vector<std::string> texts;
    const query::Path& first = stage_.on.front();
    for (std::size_t i = 0; i < merging.documents.size(); ++i) {
        if (merging.keys[i].empty()) continue;
        texts.emplace_back(query::asking_values(merging.documents[i], first).front().text());
    }
    merging.target_ids.clear();
    if (texts.empty()) co_return Status();
    storage::FindRequest request;
    request.database = context_.database->id;
    request.collection = stage_.into;
    request.filter = query::filter_of_values(first, texts);
    request.any_order = true;
    request.limit = storage::no_limit;
    request.limits = context_.limits();
    query::Batch found;
    query::MemoryShare memory(context_.work);
    HeldRows rows(found, memory);
    CO_TRY_VOID(co_await context_.find(request, rows));
    if (rows.overflowed()) co_return context_.work.too_large(stage_.where());
    for (std::size_t i = 0; i < found.size(); ++i) {
        const Result<std::string> key = join_key(found[i]);
        const auto id = found[i].find("id");
        if (key.ok() && id) merging.target_ids.emplace(*key, id->as_string());
    }
    co_return Status();
}

Result<std::unique_ptr<MergeSource::Change>> MergeSource::change_for(const json::View& document) {
    std::vector<query::Item> variables;
    if (stage_.when_matched == query::WhenMatched::Pipeline) {
        variables.assign(run_.variables.begin(),
                         run_.variables.begin() + static_cast<std::ptrdiff_t>(stage_.outer_variables));
        run_.evaluation.begin(document);
        for (const query::LetVariable& variable : stage_.variables) {
            TRY(const query::Item value, variable.value.evaluate(run_.evaluation));
            if (value.is_missing()) {
                return Error(ErrorCode::INVALID_EXPRESSION, "The variable has no value in a document",
                             stage_.where() + ".let." + variable.name);
            }
            variables.push_back(value.owned());
        }
        variables.emplace_back(document);
    }
    return std::make_unique<Change>(stage_, document, std::move(variables), context_.now_ms);
}

Status MergeSource::plan_one(Merging& merging, std::size_t i) {
    const json::View document = merging.documents[i];
    const auto target = merging.target_ids.find(merging.keys[i]);
    const auto problem = [&](ErrorCode code, std::string message) {
        if (!merging.problem) merging.problem = Error(code, std::move(message), stage_.where());
        return Status();
    };
    if (target == merging.target_ids.end() || merging.keys[i].empty()) {
        if (stage_.when_not_matched == query::WhenNotMatched::Discard) return {};
        if (stage_.when_not_matched == query::WhenNotMatched::Fail) {
            return problem(ErrorCode::INVALID_PIPELINE,
                           "A document has no record that it matches, and whenNotMatched is fail");
        }
        storage::InsertRecord insert;
        insert.collection = stage_.into;
        insert.record = document.text();
        merging.operations.emplace_back(insert);
        return {};
    }
    if (stage_.when_matched == query::WhenMatched::KeepExisting) return {};
    if (stage_.when_matched == query::WhenMatched::Fail) {
        return problem(ErrorCode::DUPLICATE_KEY,
                       "A document matches a record that exists, and whenMatched is fail");
    }
    TRY(std::unique_ptr<Change> change, change_for(document));
    storage::ModifyRecord modify;
    modify.collection = stage_.into;
    modify.id = target->second;
    modify.change = change.get();
    merging.changes.push_back(std::move(change));
    merging.operations.emplace_back(modify);
    return {};
}

Reply<bool> MergeSource::try_merge(Merging& merging, bool last) {
    CO_TRY_VOID(co_await find_targets(merging));
    merging.operations.clear();
    merging.changes.clear();
    merging.problem.reset();
    std::unordered_map<std::string, bool> inserted;
    for (std::size_t i = 0; i < merging.documents.size(); ++i) {
        // Documents of the same key: the later ones find what the first has inserted, in a batch of their own.
        const bool matched = merging.target_ids.contains(merging.keys[i]);
        if (!matched && !merging.keys[i].empty() && !inserted.try_emplace(merging.keys[i], true).second) {
            query::Batch rest;
            for (std::size_t j = i; j < merging.documents.size(); ++j) rest.add(merging.documents[j]);
            CO_TRY_VOID(co_await merge_planned(merging, false));
            CO_TRY_VOID(co_await merge(rest, last && !merging.problem));
            co_return true;
        }
        CO_TRY_VOID(plan_one(merging, i));
    }
    CO_TRY_VOID(co_await merge_planned(merging, last));
    co_return true;
}

/// With the last of them the client's key is kept, unless the call is going to fail.
Reply<void> MergeSource::merge_planned(Merging& merging, bool last) {
    const bool keeps = last && context_.once && !merging.problem;
    if (merging.operations.empty() && !keeps) co_return Status();
    storage::WriteBatch batch;
    batch.database = context_.database->id;
    batch.actor = context_.actor;
    batch.operations = std::move(merging.operations);
    if (keeps) batch.idempotency = context_.once;
    CO_TRY_VOID(co_await context_.engine.write(batch));
    co_return Status();
}

}  // namespace credvault::documents
