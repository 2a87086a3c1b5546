#include "documents/bulk.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "documents/bulk_results.h"
#include "documents/collections.h"
#include "storage/searches.h"

namespace credvault::documents {
namespace {

/// Operations that are not atomic are written in batches of so many, so that others need not wait long.
constexpr std::size_t chunk_operations = 500;

Error at(std::string_view name, std::size_t position, Error error) {
    std::string place = std::string(name) + "." + std::to_string(position);
    error.field = error.field.empty() ? std::move(place) : std::move(place) + "." + error.field;
    return error;
}

/// The engine's error of a batch whose first so many operations are preconditions, for the client who wrote two lists.
Error placed(Error error, std::size_t operations, std::size_t preconditions) {
    std::size_t position = 0;
    std::string rest = error.field;
    if (operations > 1) {
        const char* const end = rest.data() + rest.size();
        const auto read = std::from_chars(rest.data(), end, position);
        if (read.ec != std::errc()) return error;  // About the batch as a whole.
        rest.erase(0, static_cast<std::size_t>(read.ptr - rest.data()));
        if (rest.starts_with('.')) rest.erase(0, 1);
    } else if (error.code == ErrorCode::DATABASE_NOT_FOUND ||
               error_kind(error.code) == ErrorKind::Unavailable) {
        return error;
    }
    // Conditions are named otherwise in headers.
    error.field = rest == "If-Match" || rest == "If-None-Match" ? "if_exists" : rest;
    if (position < preconditions) return at("preconditions", position, std::move(error));
    return at("operations", position - preconditions, std::move(error));
}

storage::OperationOutcome summed(const storage::WriteOutcome& outcome) {
    if (outcome.operations.size() == 1) return outcome.operations.front();
    storage::OperationOutcome all;
    all.effect = storage::Effect::Skipped;
    for (const storage::OperationOutcome& one : outcome.operations) {
        all.matched += one.matched;
        all.modified += one.modified;
        all.warned += one.warned;
        if (all.warning.empty()) all.warning = one.warning;
        if (one.effect == storage::Effect::Changed || one.effect == storage::Effect::Removed)
            all.effect = one.effect;
    }
    return all;
}

Status check_array(const json::View& operations, std::string_view name) {
    if (!operations.is_array())
        return Error(ErrorCode::INVALID_PARAMETER, "'" + std::string(name) + "' is an array",
                     std::string(name));
    const std::size_t size = operations.size();
    if (size <= storage::max_batch_operations) return {};
    return Error(ErrorCode::LIMIT_EXCEEDED,
                 "There may be at most " + std::to_string(storage::max_batch_operations) + " operations",
                 std::string(name));
}

}  // namespace

struct Bulk::Run {
    Run(DatabaseRef in, ListRules rules, BulkOptions with)
        : database(std::move(in)), list(std::move(rules)), options(std::move(with)) {}

    DatabaseRef database;
    OperationList list;
    BulkOptions options;

    const ListedOperation& operator[](std::size_t i) const { return list.operations()[i]; }
    /// Behind the preconditions, if there are any; without those there must be some.
    Status add_operations(const json::View& operations, std::string_view collection) {
        const std::size_t checks = list.size();
        for (const json::View document : operations.elements()) {
            Status added = list.add(document, collection);
            if (!added.ok()) return at("operations", list.size() - checks, std::move(added).error());
        }
        if (list.size() > 0) return {};
        return Error(ErrorCode::INVALID_PARAMETER, "There must be an operation at least", "operations");
    }
    storage::WriteBatch batch(std::size_t begin, std::size_t end, const UpdateSettings& settings) const {
        storage::WriteBatch batch;
        batch.database = database->id;
        batch.actor = options.actor;
        batch.max_examined = settings.max_examined;
        batch.max_matched = settings.max_matched;
        for (std::size_t i = begin; i < end; ++i) batch.operations.push_back((*this)[i].operation);
        return batch;
    }
    /// The client's key, for the part of the work that begins at an operation.
    std::optional<storage::Idempotency> key_of(std::size_t position) const {
        std::optional<storage::Idempotency> part = options.idempotency;
        if (part) part->key += "#" + std::to_string(position);
        return part;
    }
    std::string results(const storage::WriteOutcome& outcome, std::size_t begin) const {
        std::string text = "[";
        for (std::size_t i = 0; i < outcome.operations.size(); ++i) {
            if (i > 0) text += ',';
            text += result_text((*this)[begin + i].kind, outcome.operations[i]);
        }
        return text + "]";
    }
};

Reply<std::string> Bulk::run(Place place, json::View operations, BulkOptions options) {
    CO_TRY_VOID(check_array(operations, "operations"));
    CO_TRY_VOID(co_await Collections(engine_).options(place));
    ListRules rules{options.may_set_times, false};
    CO_TRY(rules.texts, co_await searched_texts(place.database, operations, place.collection));
    Run run(place.database, std::move(rules), std::move(options));
    CO_TRY_VOID(run.add_operations(operations, place.collection));
    CO_TRY_VOID(co_await check_guards(run, "operations", 0));
    if (run.options.atomic) co_return co_await run_whole(run, 0);
    co_return co_await run_each(run);
}

Reply<std::string> Bulk::transact(DatabaseRef database, json::View operations,
                                  std::optional<json::View> preconditions, BulkOptions options) {
    CO_TRY_VOID(check_array(operations, "operations"));
    if (preconditions) CO_TRY_VOID(check_array(*preconditions, "preconditions"));
    ListRules rules{options.may_set_times, true};
    CO_TRY(rules.texts, co_await searched_texts(database, operations, {}));
    if (preconditions) {
        CO_TRY(SearchedTexts more, co_await searched_texts(database, *preconditions, {}));
        rules.texts.merge(more);
    }
    Run run(std::move(database), std::move(rules), std::move(options));
    if (preconditions) {
        for (const json::View document : preconditions->elements()) {
            Status added = run.list.add_check(document);
            if (!added.ok()) co_return at("preconditions", run.list.size(), std::move(added).error());
        }
    }
    const std::size_t checks = run.list.size();
    CO_TRY_VOID(run.add_operations(operations, {}));
    if (run.list.size() > storage::max_batch_operations) {
        co_return Error(ErrorCode::LIMIT_EXCEEDED,
                        "There may be at most " + std::to_string(storage::max_batch_operations) +
                            " operations and preconditions",
                        "operations");
    }
    CO_TRY_VOID(co_await check_guards(run, "operations", checks));
    co_return co_await run_whole(run, checks);
}

/// What filters of the operations search, on the one collection or on those that they name. A collection that is not
/// there is left to whoever uses it.
Reply<SearchedTexts> Bulk::searched_texts(const DatabaseRef& database, json::View operations,
                                          std::string_view collection) {
    SearchedTexts texts;
    if (!storage::may_search(operations.text())) co_return texts;
    std::set<std::string> names;
    for (const json::View operation : operations.elements()) {
        if (!collection.empty()) break;
        const auto named = operation.is_object() ? operation.find("collection") : std::nullopt;
        if (named && named->is_string() && storage::may_search(operation.text()))
            names.insert(named->as_string());
    }
    if (!collection.empty()) names.emplace(collection);
    for (const std::string& name : names) {
        Result<std::shared_ptr<const query::TextSource>> text =
            co_await storage::text_source(engine_, database->id, name, operations.text());
        if (text.ok()) {
            texts.emplace(name, *std::move(text));
        } else if (text.error().code != ErrorCode::COLLECTION_NOT_FOUND) {
            co_return std::move(text).error();
        }
    }
    co_return texts;
}

Reply<void> Bulk::check_guards(const Run& run, std::string_view name, std::size_t preconditions) {
    std::set<std::string_view> free;
    Collections collections(engine_);
    for (std::size_t i = 0; i < run.list.size(); ++i) {
        const ListedOperation& one = run[i];
        if (one.versioned || one.refused || free.contains(one.collection)) continue;
        const Place place(run.database, one.collection);
        Result<CollectionOptions> options = co_await collections.options(place);
        if (!options.ok()) co_return at(name, i - preconditions, std::move(options).error());
        if (!options->require_if_match) {
            free.insert(one.collection);
            continue;
        }
        const Error error(
            ErrorCode::PRECONDITION_REQUIRED,
            "This collection wants the version of what is changed: give 'if_version', or a filter "
            "that fixes '_version'");
        co_return at(name, i - preconditions, error);
    }
    co_return Status();
}

Reply<std::string> Bulk::run_whole(Run& run, std::size_t preconditions) {
    for (std::size_t i = 0; i < run.list.size(); ++i) {
        if (!run[i].refused) continue;
        co_return i < preconditions ? at("preconditions", i, *run[i].refused)
                                    : at("operations", i - preconditions, *run[i].refused);
    }
    const auto text = [&run, preconditions](const storage::WriteOutcome& outcome) {
        BulkResults results;
        for (std::size_t i = preconditions; i < outcome.operations.size(); ++i)
            results.add(result_text(run[i].kind, outcome.operations[i]));
        return results.text();
    };
    storage::WriteBatch batch = run.batch(0, run.list.size(), updates_.settings());
    batch.idempotency = run.options.idempotency;
    if (batch.idempotency) batch.idempotency->answer = text;
    Result<storage::WriteOutcome> outcome = co_await engine_.write(batch);
    if (!outcome.ok()) co_return placed(std::move(outcome).error(), batch.operations.size(), preconditions);
    co_return outcome->replayed ? std::move(outcome->answer) : text(*outcome);
}

/// Where operations fail alone, and in an ordered bulk after the first that failed, the work goes on in another batch.
Reply<std::string> Bulk::run_each(Run& run) {
    BulkResults results;
    std::size_t next = 0;
    const auto stopped = [&] { return run.options.ordered && results.failed(); };
    while (next < run.list.size() && !stopped()) {
        if (run[next].refused) {
            results.add(failure_text(run[next].kind, *run[next].refused));
            ++next;
            continue;
        }
        std::size_t end = next + 1;
        while (end < run.list.size() && end - next < chunk_operations && !run[end].refused) ++end;
        Result<std::string> chunk = co_await run_chunk(run, next, end);
        if (!chunk.ok()) {
            if (next == 0) co_return std::move(chunk).error();
            for (; next < end && !stopped(); ++next) results.add(failure_text(run[next].kind, chunk.error()));
            continue;
        }
        for (const json::View result : json::View(*chunk).elements()) {
            const auto code = result.find("code");
            const bool large = code && code->escaped() == error_name(ErrorCode::QUERY_TOO_LARGE);
            if (large && run[next].selection) {
                CO_TRY(const std::string alone, co_await run_alone(run, next));
                results.add(alone);
            } else {
                results.add(result.text());
            }
            ++next;
        }
    }
    for (; next < run.list.size(); ++next) results.add(skipped_text(run[next].kind));
    co_return results.text();
}

/// A canonical array of results; a shorter one where an ordered run stopped.
Reply<std::string> Bulk::run_chunk(Run& run, std::size_t begin, std::size_t end) {
    storage::WriteBatch batch = run.batch(begin, end, updates_.settings());
    batch.on_failure = run.options.ordered ? storage::OnFailure::Stop : storage::OnFailure::Skip;
    batch.idempotency = run.key_of(begin);
    if (batch.idempotency) {
        batch.idempotency->answer = [&run, begin](const storage::WriteOutcome& outcome) {
            return run.results(outcome, begin);
        };
    }
    CO_TRY(storage::WriteOutcome outcome, co_await engine_.write(batch));
    co_return outcome.replayed ? std::move(outcome.answer) : run.results(outcome, begin);
}

/// One operation that looks at too many records to do so within the writer.
Reply<std::string> Bulk::run_alone(Run& run, std::size_t position) {
    const ListedOperation& one = run[position];
    UpdateOptions options;
    options.actor = run.options.actor;
    options.idempotency = run.key_of(position);
    if (options.idempotency) {
        options.idempotency->key += "a";
        options.idempotency->answer = [&one](const storage::WriteOutcome& outcome) {
            return result_text(one.kind, summed(outcome));
        };
    }
    const Place place(run.database, one.collection);
    const Selection selection = *one.selection;
    Result<storage::WriteOutcome> outcome = Error(ErrorCode::INTERNAL);
    if (one.change) {
        outcome = co_await updates_.update(place, selection, one.change, one.upsert, options);
    } else {
        outcome = co_await updates_.remove(place, selection, options);
    }
    if (!outcome.ok()) co_return failure_text(one.kind, outcome.error());
    co_return outcome->replayed ? outcome->answer : result_text(one.kind, summed(*outcome));
}

}  // namespace credvault::documents
