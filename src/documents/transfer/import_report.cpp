#include "documents/transfer/import_report.h"

#include <utility>

#include "json/writer.h"

namespace credvault::documents {
namespace {

struct Count {
    std::string_view name;
    std::uint64_t ImportReport::*member;
};

constexpr Count counts[] = {{"inserted", &ImportReport::inserted}, {"replaced", &ImportReport::replaced},
                            {"merged", &ImportReport::merged},     {"skipped", &ImportReport::skipped},
                            {"failed", &ImportReport::failed},     {"warned", &ImportReport::warned}};

std::string text_member(const json::View& object, std::string_view name) {
    const auto member = object.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

}  // namespace

void ImportReport::fail(ImportError error) {
    ++failed;
    if (errors.size() < max_kept_errors) errors.push_back(std::move(error));
}

std::string ImportReport::text() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    for (const Count& count : counts)
        out.key(count.name).number(static_cast<std::int64_t>(this->*count.member));
    out.key("errors").begin_array();
    for (const ImportError& error : errors) {
        out.begin_object();
        out.key("line").number(static_cast<std::int64_t>(error.line));
        out.key("code").string(error.code);
        out.key("message").string(error.message);
        out.end_object();
    }
    out.end_array().end_object();
    return text;
}

Result<ImportReport> ImportReport::parse(const json::View& text) {
    const Error wrong(ErrorCode::INVALID_DATA, {}, {}, "not the report of an import");
    ImportReport report;
    for (const Count& count : counts) {
        const auto member = text.find(count.name);
        if (!member || member->type() != json::Type::Int) return wrong;
        report.*count.member = static_cast<std::uint64_t>(member->as_int());
    }
    const auto errors = text.find("errors");
    if (!errors || !errors->is_array()) return wrong;
    for (const json::View error : errors->elements()) {
        const auto line = error.find("line");
        if (!line || line->type() != json::Type::Int) return wrong;
        report.errors.push_back({static_cast<std::uint64_t>(line->as_int()), text_member(error, "code"),
                                 text_member(error, "message")});
    }
    return report;
}

}  // namespace credvault::documents
