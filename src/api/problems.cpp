#include "api/problems.h"

namespace credvault::api {

Status Problems::status() const {
    if (found_.empty()) return {};
    Error error(found_.front().code, found_.front().message, found_.front().field);
    if (found_.size() > 1) error.details = found_;
    return error;
}

}  // namespace credvault::api
