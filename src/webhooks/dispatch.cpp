// The dispatcher's part that reads logs and sends.
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "storage/platform.h"
#include "webhooks/dispatcher.h"
#include "webhooks/work.h"

namespace credvault::webhooks {
namespace {

constexpr std::int64_t again_ms = 1'000;
constexpr std::uint64_t due_at_once = 32;
constexpr std::string_view user_agent = "CredVault-Webhooks/" CREDVAULT_VERSION;
constexpr int gone = 410;

}  // namespace

void Dispatcher::read(const WorkRef& work) {
    if (!work->endpoint.has_room()) return;
    std::vector<std::string> logs;
    for (auto& [log, cursor] : work->endpoint.cursors()) {
        if (cursor.woken && !cursor.under_way) logs.push_back(log);
    }
    for (std::string& log : logs) {
        if (!work->endpoint.has_room()) return;
        LogCursor& cursor = work->endpoint.cursor(log);
        cursor.woken = false;
        cursor.under_way = true;
        detach(read_log(work, std::move(log)));
    }
}

Reply<void> Dispatcher::read_log(WorkRef work, std::string log) {
    Result<bool> more = co_await read_page(work, log);
    const bool is_there = !work->gone && work->endpoint.cursors().contains(log);
    if (is_there) work->endpoint.cursor(log).under_way = false;
    if (more.ok()) {
        if (is_there && *more) work->endpoint.cursor(log).woken = true;
        marked_.insert(work->id());
        co_return Status();
    }
    const ErrorCode code = more.error().code;
    if (!is_there || code == ErrorCode::SHUTTING_DOWN) co_return Status();
    if (code == ErrorCode::CHANGES_GONE || code == ErrorCode::INVALID_CURSOR)
        co_return co_await bridge_gap(work, log, code);
    if (code == ErrorCode::DATABASE_NOT_FOUND) {
        work->endpoint.drop_cursor(log);
        by_log_.erase(log);
        reader_.forget(log);
        co_return co_await parts_.store.forget(work->id(), log);
    }
    work->endpoint.cursor(log).woken = true;
    work->retry_ms = now_() + again_ms;
    marked_.insert(work->id());
    co_return std::move(more).error();
}

/// Whether there may be more.
Reply<bool> Dispatcher::read_page(WorkRef work, std::string log) {
    CO_TRY(const bool may_be_told, co_await look_at_maker(work));
    if (work->gone || !work->endpoint.cursors().contains(log)) co_return false;
    // One that was changed meanwhile comes again.
    if (!may_be_told) co_return !work->in_trouble;
    if (!work->endpoint.cursor(log).has_begun()) {
        const std::int64_t from_ms = work->endpoint.webhook().started_ms;
        CO_TRY(const std::uint64_t position, co_await reader_.position_at(log, from_ms));
        if (work->gone || !work->endpoint.cursors().contains(log)) co_return false;
        LogCursor& fresh = work->endpoint.cursor(log);
        Progress progress;
        progress.position = position;
        fresh.begin(progress);
        fresh.from_ms = from_ms;
    }
    const std::uint64_t after = work->endpoint.cursor(log).read_to();
    CO_TRY(LogPage read, co_await reader_.read(log, after, false));
    const bool platform = log == storage::system_database;
    if (!platform && work->told->needs_current(*read.page)) {
        CO_TRY(read, co_await reader_.read(log, after, true));
    }
    if (work->gone || !work->endpoint.cursors().contains(log)) co_return false;
    LogCursor& cursor = work->endpoint.cursor(log);
    std::vector<Message> messages;
    if (platform) {
        messages = work->told->read_platform(*read.page, cursor.from_ms);
    } else {
        const auto database = parts_.directory.database(log);
        if (!database) co_return Error(ErrorCode::DATABASE_NOT_FOUND);
        messages = work->told->read(*database, *read.page, cursor.from_ms);
    }
    for (Message& message : messages) {
        if (!cursor.is_settled(message.origin.sequence)) work->endpoint.add(std::move(message));
    }
    cursor.read(read.page->position);
    co_return read.more;
}

/// Events were lost: the log no longer reaches back to where the webhook stood.
Reply<void> Dispatcher::bridge_gap(WorkRef work, std::string log, ErrorCode why) {
    CO_TRY(const std::uint64_t oldest, co_await reader_.oldest(log));
    if (work->gone || !work->endpoint.cursors().contains(log)) co_return Status();
    LogCursor& cursor = work->endpoint.cursor(log);
    if (why == ErrorCode::INVALID_CURSOR) {
        // The log is a former one of the same database: what is in it from now on counts.
        Progress progress;
        progress.position = oldest;
        cursor.begin(progress);
    } else {
        cursor.skip(oldest);
    }
    cursor.woken = true;
    marked_.insert(work->id());
    ++counts_.gaps;
    log::warning("a webhook has lost events: the change log no longer reached back so far",
                 {{"webhook", work->id()}, {"log", log}});
    co_return co_await trouble(work, Trouble::Gap);
}

outgoing::Request Dispatcher::request_of(const Webhook& webhook, const std::vector<SigningKey>& keys,
                                         const Message& message) const {
    outgoing::Request request;
    request.url = webhook.url;
    request.timeout_ms = settings_.timeout_ms;
    const std::string id = std::string(message_prefix) + message.id;
    const std::int64_t timestamp = now_() / 1'000;
    Signatures signatures = webhooks::signatures(keys, id, timestamp, message.body);
    request.headers = webhook.headers;
    const auto add = [&](std::string_view name, std::string value) {
        request.headers.emplace_back(name, std::move(value));
    };
    add("Content-Type", std::string(content_type_of(webhook.format)));
    add("User-Agent", std::string(user_agent));
    add("webhook-id", id);
    add("webhook-timestamp", std::to_string(timestamp));
    add("webhook-signature", std::move(signatures.standard));
    add("X-CredVault-Signature", std::move(signatures.own));
    request.body = message.body;
    return request;
}

void Dispatcher::send(const WorkRef& work, const DeliveryRef& delivery) {
    const std::int64_t begun_ms = now_();
    outgoing::Request request =
        request_of(work->endpoint.webhook(), work->endpoint.keys(begun_ms), delivery->message);
    ++outstanding_;
    parts_.sender.send(std::move(request))
        .then([this, work, delivery, begun_ms](const Result<outgoing::Answer>& answer) {
            --outstanding_;
            if (!answer.ok()) return work->endpoint.abandoned(delivery);
            const bool success = work->endpoint.ended(delivery, begun_ms, *answer, now_(), random());
            after_attempt(work, *answer, success);
        });
}

void Dispatcher::after_attempt(const WorkRef& work, const outgoing::Answer& answer, bool success) {
    ++(success ? counts_.delivered : counts_.failed_attempts);
    marked_.insert(work->id());
    if (success || work->in_trouble || !work->is_active()) return;
    const std::int64_t failing_since = work->endpoint.standing().failing_since_ms;
    const bool given_up = failing_since != 0 && now_() - failing_since >= settings_.give_up_ms;
    if (answer.status != gone && !given_up) return;
    work->in_trouble = true;
    detach(trouble(work, answer.status == gone ? Trouble::Gone : Trouble::Failing));
}

Reply<void> Dispatcher::trouble(WorkRef work, Trouble trouble) {
    auto noted = co_await parts_.webhooks.note(work->id(), trouble);
    if (!noted.ok()) {
        work->in_trouble = false;
        co_return std::move(noted).error();
    }
    if (*noted == nullptr) co_return Status();
    co_return co_await parts_.watch.tell(**noted, trouble);
}

Reply<void> Dispatcher::load(WorkRef work, std::string id) {
    auto found = co_await parts_.store.find(work->id(), std::string(delivery_prefix) + id);
    marked_.insert(work->id());
    if (!found.ok()) {
        // It stays where it is and is tried again.
        work->endpoint.postpone(id, now_() + again_ms);
        co_return std::move(found).error();
    }
    const DeliveryRef delivery = work->endpoint.loaded(id, std::move(*found));
    if (delivery && winding_up_) work->endpoint.abandoned(delivery);
    if (delivery && !winding_up_) send(work, delivery);
    co_return Status();
}

Reply<void> Dispatcher::look_for_due(WorkRef work) {
    work->endpoint.looking_for_due();
    auto found = co_await parts_.store.due(work->id(), INT64_MAX, due_at_once);
    marked_.insert(work->id());
    if (!found.ok()) {
        work->endpoint.add_due({}, now_());
        work->retry_ms = now_() + again_ms;
        work->endpoint.renewed({}, work->retry_ms);
        co_return std::move(found).error();
    }
    work->endpoint.add_due(std::move(*found), now_());
    co_return Status();
}

}  // namespace credvault::webhooks
