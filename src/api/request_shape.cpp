#include "api/request_shape.h"

#include <algorithm>
#include <bitset>

#include "api/call.h"
#include "api/object.h"
#include "api/parameter_text.h"
#include "http/syntax.h"

namespace credvault::api {
namespace {

const Field* named(const std::vector<const Field*>& fields, std::string_view name) {
    for (const Field* field : fields) {
        if (field->name == name) return field;
    }
    return nullptr;
}

void take_text(const Field& field, std::string_view text, char* request, Call& call, Problems& problems) {
    field.type->from_text(request + field.offset, text, {field.name, field.rules, problems, call.scratch});
}

/// A header field's value; those of a repeated field as one list (RFC 9110, section 5.3).
std::optional<std::string_view> field_value(Call& call, std::string_view name) {
    std::optional<std::string_view> value;
    for (const http::Field& field : call.http().fields) {
        if (!http::equal_ignoring_case(field.name, name)) continue;
        value =
            value ? call.scratch.keep(std::string(*value) + ", " + std::string(field.value)) : field.value;
    }
    return value;
}

/// Whether a filter's name ("owner.name[regex]") begins with one of the fields.
bool names_one_of(const Fields& fields, std::string_view name) {
    const std::string_view first = name.substr(0, name.find_first_of(".["));
    return std::any_of(fields.begin(), fields.end(), [&](const Field& field) { return field.name == first; });
}

}  // namespace

RequestShape::RequestShape(const Fields& fields, std::string_view path) : fields_(&fields) {
    for (const Field& field : fields) {
        switch (field.source) {
            case Source::Path: break;
            case Source::Query: query_.push_back(&field); break;
            case Source::OtherQuery: other_query_ = &field; break;
            case Source::Header: headers_.push_back(&field); break;
            case Source::Body: has_body_fields_ = true; break;
            case Source::Document: document_ = &field; break;
            case Source::MediaType: media_type_ = &field; break;
        }
    }
    for (std::size_t open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
        const std::string_view name = path.substr(open + 1, path.find('}', open) - open - 1);
        for (const Field& field : fields) {
            if (field.source == Source::Path && field.name == name) path_.push_back(&field);
        }
    }
}

bool RequestShape::needs_body() const {
    if (document_ != nullptr) return document_->rules.required;
    return std::any_of(fields_->begin(), fields_->end(), [](const Field& field) {
        return field.source == Source::Body && field.rules.required;
    });
}

Status RequestShape::decode(Call& call, void* request) const {
    char* const to = static_cast<char*>(request);
    Problems problems;
    decode_path(call, to, problems);
    decode_query(call, to, problems);
    decode_headers(call, to, problems);
    decode_body(call, to, problems);
    return problems.status();
}

void RequestShape::decode_path(Call& call, char* request, Problems& problems) const {
    for (std::size_t i = 0; i < path_.size(); ++i) {
        std::string_view text;
        if (decode_segment(call.route.values[i], path_[i]->name, text, call.scratch, problems)) {
            take_text(*path_[i], text, request, call, problems);
        }
    }
}

void RequestShape::decode_query(Call& call, char* request, Problems& problems) const {
    std::bitset<64> seen;
    std::string_view rest = call.http().query;
    while (!rest.empty()) {
        const std::string_view pair = take_pair(rest);
        if (pair.empty()) continue;
        std::string_view name, value;
        if (!decode_pair(pair, name, value, call.scratch, problems)) continue;
        const Field* field = named(query_, name);
        if (field == nullptr) {
            take_other(name, value, request, problems);
            continue;
        }
        const std::size_t position =
            static_cast<std::size_t>(std::find(query_.begin(), query_.end(), field) - query_.begin());
        if (seen.test(position)) {
            problems.add(ErrorCode::INVALID_PARAMETER, name,
                         "Parameter '" + std::string(name) + "' is given twice");
            continue;
        }
        seen.set(position);
        take_text(*field, value, request, call, problems);
    }
    for (std::size_t i = 0; i < query_.size(); ++i) {
        if (query_[i]->rules.required && !seen.test(i)) missing(query_[i]->name, problems);
    }
}

void RequestShape::take_other(std::string_view name, std::string_view value, char* request,
                              Problems& problems) const {
    if (other_query_ == nullptr ||
        (other_query_->known != nullptr && !names_one_of(other_query_->known(), name))) {
        unknown(name, *fields_, Source::Query, problems);
        return;
    }
    auto* others = reinterpret_cast<OtherParameters*>(request + other_query_->offset);
    others->emplace_back(name, value);
}

void RequestShape::decode_headers(Call& call, char* request, Problems& problems) const {
    for (const Field* field : headers_) {
        if (const auto text = field_value(call, field->name)) {
            take_text(*field, *text, request, call, problems);
        } else if (field->rules.required) {
            missing(field->name, problems);
        }
    }
    if (media_type_ != nullptr) take_text(*media_type_, call.media_type, request, call, problems);
}

void RequestShape::decode_body(Call& call, char* request, Problems& problems) const {
    const Rules none;
    if (document_ != nullptr) {
        if (!call.body.empty()) {
            document_->type->from_json(request + document_->offset, json::View(call.body),
                                       {document_->name, document_->rules, problems, call.scratch});
        } else if (document_->rules.required) {
            missing(document_->name, problems);
        }
        return;
    }
    if (!has_body_fields_ && call.body.empty()) return;
    const json::View object(call.body.empty() ? std::string_view("{}") : std::string_view(call.body));
    if (!object.is_object()) {
        problems.add(ErrorCode::INVALID_PARAMETER, "body", "The body must be a JSON object");
        return;
    }
    decode_object(object, *fields_, request, {"", none, problems, call.scratch});
}

}  // namespace credvault::api
