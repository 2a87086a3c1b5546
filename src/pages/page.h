// The files that a browser is served, as they lie in the program: made by web/pack.mjs when the program is built, a
// table of them and one block of bytes. Constants, shared by all threads.
#pragma once

#include <span>
#include <string_view>

namespace credvault::pages {

/// A file as it is and in the codings in which it is smaller; what does not pay is empty. Views of constant bytes.
struct Page {
    std::string_view path;          ///< "/index.html", "/assets/main-B5kS.js"
    std::string_view content_type;  ///< A literal.
    std::string_view digest;        ///< Of the file's content, letters, digits, '-' and '_'.
    std::string_view plain, gzip, brotli;
    bool immutable = false;  ///< The name carries a hash of the content.
};

/// What the build packed, by path in byte order; empty in a build without it (CREDVAULT_WEB=OFF).
std::span<const Page> packed_pages();

}  // namespace credvault::pages
