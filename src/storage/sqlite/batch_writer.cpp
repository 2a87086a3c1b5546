#include "storage/sqlite/batch_writer.h"

#include <type_traits>
#include <utility>
#include <variant>

#include "storage/errors.h"
#include "storage/sqlite/failure.h"
#include "storage/sqlite/schema_writer.h"

namespace credvault::storage {
namespace {

template <class T>
constexpr bool is_record_operation =
    std::is_same_v<T, InsertRecord> || std::is_same_v<T, PutRecord> || std::is_same_v<T, ModifyRecord> ||
    std::is_same_v<T, RemoveRecord> || std::is_same_v<T, ModifyMatches> || std::is_same_v<T, RemoveMatches> ||
    std::is_same_v<T, CheckRecord> || std::is_same_v<T, CheckMatches>;

/// Whether the operation writes to several records, so that a failure may come after some were written.
bool is_of_several(const Operation& operation) {
    if (const auto* const modify = std::get_if<ModifyMatches>(&operation)) return modify->limit != 1;
    const auto* const remove = std::get_if<RemoveMatches>(&operation);
    return remove != nullptr && remove->limit != 1;
}

/// Whether its failure may be told in its outcome, the batch going on.
bool may_fail_alone(const WriteBatch& batch, const Operation& operation, const Error& error) {
    const auto of_records = [](const auto& one) { return is_record_operation<std::decay_t<decltype(one)>>; };
    return batch.on_failure != OnFailure::Undo && !is_store_fault(error) && std::visit(of_records, operation);
}

/// The answer that was kept under the key, or nothing.
Result<std::optional<WriteOutcome>> kept_answer(Connection& connection, const Idempotency& once,
                                                std::int64_t now_ms) {
    Statement& statement = connection[Sql::FindAnswer];
    const StatementScope scope(statement);
    const int code = statement.bind_text(1, once.key).step();
    if (code == SQLITE_DONE) return std::optional<WriteOutcome>();
    if (code != SQLITE_ROW) return connection.error(code, "looking an idempotency key up");
    if (statement.integer(2) <= now_ms) return std::optional<WriteOutcome>();
    if (statement.bytes(0) != once.fingerprint) return idempotency_key_reused();
    WriteOutcome outcome;
    outcome.replayed = true;
    outcome.time_ms = now_ms;
    outcome.answer = statement.bytes(1);
    return std::optional<WriteOutcome>(std::move(outcome));
}

Status keep_answer(Connection& connection, const Idempotency& once, const std::string& answer) {
    Statement& statement = connection[Sql::KeepAnswer];
    statement.bind_text(1, once.key)
        .bind_text(2, once.fingerprint)
        .bind_text(3, answer)
        .bind(4, once.expires_ms);
    return connection.check(statement.run(), "keeping an idempotency key");
}

}  // namespace

Result<WriteOutcome> BatchWriter::apply(WriteTransaction& transaction, const WriteBatch& batch,
                                        std::int64_t now_ms) {
    if (batch.operations.size() > max_batch_operations) return too_many_operations();
    if (batch.idempotency) {
        TRY(std::optional<WriteOutcome> kept,
            kept_answer(transaction.connection(), *batch.idempotency, now_ms));
        if (kept) return std::move(*kept);
    }
    WriteOutcome outcome;
    outcome.time_ms = now_ms;
    if (batch.idempotency && batch.idempotency->only_look) return outcome;
    outcome.operations.reserve(batch.operations.size());
    transaction.set_actor(batch.actor);
    records_.start(transaction, batch, now_ms);
    for (const Operation& operation : batch.operations) {
        Result<OperationOutcome> one = apply_apart(transaction, batch, operation, now_ms);
        if (!one.ok()) {
            return at_operation(std::move(one).error(), outcome.operations.size(), batch.operations.size());
        }
        outcome.operations.push_back(std::move(one).value());
        if (batch.on_failure == OnFailure::Stop && outcome.operations.back().effect == Effect::Failed) break;
    }
    if (batch.idempotency) {
        outcome.answer = batch.idempotency->answer(outcome);
        TRY_VOID(keep_answer(transaction.connection(), *batch.idempotency, outcome.answer));
    }
    return outcome;
}

/// Where the operation may fail alone, its failure becomes its outcome and what it wrote is undone.
Result<OperationOutcome> BatchWriter::apply_apart(WriteTransaction& transaction, const WriteBatch& batch,
                                                  const Operation& operation, std::int64_t now_ms) {
    Connection& connection = transaction.connection();
    const bool savepoint = batch.on_failure != OnFailure::Undo && is_of_several(operation);
    if (savepoint) TRY_VOID(connection.check(connection[Sql::Savepoint].run(), "making a savepoint"));
    const std::optional<WriteTransaction::State> mark =
        savepoint ? std::optional(transaction.mark()) : std::nullopt;
    Result<OperationOutcome> outcome = apply_operation(transaction, operation, now_ms);
    if (!outcome.ok()) {
        if (!may_fail_alone(batch, operation, outcome.error())) return outcome;
        if (mark) {
            transaction.return_to(*mark);
            TRY_VOID(connection.check(connection[Sql::RollbackTo].run(), "returning to a savepoint"));
        }
        OperationOutcome failed;
        failed.effect = Effect::Failed;
        failed.error = std::move(outcome).error();
        outcome = std::move(failed);
    }
    if (savepoint) TRY_VOID(connection.check(connection[Sql::Release].run(), "releasing a savepoint"));
    return outcome;
}

Result<OperationOutcome> BatchWriter::apply_operation(WriteTransaction& transaction,
                                                      const Operation& operation, std::int64_t now_ms) {
    return std::visit(
        [&](const auto& one) {
            if constexpr (is_record_operation<std::decay_t<decltype(one)>>) {
                return records_.apply(one);
            } else {
                return storage::apply(transaction, one, now_ms);
            }
        },
        operation);
}

bool is_checked_first(const WriteBatch& batch) {
    const auto of_a_record = [](const auto& one) { return is_record_operation<std::decay_t<decltype(one)>>; };
    return batch.operations.size() == 1 && std::visit(of_a_record, batch.operations.front()) &&
           !is_of_several(batch.operations.front());
}

}  // namespace credvault::storage
