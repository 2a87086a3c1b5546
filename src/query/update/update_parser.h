// From an update document to its checked tree. Internal to query/update.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/view.h"
#include "query/update/parsed_update.h"

namespace credvault::query {

class UpdateParser {
public:
    explicit UpdateParser(const UpdateLimits& limits) { parsed_.limits = limits; }

    Result<Update> parse(const json::View& spec, const std::optional<json::View>& array_filters);

private:
    Status replacement(const json::View& spec);
    Status array_filters(const json::View& filters);
    Status array_filter(const json::View& filter, const std::string& place);
    Status operators(const json::View& spec);
    Status one_operator(std::string_view op, const json::View& paths);
    Status rename(const std::string& from, const json::View& to);
    Status check_path(std::string_view op, const std::string& path);
    Status check_parts(std::string_view op, const Path& path);
    /// Puts a modifier at its path.
    Status add(const Path& path, std::unique_ptr<Modifier> modifier);
    Result<UpdateNode*> child(UpdateNode& node, const PathPart& part, const Modifier& modifier);
    Status check_filters_used() const;

    ParsedUpdate parsed_;
    std::set<std::string> used_filters_;
    std::size_t operations_ = 0;
    std::size_t parts_ = 0;
};

}  // namespace credvault::query
