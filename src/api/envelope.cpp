#include "api/envelope.h"

#include <utility>

#include "json/writer.h"

namespace credvault::api {

void begin_success(std::string& out) { out.append(R"({"status":"success","data":)"); }

void end_success(std::string& out) { out.push_back('}'); }

void end_success(std::string& out, const documents::Pagination& page) {
    out.append(R"(,"pagination":)");
    json::Writer writer(out);
    writer.begin_object();
    writer.key("limit").number(static_cast<std::int64_t>(page.limit));
    writer.key("offset").number(static_cast<std::int64_t>(page.offset));
    if (page.total) {
        writer.key("total").number(static_cast<std::int64_t>(*page.total));
        writer.key("total_relation").string(page.total_is_exact ? "eq" : "gte");
    }
    writer.key("has_more").boolean(page.has_more);
    if (!page.next_cursor.empty()) writer.key("next_cursor").string(page.next_cursor);
    writer.end_object();
    out.push_back('}');
}

std::string error_envelope(const Error& error, std::string_view request_id) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("status").string("error");
    out.key("code").string(error_name(error.code));
    out.key("message").string(error.message);
    if (!error.field.empty()) out.key("field").string(error.field);
    if (!error.details.empty()) {
        out.key("details").begin_array();
        for (const ErrorDetail& detail : error.details) {
            out.begin_object();
            out.key("field").string(detail.field);
            out.key("code").string(error_name(detail.code));
            out.key("message").string(detail.message);
            out.end_object();
        }
        out.end_array();
    }
    if (!error.result.empty()) out.key("result").raw(error.result);
    out.key("request_id").string(request_id);
    out.end_object();
    return text;
}

void put_etag(http::Response& to, std::string_view etag) {
    if (!etag.empty()) to.fields.add("ETag", etag);
}

void put_violations(http::Response& to, std::string_view violations) {
    if (!violations.empty()) to.fields.add("X-Schema-Violations", violations);
}

void put_location(http::Response& to, std::string_view location) {
    if (!location.empty()) to.fields.add("Location", location);
}

}  // namespace credvault::api
