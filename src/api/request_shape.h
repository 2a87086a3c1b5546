// Where an operation's request fields come from, sorted once so that decoding a call is a walk over short lists.
// Immutable; shared by all threads.
#pragma once

#include <string_view>
#include <vector>

#include "api/field.h"
#include "base/result.h"

namespace credvault::api {

class Call;

class RequestShape {
public:
    /// `path` is the operation's template. Preconditions (tested over all endpoints): each {name} in it has a field of
    /// source Path and the other way round; at most 64 fields; at most one document, and no body fields beside it.
    RequestShape(const Fields& fields, std::string_view path);

    /// Fills the request. Fails with all that is wrong (MISSING_PARAMETER, INVALID_PARAMETER, UNKNOWN_PARAMETER).
    Status decode(Call& call, void* request) const;

    bool takes_body() const { return document_ != nullptr || has_body_fields_; }
    bool needs_body() const;
    const Fields& fields() const { return *fields_; }

private:
    void decode_path(Call& call, char* request, Problems& problems) const;
    void decode_query(Call& call, char* request, Problems& problems) const;
    void take_other(std::string_view name, std::string_view value, char* request, Problems& problems) const;
    void decode_headers(Call& call, char* request, Problems& problems) const;
    void decode_body(Call& call, char* request, Problems& problems) const;

    const Fields* fields_;
    std::vector<const Field*> path_;  ///< In the template's order.
    std::vector<const Field*> query_;
    std::vector<const Field*> headers_;
    const Field* other_query_ = nullptr;
    const Field* document_ = nullptr;
    const Field* media_type_ = nullptr;
    bool has_body_fields_ = false;
};

}  // namespace credvault::api
