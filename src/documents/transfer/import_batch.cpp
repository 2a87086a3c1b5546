#include "documents/transfer/import_batch.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "documents/record_input.h"
#include "json/canonical.h"
#include "json/value.h"
#include "json/writer.h"
#include "query/patch.h"
#include "storage/record.h"

namespace credvault::documents {
namespace {

constexpr std::int64_t kept_ms = std::int64_t{7} * 24 * 60 * 60 * 1'000;

/// RFC 7396 with the user's fields of a record that is imported.
class ImportMerge final : public storage::RecordChange {
public:
    explicit ImportMerge(const json::View& record) {
        json::Value::Object fields;
        for (const json::Member& member : record.members()) {
            if (storage::is_platform_field(member.name)) continue;
            std::string name;
            json::append_decoded(name, member.name);
            fields.emplace_back(std::move(name), json::Value(member.value));
        }
        patch_ = json::Value(std::move(fields));
    }

    Result<std::string> apply(const json::View& current) const override {
        json::Value record(current);
        query::merge_patch(record, patch_);
        return record.text();
    }

private:
    json::Value patch_;
};

}  // namespace

void ImportBatch::add(std::size_t begin, std::uint64_t line) {
    const json::View record(std::string_view(text_).substr(begin));
    if (Status checked = check_import(record); !checked.ok()) {
        text_.resize(begin);
        return refuse(line, checked.error());
    }
    spans_.push_back({begin, text_.size() - begin, line});
}

void ImportBatch::refuse(std::uint64_t line, const Error& error) {
    refused_.push_back({line, std::string(error_name(error.code)), error.message});
}

bool ImportBatch::beyond_quota() const {
    return std::ranges::any_of(
        refused_, [](const ImportError& one) { return one.code == error_name(ErrorCode::QUOTA_EXCEEDED); });
}

Reply<void> ImportBatch::write(storage::Engine& engine, const ImportTarget& target, std::string place) {
    if (spans_.empty()) co_return Status();
    std::vector<storage::Operation> operations;
    operations.reserve(spans_.size());
    for (std::size_t i = 0; i < spans_.size(); ++i) {
        operations.push_back(storage::InsertRecord{target.collection, record(i), true});
    }
    CO_TRY(const std::vector<Failure> failures, co_await send(engine, target, std::move(operations), place));
    outcome_.inserted = spans_.size() - failures.size();
    std::vector<std::size_t> existing;
    for (const Failure& failure : failures) {
        if (failure.code != error_name(ErrorCode::ALREADY_EXISTS) ||
            target.on_conflict == OnConflict::Error) {
            fail(failure.record, failure);
        } else if (target.on_conflict == OnConflict::Skip) {
            ++outcome_.skipped;
        } else {
            existing.push_back(failure.record);
        }
    }
    if (existing.empty()) co_return Status();
    co_return co_await write_existing(engine, target, std::move(existing), place + "+");
}

/// The second step: what was there already is replaced or merged.
Reply<void> ImportBatch::write_existing(storage::Engine& engine, const ImportTarget& target,
                                        std::vector<std::size_t> existing, std::string place) {
    const bool merge = target.on_conflict == OnConflict::Merge;
    std::vector<storage::Operation> operations;
    std::vector<std::string> ids(existing.size());
    std::vector<std::unique_ptr<ImportMerge>> changes;
    for (std::size_t i = 0; i < existing.size(); ++i) {
        const json::View view(record(existing[i]));
        ids[i] = view.find("id")->as_string();
        if (merge) {
            changes.push_back(std::make_unique<ImportMerge>(view));
            operations.push_back(storage::ModifyRecord{target.collection, ids[i], changes.back().get(), {}});
        } else {
            operations.push_back(storage::PutRecord{target.collection, ids[i], view.text(), true, {}});
        }
    }
    CO_TRY(const std::vector<Failure> failures,
           co_await send(engine, target, std::move(operations), std::move(place)));
    (merge ? outcome_.merged : outcome_.replaced) = existing.size() - failures.size();
    for (const Failure& failure : failures) fail(existing[failure.record], failure);
    co_return Status();
}

Reply<std::vector<ImportBatch::Failure>> ImportBatch::send(storage::Engine& engine,
                                                           const ImportTarget& target,
                                                           std::vector<storage::Operation> operations,
                                                           std::string place) {
    storage::WriteBatch batch;
    batch.database = target.database;
    batch.actor = target.actor;
    batch.on_failure = storage::OnFailure::Skip;
    batch.operations = std::move(operations);
    if (!target.key.empty()) {
        storage::Idempotency once;
        once.key = target.key + "/" + place;
        once.fingerprint = std::to_string(std::hash<std::string>()(text_));
        once.expires_ms = now_ms() + kept_ms;
        once.answer = &sent_text;
        batch.idempotency = std::move(once);
    }
    CO_TRY(const storage::WriteOutcome outcome, co_await engine.write(batch));
    Sent sent = outcome.replayed ? parse_sent(outcome.answer) : sent_of(outcome);
    for (const Failure& failure : sent.failures) {
        for (const ErrorCode code : {ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::DATABASE_NOT_FOUND}) {
            if (failure.code == error_name(code)) co_return Error(code, failure.message);
        }
    }
    outcome_.warned += sent.warned;
    co_return std::move(sent.failures);
}

ImportBatch::Sent ImportBatch::sent_of(const storage::WriteOutcome& outcome) {
    Sent sent;
    for (std::size_t i = 0; i < outcome.operations.size(); ++i) {
        const storage::OperationOutcome& one = outcome.operations[i];
        sent.warned += one.warned;
        if (one.error)
            sent.failures.push_back({i, std::string(error_name(one.error->code)), one.error->message});
    }
    return sent;
}

std::string ImportBatch::sent_text(const storage::WriteOutcome& outcome) {
    const Sent sent = sent_of(outcome);
    std::string text;
    json::Writer out(text);
    out.begin_array().number(static_cast<std::int64_t>(sent.warned));
    for (const Failure& failure : sent.failures) {
        out.begin_array().number(static_cast<std::int64_t>(failure.record));
        out.string(failure.code).string(failure.message).end_array();
    }
    out.end_array();
    return text;
}

ImportBatch::Sent ImportBatch::parse_sent(std::string_view text) {
    Sent sent;
    for (const json::View part : json::View(text).elements()) {
        if (!part.is_array()) {
            sent.warned = static_cast<std::uint64_t>(part.as_int());
            continue;
        }
        const json::Value parts(part);
        const json::Value::Array& three = parts.as_array();
        sent.failures.push_back(
            {static_cast<std::size_t>(three[0].as_int()), three[1].as_string(), three[2].as_string()});
    }
    return sent;
}

void ImportBatch::fail(std::size_t record, Failure failure) {
    const std::uint64_t line = spans_[record].line;
    refused_.push_back(
        {line, std::move(failure.code), "Line " + std::to_string(line) + ": " + std::move(failure.message)});
}

void ImportBatch::add_to(ImportReport& report) {
    report.inserted += outcome_.inserted;
    report.replaced += outcome_.replaced;
    report.merged += outcome_.merged;
    report.skipped += outcome_.skipped;
    report.warned += outcome_.warned;
    std::stable_sort(refused_.begin(), refused_.end(),
                     [](const ImportError& a, const ImportError& b) { return a.line < b.line; });
    for (ImportError& error : refused_) report.fail(std::move(error));
}

}  // namespace credvault::documents
