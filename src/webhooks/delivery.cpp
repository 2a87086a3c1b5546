#include "webhooks/delivery.h"

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "json/canonical.h"
#include "json/writer.h"

namespace credvault::webhooks {
namespace {

constexpr std::array<std::string_view, 4> names{"delivered", "retrying", "waiting", "failed"};

std::string string_in(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

std::int64_t int_in(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->type() == json::Type::Int ? member->as_int() : 0;
}

std::int64_t time_in(const json::View& record, std::string_view name) {
    return parse_time(string_in(record, name)).value_or(0);
}

void put_attempts(json::Writer& out, const std::vector<Attempt>& attempts) {
    out.key("attempts").begin_array();
    for (const Attempt& attempt : attempts) {
        out.begin_object().key("at").string(format_time(attempt.at_ms));
        if (attempt.status != 0) out.key("status").number(std::int64_t{attempt.status});
        if (!attempt.failure.empty()) out.key("error").string(attempt.failure);
        out.key("duration_ms").number(static_cast<double>(attempt.duration_us) / 1000.0);
        if (!attempt.response.empty()) out.key("response").string(attempt.response);
        out.end_object();
    }
    out.end_array();
}

std::vector<Attempt> attempts_in(const json::View& record) {
    std::vector<Attempt> attempts;
    const auto list = record.find("attempts");
    if (!list || !list->is_array()) return attempts;
    for (const json::View element : list->elements()) {
        Attempt attempt;
        attempt.at_ms = time_in(element, "at");
        attempt.status = static_cast<int>(int_in(element, "status"));
        attempt.failure = string_in(element, "error");
        if (const auto took = element.find("duration_ms"); took && took->is_number())
            attempt.duration_us = static_cast<std::int64_t>(took->as_double() * 1000.0);
        attempt.response = string_in(element, "response");
        attempts.push_back(std::move(attempt));
    }
    return attempts;
}

/// What somebody answered, as text that can be kept: anything that is not printable UTF-8 is replaced.
std::string printable(std::string_view answer) {
    std::string text;
    for (std::size_t i = 0; i < answer.size();) {
        const auto byte = static_cast<unsigned char>(answer[i]);
        const std::size_t length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
        const std::string_view character = answer.substr(i, length);
        const bool control = byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r';
        if (!control && byte != 0x7f && json::is_utf8(character)) {
            text += character;
            i += character.size();
        } else {
            text += "\xef\xbf\xbd";
            ++i;
        }
    }
    return text;
}

/// What the record and its public form share.
void put_members(json::Writer& out, const Delivery& delivery) {
    const Message& message = delivery.message;
    out.key("id").string(delivery.id()).key("webhook").string(delivery.webhook);
    out.key("event").string(std::string(message_prefix) + message.id).key("type").string(message.type);
    if (!message.subject.empty()) out.key("subject").string(message.subject);
    out.key("sequence").number(static_cast<std::int64_t>(message.origin.sequence));
    out.key("occurred_at").string(format_time(message.time_ms));
    out.key("status").string(delivery_status_name(delivery.status));
    out.key("attempt_count").number(delivery.attempt_count);
    put_attempts(out, delivery.attempts);
    if (delivery.due_ms != 0) out.key("next_attempt_at").string(format_time(delivery.due_ms));
    if (delivery.test) out.key("test").boolean(true);
}

}  // namespace

std::string_view delivery_status_name(DeliveryStatus status) {
    return names[static_cast<std::size_t>(status)];
}

std::string due_key(std::string_view webhook, std::int64_t due_ms) {
    return std::string(webhook) + "|" + format_time(due_ms);
}

std::string Delivery::text() const {
    std::string text;
    text.reserve(message.body.size() + 640);
    json::Writer out(text);
    out.begin_object();
    put_members(out, *this);
    out.key("workspace").string(workspace).key("log").string(message.origin.log);
    const bool pending = status == DeliveryStatus::Retrying || status == DeliveryStatus::Waiting;
    if (pending) {
        out.key("tries").number(std::int64_t{tries}).key("held").boolean(held);
        out.key("lane").number(static_cast<std::int64_t>(message.lane));
        out.key("due").string(held ? due_key(webhook + "|held", message.time_ms) : due_key(webhook, due_ms));
    }
    out.key("body").raw(message.body).end_object();
    return text;
}

std::optional<Delivery> Delivery::parse(const json::View& record) {
    Delivery delivery;
    const std::string id = string_in(record, "id");
    const auto* const status = std::find(names.begin(), names.end(), string_in(record, "status"));
    const auto body = record.find("body");
    if (!id.starts_with(delivery_prefix) || status == names.end() || !body) return {};
    delivery.webhook = string_in(record, "webhook");
    delivery.workspace = string_in(record, "workspace");
    Message& message = delivery.message;
    message.id = id.substr(delivery_prefix.size());
    message.type = string_in(record, "type");
    message.subject = string_in(record, "subject");
    message.body = body->text();
    message.origin = {string_in(record, "log"), static_cast<std::uint64_t>(int_in(record, "sequence"))};
    message.lane = static_cast<std::uint64_t>(int_in(record, "lane"));
    message.time_ms = time_in(record, "occurred_at");
    delivery.status = static_cast<DeliveryStatus>(status - names.begin());
    delivery.attempts = attempts_in(record);
    delivery.attempt_count = int_in(record, "attempt_count");
    delivery.tries = static_cast<int>(int_in(record, "tries"));
    delivery.due_ms = time_in(record, "next_attempt_at");
    const auto flag = [&](std::string_view name) {
        const auto member = record.find(name);
        return member && member->type() == json::Type::Bool && member->as_bool();
    };
    delivery.held = flag("held");
    delivery.test = flag("test");
    return delivery;
}

std::string Delivery::public_text(bool body) const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    put_members(out, *this);
    if (body) out.key("payload").raw(message.body);
    out.end_object();
    return text;
}

bool Delivery::add(std::int64_t at_ms, const outgoing::Answer& answer) {
    const bool succeeded = answer.status >= 200 && answer.status < 300;
    Attempt attempt;
    attempt.at_ms = at_ms;
    attempt.status = answer.status;
    if (answer.status == 0) {
        attempt.failure = answer.failure.empty() ? "No answer" : answer.failure;
    } else if (answer.status >= 300 && answer.status < 400) {
        attempt.failure = "Redirects are not followed: name the final address";
    } else if (!succeeded) {
        attempt.failure = "The answer was not 2xx";
    }
    attempt.duration_us = answer.elapsed_us;
    attempt.response = printable(answer.body);
    if (attempts.size() >= max_kept_attempts) attempts.erase(attempts.begin());
    attempts.push_back(std::move(attempt));
    ++attempt_count;
    ++tries;
    return succeeded;
}

}  // namespace credvault::webhooks
