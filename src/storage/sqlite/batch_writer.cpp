#include "storage/sqlite/batch_writer.h"

#include <type_traits>
#include <utility>
#include <variant>

#include "storage/errors.h"
#include "storage/sqlite/schema_writer.h"

namespace credvault::storage {
namespace {

template <class T>
constexpr bool is_record_operation = std::is_same_v<T, InsertRecord> || std::is_same_v<T, PutRecord> ||
                                     std::is_same_v<T, ModifyRecord> || std::is_same_v<T, RemoveRecord>;

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
    outcome.operations.reserve(batch.operations.size());
    transaction.set_actor(batch.actor);
    records_.start(transaction, batch, now_ms);
    for (const Operation& operation : batch.operations) {
        Result<OperationOutcome> one = apply_operation(transaction, operation, now_ms);
        if (!one.ok()) {
            return at_operation(std::move(one).error(), outcome.operations.size(), batch.operations.size());
        }
        outcome.operations.push_back(std::move(one).value());
    }
    if (batch.idempotency) {
        outcome.answer = batch.idempotency->answer(outcome);
        TRY_VOID(keep_answer(transaction.connection(), *batch.idempotency, outcome.answer));
    }
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
    return batch.operations.size() == 1 && std::visit(of_a_record, batch.operations.front());
}

}  // namespace credvault::storage
