#include "api/openapi_links.h"

#include <algorithm>
#include <string>

namespace credvault::api {
namespace {

/// The names of a path's fields, in their order.
std::vector<std::string_view> fields_in(std::string_view path) {
    std::vector<std::string_view> names;
    for (std::size_t at = path.find('{'); at != path.npos; at = path.find('{', at + 1))
        names.push_back(path.substr(at + 1, path.find('}', at) - at - 1));
    return names;
}

/// Where the answer says what names the resource in paths: databases, collections and indexes have names, everything
/// else ids. An invitation comes with its token.
std::string_view identifier_of(std::string_view collection) {
    if (collection.ends_with("/invitations")) return "invitation/id";
    for (const std::string_view named : {"/databases", "/collections", "/indexes"}) {
        if (collection.ends_with(named)) return "name";
    }
    return "id";
}

struct Target {
    const Endpoint* endpoint;
    std::string_view made;  ///< The field of its path that takes what was made.
};

std::vector<Target> targets_of(const Endpoint& maker, const std::vector<const Endpoint*>& all) {
    const std::string below = std::string(maker.info().path) + "/{";
    const std::size_t known = fields_in(maker.info().path).size();
    std::vector<Target> targets;
    for (const Endpoint* one : all) {
        if (!one->info().path.starts_with(below)) continue;
        const auto fields = fields_in(one->info().path);
        if (fields.size() == known + 1) targets.push_back({one, fields.back()});
    }
    return targets;
}

}  // namespace

void append_links(json::Writer& out, const Endpoint& maker, const std::vector<const Endpoint*>& all) {
    const auto targets = targets_of(maker, all);
    if (targets.empty()) return;
    out.key("links").begin_object();
    for (const Target& target : targets) {
        out.key(target.endpoint->info().id).begin_object();
        out.key("operationId").string(target.endpoint->info().id);
        out.key("parameters").begin_object();
        for (const std::string_view name : fields_in(maker.info().path))
            out.key(name).string("$request.path." + std::string(name));
        out.key(target.made).string("$response.body#/data/" + std::string(identifier_of(maker.info().path)));
        out.end_object();
        out.key("description")
            .string("With what was made: " + std::string(target.endpoint->info().summary) + ".");
        out.end_object();
    }
    out.end_object();
}

}  // namespace credvault::api
