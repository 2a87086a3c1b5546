#include "pages/pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace credvault::pages {
namespace {

class PageRequest final : public http::Request {
public:
    explicit PageRequest(std::string_view of, http::Method with = http::Method::Get) {
        path = of;
        method = with;
    }
    PageRequest& with(std::string_view name, std::string_view value) {
        fields.push_back({name, value});
        return *this;
    }
    Reply<std::string_view> body(std::size_t) override { return std::string_view(); }
    Reply<std::string_view> read_some() override { return std::string_view(); }
    bool disconnected() const override { return false; }
};

constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::array<Page, 4> files{{
    {"/api-docs/index.html", html, "explorer", "explorer plain", "explorer gzip", "explorer br"},
    {"/assets/main-1a2b.js", "text/javascript; charset=utf-8", "main", "main plain", "main gzip", "main br",
     true},
    {"/icon.svg", "image/svg+xml", "icon", "icon plain", {}, {}},
    {"/index.html", html, "board", "board plain", "board gzip", {}},
}};

std::string found(const Page* page) { return page != nullptr ? std::string(page->path) : "none"; }
std::string field(const http::Response& response, std::string_view name) {
    return std::string(response.fields.find(name).value_or("none"));
}

TEST(Pages, FindsFilesByTheirPathsAlone) {
    const Pages pages(files);
    EXPECT_EQ(found(pages.find("/")), "/index.html");
    EXPECT_EQ(found(pages.find("/index.html")), "/index.html");
    EXPECT_EQ(found(pages.find("/api-docs")), "/api-docs/index.html");
    EXPECT_EQ(found(pages.find("/api-docs/")), "/api-docs/index.html");
    EXPECT_EQ(found(pages.find("/assets/main-1a2b.js")), "/assets/main-1a2b.js");
    for (const std::string_view path : {"", "/assets/", "/assets/main", "/Icon.svg", "/assets/../icon.svg",
                                        "/%69con.svg", "//icon.svg", "/zzz"}) {
        EXPECT_EQ(found(pages.find(path)), "none") << path;
    }
    EXPECT_EQ(found(Pages({}).find("/")), "none");
}

TEST(Pages, ViewsAreForNavigation) {
    const Pages pages(files);
    const auto view = [&](std::string_view path, std::string_view accept,
                          http::Method method = http::Method::Get) {
        PageRequest request(path, method);
        if (!accept.empty()) request.with("Accept", accept);
        return found(pages.find_view(request));
    };
    EXPECT_EQ(view("/data/shop/users", "text/html,application/xhtml+xml,*/*;q=0.8"), "/index.html");
    EXPECT_EQ(view("/data/shop/users", "text/html", http::Method::Head), "/index.html");
    EXPECT_EQ(view("/data/shop/users", "text/html", http::Method::Post), "none");
    EXPECT_EQ(view("/data/shop/users", "*/*"), "none");
    EXPECT_EQ(view("/data/shop/users", ""), "none");
    EXPECT_EQ(view("/data/shop/users", "text/html;q=0, application/json"), "none");
    EXPECT_EQ(view("/assets/old-9z.js", "text/html"), "none");
}

TEST(Pages, SendsTheCodingThatIsLikedBest) {
    const Pages pages(files);
    const auto coding = [&](std::string_view path, std::string_view accepted) {
        PageRequest request(path);
        request.with("Accept-Encoding", accepted);
        const http::Response response = pages.answer(request, *pages.find(path));
        return response.body + " as " + field(response, "Content-Encoding");
    };
    EXPECT_EQ(coding("/assets/main-1a2b.js", "gzip, deflate, br, zstd"), "main br as br");
    EXPECT_EQ(coding("/assets/main-1a2b.js", "gzip, br;q=0.5"), "main gzip as gzip");
    EXPECT_EQ(coding("/assets/main-1a2b.js", "gzip"), "main gzip as gzip");
    EXPECT_EQ(coding("/assets/main-1a2b.js", "*"), "main br as br");
    EXPECT_EQ(coding("/assets/main-1a2b.js", "br;q=0, *"), "main gzip as gzip");
    EXPECT_EQ(coding("/assets/main-1a2b.js", "identity, gzip;q=0.5"), "main plain as none");
    EXPECT_EQ(coding("/assets/main-1a2b.js", "gzip;q=0, br;q=0"), "main plain as none");
    EXPECT_EQ(coding("/assets/main-1a2b.js", ""), "main plain as none");
    EXPECT_EQ(coding("/", "br"), "board plain as none") << "it has no such form";
    EXPECT_EQ(coding("/icon.svg", "gzip, br"), "icon plain as none");
}

TEST(Pages, EachFormHasATagOfItsOwn) {
    const Pages pages(files);
    const auto ask = [&](std::string_view accepted, std::string_view known) {
        PageRequest request("/assets/main-1a2b.js");
        request.with("Accept-Encoding", accepted);
        if (!known.empty()) request.with("If-None-Match", known);
        return pages.answer(request, *pages.find(request.path));
    };
    EXPECT_EQ(field(ask("br", ""), "ETag"), "\"main-br\"");
    EXPECT_EQ(field(ask("gzip", ""), "ETag"), "\"main-gzip\"");
    EXPECT_EQ(field(ask("", ""), "ETag"), "\"main\"");
    for (const std::string_view known : {"\"main-br\"", "W/\"main-br\"", "\"other\", \"main-br\"", "*"}) {
        const http::Response response = ask("br", known);
        EXPECT_EQ(response.status, 304) << known;
        EXPECT_EQ(response.body, "");
        EXPECT_EQ(field(response, "ETag"), "\"main-br\"");
        EXPECT_EQ(field(response, "Cache-Control"), "public, max-age=31536000, immutable");
        EXPECT_EQ(field(response, "Vary"), "Accept-Encoding");
    }
    for (const std::string_view known : {"\"main\"", "\"main-gzip\"", "main-br", "\"main-br"}) {
        EXPECT_EQ(ask("br", known).status, 200) << known;
    }
}

TEST(Pages, KeepsHashedNamesAndAsksForTheOthersAgain) {
    const Pages pages(files);
    const auto kept = [&](std::string_view path) {
        return field(pages.answer(PageRequest(path), *pages.find(path)), "Cache-Control");
    };
    EXPECT_EQ(kept("/assets/main-1a2b.js"), "public, max-age=31536000, immutable");
    EXPECT_EQ(kept("/icon.svg"), "public, no-cache");
    EXPECT_EQ(kept("/"), "public, no-cache");
}

TEST(Pages, DocumentsAllowWhatTheServerServesAndNothingInline) {
    const Pages pages(files, {"https://eu.example.com"});
    const http::Response response = pages.answer(PageRequest("/"), *pages.find("/"));
    const std::string policy = field(response, "Content-Security-Policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';")) << policy;
    EXPECT_NE(policy.find("connect-src 'self' https://eu.example.com;"), policy.npos) << policy;
    EXPECT_NE(policy.find("frame-ancestors 'none'"), policy.npos);
    EXPECT_EQ(policy.find("unsafe"), policy.npos);
    EXPECT_EQ(field(response, "X-Frame-Options"), "DENY");
    EXPECT_EQ(field(response, "Referrer-Policy"), "no-referrer");
    EXPECT_EQ(field(response, "Cross-Origin-Opener-Policy"), "same-origin");
    const http::Response script =
        pages.answer(PageRequest("/assets/main-1a2b.js"), *pages.find("/assets/main-1a2b.js"));
    EXPECT_EQ(field(script, "Content-Security-Policy"), "none");
    EXPECT_EQ(field(script, "Referrer-Policy"), "no-referrer");
}

TEST(Pages, WhatTheBuildPackedIsInOrder) {
    const auto packed = packed_pages();
    EXPECT_TRUE(std::ranges::is_sorted(packed, {}, &Page::path));
    if (packed.empty()) GTEST_SKIP() << "built with CREDVAULT_WEB=OFF";
    const Pages pages(packed);
    ASSERT_NE(pages.find("/"), nullptr);
    EXPECT_TRUE(pages.find("/")->plain.starts_with("<!doctype html>"));
    EXPECT_TRUE(pages.find("/api-docs")->gzip.empty() ||
                pages.find("/api-docs")->gzip.starts_with("\x1f\x8b"));
}

}  // namespace
}  // namespace credvault::pages
