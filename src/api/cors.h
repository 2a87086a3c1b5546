// Cross-origin calls from browsers, for configured origins (the Fetch standard's CORS protocol). Other origins bring
// their credential in Authorization, never in cookies, so Access-Control-Allow-Credentials is not sent and X-CSRF-Token
// is none of the fields that they may send. Immutable; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace credvault::api {

class Cors {
public:
    /// Origins as browsers send them ("https://app.example.com"), or "*" for all.
    explicit Cors(std::vector<std::string> origins);

    /// Adds what lets the page at the request's Origin read the response.
    void allow(http::Request& request, http::Response& response) const;
    /// The answer to OPTIONS: Allow, and for a preflight from a configured origin what it may send.
    http::Response options(http::Request& request, std::string_view allowed_methods) const;

private:
    bool knows(std::string_view origin) const;

    std::vector<std::string> origins_;
    bool all_ = false;
};

}  // namespace credvault::api
