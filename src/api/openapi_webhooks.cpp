#include "api/openapi_webhooks.h"

#include <array>
#include <string>
#include <string_view>

#include "webhooks/event_types.h"

namespace credvault::api {
namespace {

struct SentField {
    std::string_view name, description;
};

constexpr std::array<SentField, 4> sent_fields{
    {{"webhook-id", "Of the event: the same on every attempt."},
     {"webhook-timestamp", "When it was sent, in seconds since 1970."},
     {"webhook-signature",
      "`v1,` and base64 of the HMAC-SHA256 over `id.timestamp.body`, or `v1a,` and an Ed25519 signature; "
      "several "
      "separated by spaces."},
     {"X-CredVault-Signature",
      "`t=` the time, and `v1=` the HMAC-SHA256 over `timestamp.body` in hexadecimal."}}};

void append_fields(json::Writer& out) {
    out.key("parameters").begin_array();
    for (const SentField& field : sent_fields) {
        out.begin_object().key("name").string(field.name).key("in").string("header");
        out.key("description").string(field.description).key("required").boolean(true);
        out.key("schema").begin_object().key("type").string("string").end_object().end_object();
    }
    out.end_array();
}

void append_body(json::Writer& out, const webhooks::EventType& type) {
    out.key("requestBody").begin_object().key("required").boolean(true);
    out.key("content").begin_object().key("application/json").begin_object();
    out.key("schema").begin_object().key("type").string("object").key("properties").begin_object();
    out.key("type").begin_object().key("const").string(type.name);
    out.key("description").string("What happened.").end_object();
    out.key("timestamp").begin_object().key("type").string("string").key("format").string("date-time");
    out.key("description").string("When it happened.").end_object();
    out.key("data").raw(webhooks::event_schema(type)).end_object();
    out.key("required").begin_array().string("type").string("timestamp").string("data").end_array();
    out.end_object();
    out.key("example").begin_object().key("type").string(type.name);
    out.key("timestamp").string("2026-01-31T12:00:00.000Z").key("data").raw(type.example).end_object();
    out.end_object().end_object().end_object();
}

/// "document.created" → "onDocumentCreated"
std::string operation_id(std::string_view type) {
    std::string id = "on";
    bool begins = true;
    for (const char c : type) {
        if (c != '.') id.push_back(begins ? static_cast<char>(c & ~0x20) : c);
        begins = c == '.';
    }
    return id;
}

}  // namespace

void append_webhooks(json::Writer& out) {
    out.begin_object();
    for (const webhooks::EventType& type : webhooks::event_types()) {
        out.key(type.name).begin_object().key("post").begin_object();
        out.key("operationId").string(operation_id(type.name));
        out.key("tags").begin_array().string("Webhooks").end_array();
        out.key("summary").string(type.description);
        out.key("description")
            .string(type.scope.empty()
                        ? "Sent whatever the scopes of the webhook's credential."
                        : "For webhooks of credentials with the scope `" + std::string(type.scope) + "`.");
        // The receiver's own; the signature says who sends.
        out.key("security").begin_array().end_array();
        append_fields(out);
        append_body(out, type);
        out.key("responses").begin_object().key("2XX").begin_object();
        out.key("description").string("It was received. Anything else is a failure, and it is sent again.");
        out.end_object().end_object().end_object().end_object();
    }
    out.end_object();
}

}  // namespace credvault::api
