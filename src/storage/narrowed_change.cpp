#include "storage/narrowed_change.h"

#include <utility>
#include <vector>

#include "base/clock.h"
#include "json/value.h"
#include "json/writer.h"
#include "storage/errors.h"
#include "storage/record.h"

namespace credvault::storage {
namespace {

Error leaves_rule() {
    return Error(ErrorCode::FORBIDDEN,
                 "The record would not be one of those that the credential may see and write");
}

/// The user's fields of `next` with the hidden ones of `current` at the places that they had among its fields.
std::string with_hidden(const json::View& current, const json::View& next,
                        const query::HiddenFields& hidden) {
    std::vector<std::pair<std::size_t, std::string_view>> kept;
    std::size_t place = 0;
    const auto text_of = [](const json::Member& member) {
        const std::string_view value = member.value.text();
        return std::string_view(
            member.name.data() - 1,
            static_cast<std::size_t>(value.data() + value.size() - member.name.data()) + 1);
    };
    for (const json::Member& member : current.members()) {
        if (is_platform_field(member.name)) continue;
        if (query::is_hidden(hidden, member.name)) kept.emplace_back(place, text_of(member));
        ++place;
    }
    std::string text = "{";
    std::size_t written = 0, taken = 0;
    const auto add = [&](std::string_view member) {
        if (written++ > 0) text += ',';
        text += member;
    };
    for (const json::Member& member : next.members()) {
        if (is_platform_field(member.name)) continue;
        while (taken < kept.size() && kept[taken].first == written) add(kept[taken++].second);
        add(text_of(member));
    }
    while (taken < kept.size()) add(kept[taken++].second);
    return text + "}";
}

}  // namespace

Status check_fields(const RecordNarrowing& narrowing, const json::View& object) {
    if (!narrowing.hidden) return {};
    for (const json::Member& member : object.members()) {
        if (!query::is_hidden(*narrowing.hidden, member.name)) continue;
        std::string name;
        json::append_decoded(name, member.name);
        return Error(ErrorCode::FORBIDDEN, "The credential may not write the field '" + name + "'", name);
    }
    return {};
}

Status check_insertion(const RecordNarrowing& narrowing, const json::View& object, bool keep_times) {
    TRY_VOID(check_fields(narrowing, object));
    if (!narrowing.has_rows()) return {};
    const auto id = object.find("id");
    TRY(const std::string stored,
        new_record(object, id && id->is_string() ? id->as_string() : std::string(), now_ms(), keep_times));
    return narrowing.admits(json::View(stored)) ? Status() : leaves_rule();
}

Result<std::string> NarrowedChange::apply(const json::View& current) const {
    std::string scratch;
    TRY(std::string next, inner_.apply(narrowing_.shown(current, scratch)));
    TRY_VOID(check_fields(narrowing_, json::View(next)));
    if (narrowing_.hidden && query::has_hidden(*narrowing_.hidden, current))
        next = with_hidden(current, json::View(next), *narrowing_.hidden);
    if (!narrowing_.has_rows()) return next;
    TRY(const std::string stored, changed_record(current, json::View(next), now_ms()));
    if (!stored.empty() && !narrowing_.admits(json::View(stored))) return leaves_rule();
    return next;
}

Result<std::string> NarrowedChange::insertion() const {
    TRY(std::string inserted, inner_.insertion());
    TRY_VOID(check_insertion(narrowing_, json::View(inserted), false));
    return inserted;
}

Result<std::string> Replacement::insertion() const {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(id_);
    for (const json::Member& member : json::View(record_).members()) {
        if (is_platform_field(member.name)) continue;
        std::string name;
        json::append_decoded(name, member.name);
        out.key(name).raw(member.value.text());
    }
    out.end_object();
    return text;
}

Result<std::string> VisibleOnly::apply(const json::View& current) const {
    if (!narrowing_.admits(current)) return record_exists(id_);
    return inner_.apply(current);
}

}  // namespace credvault::storage
