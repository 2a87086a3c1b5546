// The part of the OpenAPI document that says what webhooks are sent. Pure functions.
#pragma once

#include "json/writer.h"

namespace credvault::api {

/// Writes the object that `webhooks` stands for: an operation for each type of events.
void append_webhooks(json::Writer& out);

}  // namespace credvault::api
