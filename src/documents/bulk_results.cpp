#include "documents/bulk_results.h"

#include "json/view.h"
#include "json/writer.h"

namespace credvault::documents {
namespace {

std::string_view effect_name(storage::Effect effect) {
    switch (effect) {
        case storage::Effect::Created: return "created";
        case storage::Effect::Changed: return "changed";
        case storage::Effect::Removed: return "deleted";
        case storage::Effect::Checked: return "checked";
        case storage::Effect::Unchanged:
        case storage::Effect::Skipped:
        case storage::Effect::Failed: break;
    }
    return "unchanged";
}

void begin(json::Writer& out, std::string_view kind, std::string_view status) {
    out.begin_object();
    out.key("operation").string(kind);
    out.key("status").string(status);
}

std::int64_t count_in(const json::View& result, std::string_view name) {
    const auto count = result.find(name);
    return count ? count->as_int() : 0;
}

}  // namespace

std::string result_text(std::string_view kind, const storage::OperationOutcome& outcome) {
    if (outcome.error) return failure_text(kind, *outcome.error);
    std::string text;
    json::Writer out(text);
    begin(out, kind, "success");
    out.key("effect").string(effect_name(outcome.effect));
    if (kind == "update" || kind == "replace") {
        out.key("matched_count").number(static_cast<std::int64_t>(outcome.matched));
        out.key("modified_count").number(static_cast<std::int64_t>(outcome.modified));
    }
    if (kind == "delete") out.key("deleted_count").number(static_cast<std::int64_t>(outcome.modified));
    if (!outcome.id.empty()) out.key("id").string(outcome.id);
    if (outcome.revision.version > 0 && outcome.effect != storage::Effect::Removed)
        out.key("version").number(static_cast<std::int64_t>(outcome.revision.version));
    if (outcome.warned > 0) {
        out.key("violating_count").number(static_cast<std::int64_t>(outcome.warned));
        out.key("violations").raw(outcome.warning);
    }
    out.end_object();
    return text;
}

std::string failure_text(std::string_view kind, const Error& error) {
    std::string text;
    json::Writer out(text);
    begin(out, kind, "error");
    out.key("code").string(error_name(error.code));
    out.key("message").string(error.message);
    if (!error.field.empty()) out.key("field").string(error.field);
    out.end_object();
    return text;
}

std::string skipped_text(std::string_view kind) {
    std::string text;
    json::Writer out(text);
    begin(out, kind, "skipped");
    out.end_object();
    return text;
}

void BulkResults::add(std::string_view result) {
    if (!results_.empty()) results_ += ',';
    results_ += result;
    const json::View view(result);
    const std::string_view status = view.find("status")->escaped();
    if (status == "error") ++failed_;
    if (status != "success") return;
    const bool created = view.find("effect")->escaped() == "created";
    if (created) ++(view.find("operation")->escaped() == "insert" ? inserted_ : upserted_);
    matched_ += count_in(view, "matched_count");
    modified_ += count_in(view, "modified_count");
    deleted_ += count_in(view, "deleted_count");
}

std::string BulkResults::text() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("inserted_count").number(inserted_);
    out.key("matched_count").number(matched_);
    out.key("modified_count").number(modified_);
    out.key("upserted_count").number(upserted_);
    out.key("deleted_count").number(deleted_);
    out.key("failed_count").number(failed_);
    out.key("results").raw("[" + results_ + "]");
    out.end_object();
    return text;
}

}  // namespace credvault::documents
