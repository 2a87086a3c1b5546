#include "api/router.h"

#include <algorithm>

#include "api/operation.h"

namespace credvault::api {
namespace {

std::size_t index_of(http::Method method) {
    return static_cast<std::size_t>(method == http::Method::Head ? http::Method::Get : method);
}

/// Takes "/segment" off the front. Precondition: begins with '/'.
std::string_view take_segment(std::string_view& path) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(1, end - 1);
    path.remove_prefix(end);
    return segment;
}

}  // namespace

Router::Router(const std::vector<const Endpoint*>& endpoints) {
    nodes_.emplace_back();
    std::size_t number = 0;
    for (const Endpoint* endpoint : endpoints) {
        Node* node = &nodes_.front();
        for (std::string_view path = endpoint->info().path; !path.empty();)
            node = &child(*node, take_segment(path));
        node->endpoints[index_of(endpoint->info().method)] = {endpoint, number++};
    }
    for (Node& node : nodes_) {
        for (std::size_t i = 0; i < methods; ++i) {
            if (node.endpoints[i].first == nullptr) continue;
            const auto method = static_cast<http::Method>(i);
            node.allow.append(http::method_name(method))
                .append(method == http::Method::Get ? ", HEAD, " : ", ");
        }
        if (!node.allow.empty()) node.allow.append("OPTIONS");
    }
}

Router::Node& Router::child(Node& node, std::string_view segment) {
    if (segment.starts_with('{')) {
        if (node.field == nullptr) node.field = &nodes_.emplace_back();
        return *node.field;
    }
    for (const auto& [name, next] : node.children) {
        if (name == segment) return *next;
    }
    return *node.children.emplace_back(segment, &nodes_.emplace_back()).second;
}

const Router::Node* Router::walk(std::string_view path,
                                 std::array<std::string_view, max_path_values>& values) const {
    if (!path.starts_with('/')) return nullptr;
    const Node* node = &nodes_.front();
    std::size_t fields = 0;
    while (!path.empty()) {
        const std::string_view segment = take_segment(path);
        const auto known = std::find_if(node->children.begin(), node->children.end(),
                                        [&](const auto& named) { return named.first == segment; });
        if (known != node->children.end()) {
            node = known->second;
        } else if (node->field != nullptr && !segment.empty()) {
            node = node->field;
            values[fields++] = segment;
        } else {
            return nullptr;
        }
    }
    return node->allow.empty() ? nullptr : node;
}

Status Router::find(http::Method method, std::string_view path, Route& route) const {
    const Node* node = walk(path, route.values);
    if (node == nullptr) {
        return Error(ErrorCode::NOT_FOUND, "There is no such endpoint; /v1/openapi.json lists all there are");
    }
    const auto& [endpoint, number] = node->endpoints[index_of(method)];
    route.allow = node->allow;
    if (endpoint == nullptr) {
        return Error(ErrorCode::METHOD_NOT_ALLOWED, "This endpoint takes " + node->allow);
    }
    route.endpoint = endpoint;
    route.number = number;
    return {};
}

std::string_view Router::allow(std::string_view path) const {
    if (path == "*") return all_methods_;
    std::array<std::string_view, max_path_values> values;
    const Node* node = walk(path, values);
    return node == nullptr ? std::string_view() : std::string_view(node->allow);
}

}  // namespace credvault::api
