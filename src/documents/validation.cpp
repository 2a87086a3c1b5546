#include "documents/validation.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "documents/collection_options.h"
#include "json/writer.h"

namespace credvault::documents {
namespace {

constexpr std::int64_t log_pause_ns = 1'000'000'000;
/// Of what one check tells.
constexpr std::size_t max_report_bytes = 1024 * 1024;

/// ASCII, so that it may stand in a header field.
std::string header_text(std::string_view json) {
    std::string text;
    for (const char c : json) text += static_cast<unsigned char>(c) < 0x80 ? c : '?';
    return text;
}

std::string warning_of(const std::vector<query::SchemaViolation>& found) {
    constexpr std::size_t most = 3;
    std::string text;
    json::Writer out(text);
    out.begin_array();
    for (std::size_t i = 0; i < found.size() && i < most; ++i) {
        out.begin_object();
        out.key("pointer").string(found[i].pointer);
        out.key("message").string(found[i].message);
        out.end_object();
    }
    out.end_array();
    return header_text(text);
}

Error violation_of(const std::vector<query::SchemaViolation>& found) {
    Error error(ErrorCode::SCHEMA_VIOLATION);
    const query::SchemaViolation& first = found.front();
    error.message = "The record is not as the collection's schema wants it: " +
                    (first.pointer.empty() ? std::string("it") : first.pointer) + " " + first.message;
    error.field = first.pointer;
    for (const query::SchemaViolation& one : found)
        error.details.push_back({one.pointer, ErrorCode::SCHEMA_VIOLATION, one.message});
    return error;
}

class ReportSink final : public storage::RowSink {
public:
    ReportSink(const query::JsonSchema& schema, std::size_t limit) : schema_(schema), limit_(limit) {
        restart();
    }

    bool row(const storage::Row& row) override {
        ++report.checked;
        const bool tell = told_ < limit_ && report.violations.size() < max_report_bytes;
        const auto found = schema_.record_violations(row.record, tell ? max_violations_told : 1);
        if (found.empty()) return true;
        ++report.invalid;
        if (!tell) return true;
        ++told_;
        if (report.violations.size() > 1) report.violations += ',';
        append(row.record, found);
        return true;
    }
    void restart() override {
        report = {};
        report.violations = "[";
        told_ = 0;
    }

    ValidationReport report;

private:
    void append(const json::View& record, const std::vector<query::SchemaViolation>& found) {
        json::Writer out(report.violations);
        out.begin_object().key("id").raw(record.find("id")->text()).key("violations").begin_array();
        for (const query::SchemaViolation& one : found) {
            out.begin_object();
            out.key("pointer").string(one.pointer);
            out.key("keyword").string(one.keyword);
            out.key("message").string(one.message);
            out.end_object();
        }
        out.end_array().end_object();
    }

    const query::JsonSchema& schema_;
    const std::size_t limit_;
    std::size_t told_ = 0;
};

}  // namespace

std::string_view validation_mode_name(ValidationMode mode) {
    switch (mode) {
        case ValidationMode::Off: return "off";
        case ValidationMode::Warn: return "warn";
        case ValidationMode::Error: return "error";
    }
    return "off";
}

Result<query::JsonSchema> parse_record_schema(const json::View& schema, std::string_view name) {
    return query::JsonSchema::parse(schema, query::SchemaDialect::Standard, name);
}

class SchemaRule final : public storage::RecordRule {
public:
    SchemaRule(query::JsonSchema schema, ValidationMode mode, std::shared_ptr<Validation::Counts> counts)
        : schema_(std::move(schema)), mode_(mode), counts_(std::move(counts)) {}

    Result<std::string> check(const json::View& record) const override {
        const auto found = schema_.record_violations(record, max_violations_told);
        if (found.empty()) return std::string();
        if (mode_ == ValidationMode::Error) {
            ++counts_->refused;
            return violation_of(found);
        }
        ++counts_->warned;
        log_warning(record, found.front());
        return warning_of(found);
    }

private:
    /// One a second: a bulk of them must not fill the log.
    void log_warning(const json::View& record, const query::SchemaViolation& first) const {
        const std::int64_t now_ns = monotonic_ns();
        std::int64_t logged_ns = counts_->logged_ns;
        if (now_ns - logged_ns < log_pause_ns) return;
        if (!counts_->logged_ns.compare_exchange_strong(logged_ns, now_ns)) return;
        std::string id;
        log::warning("a record violates its collection's schema", {{"record", record.find("id")->decoded(id)},
                                                                   {"pointer", first.pointer},
                                                                   {"wants", first.message}});
    }

    const query::JsonSchema schema_;
    const ValidationMode mode_;
    const std::shared_ptr<Validation::Counts> counts_;
};

std::shared_ptr<const storage::RecordRule> Validation::rule_of(std::string_view text) const {
    const CollectionOptions options = CollectionOptions::parse(text);
    if (options.validation == ValidationMode::Off || options.schema.empty()) return nullptr;
    Result<query::JsonSchema> schema = parse_record_schema(json::View(options.schema), "schema");
    if (!schema.ok()) {
        // It was checked when it was set: only an older version that knew more can have stored it.
        log::error("a collection's schema can't be read; its records are not validated",
                   {{"cause", schema.error().message}});
        return nullptr;
    }
    return std::make_shared<SchemaRule>(std::move(schema).value(), options.validation, counts_);
}

Reply<ValidationReport> Validation::check(Place place, std::optional<std::string> schema, std::size_t limit,
                                          storage::WorkLimits limits) {
    if (!schema) {
        CO_TRY(const storage::CollectionInfo info,
               co_await engine_.describe_collection(place.database->id, place.collection));
        schema = CollectionOptions::parse(info.options).schema;
        if (schema->empty()) {
            co_return Error(ErrorCode::INVALID_PARAMETER,
                            "The collection has no schema of its own; send the one to check against",
                            "schema");
        }
    }
    CO_TRY(const query::JsonSchema checked, parse_record_schema(json::View(*schema), "schema"));
    storage::FindRequest request;
    request.database = place.database->id;
    request.collection = place.collection;
    request.any_order = true;
    request.limit = storage::no_limit;
    request.limits = limits;
    ReportSink sink(checked, limit);
    CO_TRY_VOID(co_await engine_.find(request, sink));
    sink.report.violations += ']';
    co_return std::move(sink.report);
}

}  // namespace credvault::documents
