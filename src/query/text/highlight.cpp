#include "query/text/highlight.h"

#include <algorithm>
#include <utility>

#include "json/writer.h"

namespace credvault::query {
namespace {

constexpr std::size_t max_fields = 32;
constexpr std::size_t max_mark_bytes = 64;
constexpr std::int64_t max_fragments = 20;
constexpr std::int64_t min_length = 20;
constexpr std::int64_t max_length = 2'000;
/// Of one string only so many words are marked.
constexpr std::size_t max_hits = 1'000;

Error wrong(std::string_view name, std::string message) {
    return Error(ErrorCode::INVALID_PARAMETER, std::move(message), "highlight." + shown_name(name));
}

Result<std::size_t> number_within(std::string_view name, const json::View& value, std::int64_t least,
                                  std::int64_t most) {
    if (value.type() != json::Type::Int || value.as_int() < least || value.as_int() > most) {
        return wrong(name, "It is an integer from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return static_cast<std::size_t>(value.as_int());
}

Result<std::string> mark(std::string_view name, const json::View& value) {
    if (!value.is_string() || value.escaped().size() > max_mark_bytes) {
        return wrong(name, "It is a string of at most " + std::to_string(max_mark_bytes) + " bytes");
    }
    return value.as_string();
}

bool is_inner_byte(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// The next place from `at` on, or before it, where a word may begin; a character's boundary in any case.
std::size_t boundary_after(std::string_view text, std::size_t at, std::size_t end) {
    for (std::size_t i = at; i < end; ++i) {
        if (text[i] == ' ') return i + 1;
    }
    while (at < end && is_inner_byte(text[at])) ++at;
    return at;
}

std::size_t boundary_before(std::string_view text, std::size_t at, std::size_t begin) {
    for (std::size_t i = at; i > begin; --i) {
        if (text[i - 1] == ' ') return i - 1;
    }
    while (at > begin && is_inner_byte(text[at])) --at;
    return at;
}

}  // namespace

Result<Highlight> Highlight::parse(const json::View& options) {
    if (!options.is_object()) {
        return Error(
            ErrorCode::INVALID_PARAMETER,
            "It is an object, for instance {\"fields\": [\"body\"], \"pre\": \"<b>\", \"post\": \"</b>\"}",
            "highlight");
    }
    Highlight made;
    for (const json::Member& member : options.members()) TRY_VOID(made.read(member.name, member.value));
    return made;
}

Status Highlight::read(std::string_view name, const json::View& value) {
    if (name == "fields") return read_fields(value);
    if (name == "pre") {
        TRY(pre_, mark(name, value));
    } else if (name == "post") {
        TRY(post_, mark(name, value));
    } else if (name == "fragments") {
        TRY(fragments_, number_within(name, value, 1, max_fragments));
    } else if (name == "length") {
        TRY(length_, number_within(name, value, min_length, max_length));
    } else if (name == "html") {
        if (value.type() != json::Type::Bool) return wrong(name, "It is true or false");
        html_ = value.as_bool();
    } else {
        return wrong(name, "There are fields, pre, post, fragments, length and html");
    }
    return {};
}

Status Highlight::read_fields(const json::View& value) {
    const bool fits = value.is_array() && !value.empty() && value.size() <= max_fields;
    if (!fits)
        return wrong("fields", "It is an array of 1 to " + std::to_string(max_fields) + " names of fields");
    for (const json::View each : value.elements()) {
        if (!each.is_string()) return wrong("fields", "Each entry is the name of a field, a string");
        TRY(Path path, parse_path(each.as_string(), ErrorCode::INVALID_PARAMETER));
        fields_.push_back(std::move(path));
    }
    return {};
}

void Highlight::append(std::string& out, const json::View& record, const TextQuery& query) const {
    json::Writer writer(out);
    writer.begin_object();
    for (const Path& path : fields_.empty() ? query.source().paths() : fields_) {
        const std::vector<std::string> fragments = fragments_of(record, path, query);
        if (fragments.empty()) continue;
        writer.key(path.text).begin_array();
        for (const std::string& each : fragments) writer.string(each);
        writer.end_array();
    }
    writer.end_object();
}

std::vector<std::string> Highlight::fragments_of(const json::View& record, const Path& path,
                                                 const TextQuery& query) const {
    std::vector<std::string> fragments;
    std::vector<Hit> hits;
    std::string scratch;
    for (const json::View& string : TextSource::strings_at(record, path)) {
        if (fragments.size() == fragments_) break;
        const std::string_view text = string.decoded(scratch);
        hits.clear();
        query.each_hit(text, [&hits](std::size_t begin, std::size_t end) {
            // Neighbouring ideographs overlap.
            if (!hits.empty() && begin < hits.back().end) {
                hits.back().end = end;
            } else if (hits.size() < max_hits) {
                hits.push_back({begin, end});
            }
        });
        if (!hits.empty()) add_fragments(text, hits, fragments);
    }
    return fragments;
}

void Highlight::add_fragments(std::string_view text, const std::vector<Hit>& hits,
                              std::vector<std::string>& out) const {
    const Hit* const end = hits.data() + hits.size();
    for (const Hit* first = hits.data(); first != end && out.size() < fragments_;) {
        const Hit* last = first;
        while (last + 1 != end && last[1].end - first->begin <= length_) ++last;
        out.push_back(fragment(text, first, last));
        first = last + 1;
    }
}

/// From the first to the last of some hits, with as much around them as there is room for.
std::string Highlight::fragment(std::string_view text, const Hit* first, const Hit* last) const {
    const std::size_t taken = last->end - first->begin;
    const std::size_t room = taken < length_ ? (length_ - taken) / 2 : 0;
    std::size_t begin = 0;
    std::size_t end = text.size();
    if (first->begin > room) begin = boundary_after(text, first->begin - room, first->begin);
    if (end - last->end > room) end = boundary_before(text, last->end + room, last->end);
    std::string out = begin > 0 ? "… " : "";
    std::size_t at = begin;
    for (const Hit* hit = first; hit <= last; ++hit) {
        append_text(out, text.substr(at, hit->begin - at));
        out += pre_;
        append_text(out, text.substr(hit->begin, hit->end - hit->begin));
        out += post_;
        at = hit->end;
    }
    append_text(out, text.substr(at, end - at));
    if (end < text.size()) out += " …";
    return out;
}

void Highlight::append_text(std::string& out, std::string_view text) const {
    if (!html_) {
        out += text;
        return;
    }
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
}

}  // namespace credvault::query
