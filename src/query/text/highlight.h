// Shows where a record has the words of a search: fragments of its strings with the words marked. Immutable;
// thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "query/path.h"
#include "query/text/text_query.h"

namespace credvault::query {

class Highlight {
public:
    /// From {"fields": ["body"], "pre": "<em>", "post": "</em>", "fragments": 3, "length": 160, "html": false}; each
    /// may be left out. Fails with INVALID_PARAMETER, `field` being "highlight.…".
    static Result<Highlight> parse(const json::View& options);

    /// Appends {"body": ["… <em>coffee</em> …"]}: the fields that have hits, each with some fragments.
    void append(std::string& out, const json::View& record, const TextQuery& query) const;

private:
    struct Hit {
        std::size_t begin;
        std::size_t end;
    };

    Status read(std::string_view name, const json::View& value);
    Status read_fields(const json::View& value);
    std::vector<std::string> fragments_of(const json::View& record, const Path& path,
                                          const TextQuery& query) const;
    void add_fragments(std::string_view text, const std::vector<Hit>& hits,
                       std::vector<std::string>& out) const;
    std::string fragment(std::string_view text, const Hit* first, const Hit* last) const;
    void append_text(std::string& out, std::string_view text) const;

    std::vector<Path> fields_;  ///< Empty: those of the index.
    std::string pre_ = "<em>";
    std::string post_ = "</em>";
    std::size_t fragments_ = 3;
    std::size_t length_ = 160;
    bool html_ = false;  ///< Text is escaped for HTML, the marks are not.
};

}  // namespace credvault::query
