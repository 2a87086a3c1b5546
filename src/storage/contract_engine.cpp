#include "storage/contract_engine.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/log.h"
#include "storage/contract_checks.h"
#include "storage/hidden.h"

namespace credvault::storage {
namespace {

using enum ErrorCode;

/// A caller's change whose result is checked before the engine gets it.
class ContractChange final : public RecordChange {
public:
    ContractChange(const RecordChange& inner, std::function<void(const std::string&)> report)
        : inner_(inner), report_(std::move(report)) {}

    Result<std::string> apply(const json::View& current) const override {
        if (std::string wrong = wrong_record(current); !wrong.empty()) report_("change: " + wrong);
        return checked(inner_.apply(current));
    }
    Result<std::string> insertion() const override { return checked(inner_.insertion()); }

private:
    Result<std::string> checked(Result<std::string> changed) const {
        if (!changed.ok()) return changed;
        const std::string wrong = wrong_object(*changed);
        if (wrong.empty()) return changed;
        report_("change: " + wrong);
        return Error(INTERNAL, {}, {}, "change: " + wrong);
    }

    const RecordChange& inner_;
    const std::function<void(const std::string&)> report_;
};

std::string wrong_find(const FindRequest& request, const ContractSink& sink, const FindResult& found) {
    if (!sink.wrong().empty()) return sink.wrong();
    if (found.stats.returned != sink.rows()) return "a count of rows that is not theirs";
    if (!found.has_more && !found.next.empty()) return "a next position without more rows";
    if (found.has_more && sink.rows() == 0 && request.limit > 0) return "more rows, but none given";
    const bool continues = found.has_more && sink.rows() > 0 && !request.any_order;
    if (continues && found.next != sink.position()) return "a next position that is not the last row's";
    if (found.total.has_value() != (request.count_to > 0)) return "a total that was not asked for, or none";
    if (!found.total) return {};
    if (*found.total > request.count_to) return "a total beyond the bound";
    if (!found.total_is_exact && *found.total != request.count_to) return "an inexact total below the bound";
    return {};
}

}  // namespace

ContractEngine::ContractEngine(Engine& inner, std::function<void(const std::string&)> report)
    : inner_(inner), report_(std::move(report)) {
    if (!report_)
        report_ = [](const std::string& what) { log::error("engine contract broken", {{"what", what}}); };
}

Error ContractEngine::violation(std::string_view call, const std::string& wrong) const {
    const std::string what = std::string(call) + ": " + wrong;
    report_(what);
    return Error(INTERNAL, {}, {}, "contract broken: " + what);
}

template <class T>
Result<T> ContractEngine::checked(std::string_view call, Result<T> answer, const std::string& wrong) const {
    if (!wrong.empty()) return violation(call, wrong);
    return answer;
}

Reply<std::vector<std::string>> ContractEngine::list_databases() {
    auto answer = co_await inner_.list_databases();
    std::string wrong;
    if (!answer.ok()) {
        wrong = undeclared(answer.error(), {});
    } else if (std::find(answer->begin(), answer->end(), "system") != answer->end()) {
        wrong = "the system database in the list";
    }
    co_return checked("list_databases", std::move(answer), wrong);
}

Reply<void> ContractEngine::create_database(std::string_view database) {
    if (const std::string wrong = wrong_database_id(database); !wrong.empty()) {
        co_return violation("create_database", wrong);
    }
    auto answer = co_await inner_.create_database(database);
    const std::string wrong = answer.ok() ? "" : undeclared(answer.error(), {ALREADY_EXISTS});
    co_return checked("create_database", std::move(answer), wrong);
}

Reply<void> ContractEngine::drop_database(std::string_view database) {
    if (database == "system") co_return violation("drop_database", "the system database dropped");
    if (const std::string wrong = wrong_database_id(database); !wrong.empty()) {
        co_return violation("drop_database", wrong);
    }
    auto answer = co_await inner_.drop_database(database);
    const std::string wrong = answer.ok() ? "" : undeclared(answer.error(), {DATABASE_NOT_FOUND});
    co_return checked("drop_database", std::move(answer), wrong);
}

Reply<DatabaseInfo> ContractEngine::describe_database(std::string_view database) {
    if (const std::string wrong = wrong_database_id(database); !wrong.empty()) {
        co_return violation("describe_database", wrong);
    }
    auto answer = co_await inner_.describe_database(database);
    const std::string wrong = answer.ok() ? "" : undeclared(answer.error(), {DATABASE_NOT_FOUND});
    co_return checked("describe_database", std::move(answer), wrong);
}

Reply<std::vector<CollectionInfo>> ContractEngine::list_collections(std::string_view database) {
    if (const std::string wrong = wrong_database_id(database); !wrong.empty()) {
        co_return violation("list_collections", wrong);
    }
    auto answer = co_await inner_.list_collections(database);
    std::string wrong;
    if (!answer.ok()) {
        wrong = undeclared(answer.error(), {DATABASE_NOT_FOUND});
    } else {
        const auto by_name = [](const CollectionInfo& a, const CollectionInfo& b) { return a.name < b.name; };
        if (!std::is_sorted(answer->begin(), answer->end(), by_name))
            wrong = "collections that are not sorted by name";
        if (std::ranges::any_of(*answer, [](const auto& one) { return is_hidden(one.name); }))
            wrong = "a hidden collection in the list";
        for (const CollectionInfo& info : *answer) wrong = wrong.empty() ? wrong_answer(info) : wrong;
    }
    co_return checked("list_collections", std::move(answer), wrong);
}

Reply<CollectionInfo> ContractEngine::describe_collection(std::string_view database,
                                                          std::string_view collection) {
    if (const std::string wrong = wrong_database_id(database); !wrong.empty()) {
        co_return violation("describe_collection", wrong);
    }
    auto answer = co_await inner_.describe_collection(database, collection);
    const std::string wrong = answer.ok()
                                  ? wrong_answer(*answer)
                                  : undeclared(answer.error(), {DATABASE_NOT_FOUND, COLLECTION_NOT_FOUND});
    co_return checked("describe_collection", std::move(answer), wrong);
}

Reply<bool> ContractEngine::get(const RecordKey& key, RowSink& sink) {
    if (const std::string wrong = wrong_database_id(key.database); !wrong.empty())
        co_return violation("get", wrong);
    const auto watched =
        std::make_shared<ContractSink>(sink, ContractSink::Expectation{nullptr, {}, 1}, report_);
    auto answer = co_await inner_.get(key, *watched);
    closed_.keep(watched);
    std::string wrong = watched->wrong();
    if (!answer.ok()) {
        wrong = undeclared(answer.error(), {DATABASE_NOT_FOUND, COLLECTION_NOT_FOUND});
    } else if (wrong.empty() && *answer != (watched->rows() == 1)) {
        wrong = "an answer that does not fit the rows";
    }
    co_return checked("get", std::move(answer), wrong);
}

Reply<FindResult> ContractEngine::find(const FindRequest& request, RowSink& sink) {
    if (const std::string wrong = wrong_request(request); !wrong.empty()) co_return violation("find", wrong);
    ContractSink::Expectation expected{request.any_order ? nullptr : &request.sort, request.after,
                                       request.limit};
    const auto watched = std::make_shared<ContractSink>(sink, std::move(expected), report_);
    auto answer = co_await inner_.find(request, *watched);
    closed_.keep(watched);
    const std::string wrong =
        answer.ok() ? wrong_find(request, *watched, *answer)
                    : undeclared(answer.error(), {DATABASE_NOT_FOUND, COLLECTION_NOT_FOUND, QUERY_TIMEOUT,
                                                  QUERY_TOO_LARGE, INVALID_EXPRESSION});
    co_return checked("find", std::move(answer), wrong);
}

Reply<CountResult> ContractEngine::count(const CountRequest& request) {
    if (const std::string wrong = wrong_database_id(request.database); !wrong.empty()) {
        co_return violation("count", wrong);
    }
    auto answer = co_await inner_.count(request);
    std::string wrong;
    if (!answer.ok()) {
        wrong = undeclared(answer.error(), {DATABASE_NOT_FOUND, COLLECTION_NOT_FOUND, QUERY_TIMEOUT,
                                            QUERY_TOO_LARGE, INVALID_EXPRESSION});
    } else if (answer->count > request.count_to || (!answer->exact && answer->count != request.count_to)) {
        wrong = "a count that does not fit its bound";
    }
    co_return checked("count", std::move(answer), wrong);
}

Reply<WriteOutcome> ContractEngine::write(const WriteBatch& batch) {
    if (const std::string wrong = wrong_batch(batch); !wrong.empty()) co_return violation("write", wrong);
    WriteBatch watched = batch;
    std::vector<std::unique_ptr<ContractChange>> changes;
    for (Operation& operation : watched.operations) {
        const RecordChange** change = nullptr;
        if (auto* const modify = std::get_if<ModifyRecord>(&operation)) change = &modify->change;
        if (auto* const modify = std::get_if<ModifyMatches>(&operation)) change = &modify->change;
        if (change == nullptr) continue;
        changes.push_back(std::make_unique<ContractChange>(**change, report_));
        *change = changes.back().get();
    }
    auto answer = co_await inner_.write(watched);
    std::string wrong;
    if (answer.ok()) {
        wrong = wrong_answer(batch, *answer);
    } else {
        wrong = undeclared(answer.error(), {DATABASE_NOT_FOUND,
                                            COLLECTION_NOT_FOUND,
                                            RECORD_NOT_FOUND,
                                            INDEX_NOT_FOUND,
                                            ALREADY_EXISTS,
                                            DUPLICATE_KEY,
                                            PRECONDITION_FAILED,
                                            INVALID_RECORD,
                                            SCHEMA_VIOLATION,
                                            INVALID_INDEX,
                                            INVALID_PATCH,
                                            INVALID_UPDATE,
                                            IMMUTABLE_FIELD,
                                            PAYLOAD_TOO_LARGE,
                                            LIMIT_EXCEEDED,
                                            QUOTA_EXCEEDED,
                                            QUERY_TOO_LARGE,
                                            QUERY_TIMEOUT,
                                            WRITE_CONFLICT,
                                            INVALID_EXPRESSION,
                                            INVALID_PIPELINE,
                                            IDEMPOTENCY_KEY_REUSED,
                                            FORBIDDEN});
        if (wrong.empty()) wrong = wrong_place(answer.error(), batch.operations.size());
    }
    co_return checked("write", std::move(answer), wrong);
}

Reply<ChangesPage> ContractEngine::changes(const ChangesRequest& request) {
    if (const std::string wrong = wrong_request(request); !wrong.empty())
        co_return violation("changes", wrong);
    auto answer = co_await inner_.changes(request);
    const std::string wrong =
        answer.ok() ? wrong_answer(request, *answer)
                    : undeclared(answer.error(), {DATABASE_NOT_FOUND, INVALID_CURSOR, CHANGES_GONE});
    co_return checked("changes", std::move(answer), wrong);
}

}  // namespace credvault::storage
