// From method and path to endpoint: a tree of path segments, walked once, without decoding. Literal segments go before
// fields. Immutable; shared by all threads.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/call.h"
#include "base/result.h"

namespace credvault::api {

class Router {
public:
    /// Preconditions (tested over all endpoints): no two have the same method and path; at most max_path_values fields.
    explicit Router(const std::vector<const Endpoint*>& endpoints);

    /// Fills `route`. Fails with NOT_FOUND, or with METHOD_NOT_ALLOWED and the route's `allow` set. HEAD goes where GET
    /// does.
    Status find(http::Method method, std::string_view path, Route& route) const;
    /// The methods of a path as Allow lists them, or nothing where there is no such path. "*" stands for all paths.
    std::string_view allow(std::string_view path) const;

private:
    static constexpr std::size_t methods = static_cast<std::size_t>(http::Method::Other) + 1;
    struct Node {
        std::vector<std::pair<std::string_view, Node*>> children;
        Node* field = nullptr;
        std::array<std::pair<const Endpoint*, std::size_t>, methods> endpoints{};
        std::string allow;
    };

    Node& child(Node& node, std::string_view segment);
    const Node* walk(std::string_view path, std::array<std::string_view, max_path_values>& values) const;

    std::deque<Node> nodes_;
    std::string all_methods_ = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
};

}  // namespace credvault::api
