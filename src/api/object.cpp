#include "api/object.h"

#include <bitset>

#include "api/scalars.h"

namespace credvault::api {
namespace {

std::string nested_name(std::string_view outer, std::string_view name) {
    return outer.empty() ? std::string(name) : std::string(outer) + "." + std::string(name);
}

}  // namespace

bool missing(std::string_view name, Problems& problems) {
    problems.add(ErrorCode::MISSING_PARAMETER, name,
                 "Required parameter '" + std::string(name) + "' is missing from request");
    return false;
}

bool unknown(std::string_view name, const Fields& fields, Source source, Problems& problems) {
    std::vector<std::string_view> known;
    for (const Field& field : fields) {
        if (field.source == source) known.push_back(field.name);
    }
    std::string message = "Parameter '" + std::string(name) + "' is not known; ";
    message += known.empty() ? "there are none here" : "known here: " + joined(known);
    problems.add(ErrorCode::UNKNOWN_PARAMETER, name, std::move(message));
    return false;
}

bool decode_object(json::View object, const Fields& fields, void* to, const Spot& spot) {
    if (!object.is_object()) return spot.must_be("a JSON object");
    bool good = true;
    std::bitset<64> seen;
    std::string decoded;
    for (const json::Member& member : object.members()) {
        decoded.clear();
        json::append_decoded(decoded, member.name);
        std::size_t position = 0;
        const Field* found = nullptr;
        for (const Field& field : fields) {
            if (field.source == Source::Body && field.name == decoded) {
                found = &field;
                break;
            }
            ++position;
        }
        const std::string name = nested_name(spot.name, decoded);
        if (found == nullptr) {
            good = unknown(name, fields, Source::Body, spot.problems);
            continue;
        }
        seen.set(position);
        good &= found->type->from_json(static_cast<char*>(to) + found->offset, member.value,
                                       {name, found->rules, spot.problems, spot.scratch});
    }
    std::size_t position = 0;
    for (const Field& field : fields) {
        if (field.source == Source::Body && field.rules.required && !seen.test(position)) {
            good = missing(nested_name(spot.name, field.name), spot.problems);
        }
        ++position;
    }
    return good;
}

void append_object(json::Writer& out, const Fields& fields, const void* from) {
    out.begin_object();
    for (const Field& field : fields) {
        const void* member = static_cast<const char*>(from) + field.offset;
        if (field.type->absent(member)) continue;
        out.key(field.name);
        field.type->append(out, member);
    }
    out.end_object();
}

}  // namespace credvault::api
