// The dashboard and the explorer as a browser gets them: which file answers a path, in which coding, and the fields
// that keep a page from loading or running anything but what we serve. Immutable; thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "pages/page.h"

namespace credvault::pages {

class Pages {
public:
    /// `pages` in byte order of their paths; what they show outlives this. `api_origins` are origins besides the
    /// server's own whose API the pages may call ("https://eu.example.com").
    explicit Pages(std::span<const Page> pages, const std::vector<std::string>& api_origins = {});

    /// The file of exactly this path; "/" and "/api-docs" are the two pages. Null where there is none.
    const Page* find(std::string_view path) const;
    /// The dashboard, whose own router reads paths that no file has: for navigation, that is where the request asks
    /// for HTML, and never below /assets/. Null otherwise.
    const Page* find_view(const http::Request& request) const;
    /// 200 with the file in the coding that the client likes best, or 304 where it has it.
    http::Response answer(const http::Request& request, const Page& page) const;

private:
    const Page* named(std::string_view path) const;

    std::span<const Page> pages_;
    std::string policy_;
};

}  // namespace credvault::pages
