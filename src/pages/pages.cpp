#include "pages/pages.h"

#include <algorithm>
#include <array>

#include "http/media.h"
#include "http/syntax.h"

namespace credvault::pages {
namespace {

constexpr std::string_view dashboard = "/index.html";
constexpr std::string_view explorer = "/api-docs/index.html";

/// One form of a page: what is sent, and what it is called in Content-Encoding and at the end of the ETag.
struct Form {
    std::string_view coding;
    std::string_view bytes;
};

/// The quality that an Accept-Encoding header gives a coding, in thousandths (RFC 9110, section 12.5.3).
int quality_of(const std::vector<http::QualityItem>& accepted, std::string_view coding) {
    int of_others = 0;
    for (const http::QualityItem& item : accepted) {
        if (item.value == coding) return item.quality;
        if (item.value == "*") of_others = item.quality;
    }
    return of_others;
}

/// The smallest form among those that the client likes best; the plain one where it says nothing.
Form choose_form(const Page& page, std::string_view accept_encoding) {
    const auto accepted = http::parse_quality_list(accept_encoding);
    Form best{{}, page.plain};
    int best_quality = 0;
    for (const Form& form : {Form{"br", page.brotli}, Form{"gzip", page.gzip}}) {
        const int quality = form.bytes.empty() ? 0 : quality_of(accepted, form.coding);
        if (quality > best_quality) {
            best = form;
            best_quality = quality;
        }
    }
    // Without a word about it, identity is worth less than any coding that is named.
    const bool named =
        std::ranges::any_of(accepted, [](const auto& item) { return item.value == "identity"; });
    return named && quality_of(accepted, "identity") > best_quality ? Form{{}, page.plain} : best;
}

std::string etag_of(const Page& page, std::string_view coding) {
    std::string tag = "\"" + std::string(page.digest);
    if (!coding.empty()) tag.append("-").append(coding);
    return tag + "\"";
}

/// Weak comparison: a tag of ours holds no comma and no quote, so that looking for its text finds it alone.
bool names(std::string_view if_none_match, std::string_view etag) {
    return http::trim(if_none_match) == "*" || if_none_match.find(etag) != std::string_view::npos;
}

bool is_document(const Page& page) { return page.content_type.starts_with("text/html"); }

/// 'self' stands for the server that the page came from; there are no inline scripts or styles, no plug-ins and no
/// frames, and forms are sent by scripts only.
std::string policy_for(const std::vector<std::string>& api_origins) {
    std::string policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "manifest-src 'self'; connect-src 'self'";
    for (const std::string& origin : api_origins) policy.append(" ").append(origin);
    return policy + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace

Pages::Pages(std::span<const Page> pages, const std::vector<std::string>& api_origins)
    : pages_(pages), policy_(policy_for(api_origins)) {}

const Page* Pages::named(std::string_view path) const {
    const auto at = std::ranges::lower_bound(pages_, path, {}, &Page::path);
    return at != pages_.end() && at->path == path ? &*at : nullptr;
}

const Page* Pages::find(std::string_view path) const {
    if (path == "/") return named(dashboard);
    if (path == "/api-docs" || path == "/api-docs/") return named(explorer);
    return named(path);
}

const Page* Pages::find_view(const http::Request& request) const {
    if (request.method != http::Method::Get && request.method != http::Method::Head) return nullptr;
    if (request.path.starts_with("/assets/")) return nullptr;
    const auto accept = request.field("Accept");
    // What scripts and command lines send (*/*) asks for no page: they are told that there is nothing.
    if (!accept) return nullptr;
    const auto ranges = http::parse_quality_list(*accept);
    const bool navigates = std::ranges::any_of(
        ranges, [](const auto& range) { return range.value == "text/html" && range.quality > 0; });
    return navigates ? named(dashboard) : nullptr;
}

http::Response Pages::answer(const http::Request& request, const Page& page) const {
    const Form form = choose_form(page, request.field("Accept-Encoding").value_or(""));
    const std::string etag = etag_of(page, form.coding);
    http::Response response;
    response.content_type = page.content_type;
    response.fields.add("ETag", etag);
    response.fields.add("Cache-Control",
                        page.immutable ? "public, max-age=31536000, immutable" : "public, no-cache");
    if (!page.gzip.empty() || !page.brotli.empty()) response.fields.add("Vary", "Accept-Encoding");
    if (is_document(page)) {
        response.fields.add("Vary", "Accept");
        response.fields.add("Content-Security-Policy", policy_);
        response.fields.add("X-Frame-Options", "DENY");
        response.fields.add("Cross-Origin-Opener-Policy", "same-origin");
        response.fields.add("Permissions-Policy",
                            "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    }
    response.fields.add("Referrer-Policy", "no-referrer");
    response.fields.add("Cross-Origin-Resource-Policy", "same-origin");
    const auto known = request.field("If-None-Match");
    if (known && names(*known, etag)) {
        response.status = 304;
        return response;
    }
    if (!form.coding.empty()) response.fields.add("Content-Encoding", form.coding);
    response.body = form.bytes;
    return response;
}

}  // namespace credvault::pages
