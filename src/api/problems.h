// What is wrong with a request, gathered so that a client learns of all wrong fields at once; and the text that its
// decoded fields point into. Both belong to one call and its thread.
#pragma once

#include <forward_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace credvault::api {

class Problems {
public:
    void add(ErrorCode code, std::string_view field, std::string message) {
        found_.push_back({std::string(field), code, std::move(message)});
    }
    /// Takes another parser's error over; `field` stands where the error names none.
    void add(const Error& error, std::string_view field) {
        add(error.code, error.field.empty() ? field : std::string_view(error.field), error.message);
    }
    bool empty() const { return found_.empty(); }
    /// Success, or the first problem as an error, with all of them as details where there are several.
    Status status() const;

private:
    std::vector<ErrorDetail> found_;
};

/// Keeps strings in place until the call ends.
class Scratch {
public:
    std::string_view keep(std::string text) { return kept_.emplace_front(std::move(text)); }
    void clear() { kept_.clear(); }

private:
    std::forward_list<std::string> kept_;
};

}  // namespace credvault::api
