#include "access/mail/outbox.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "access/system.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/run_loop.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

constexpr std::int64_t idle_ms = 60'000;

std::string about(const std::string& id) { return "mail/" + id; }

}  // namespace

Outbox::Outbox(SystemRecords& records, const ServerKey& key, OutboxSettings settings)
    : records_(records), key_(key), settings_(std::move(settings)) {}

Outbox::~Outbox() { stop(); }

Reply<void> Outbox::open() {
    std::vector<RecordIndex> indexes;
    indexes.push_back({.name = "by_time", .fields = "due_at"});
    return records_.open(outbox_collection, std::move(indexes));
}

void Outbox::start() {
    thread_ = std::thread([this] { run(); });
}

void Outbox::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

bool Outbox::stopping() {
    std::lock_guard lock(mutex_);
    return stopping_;
}

void Outbox::wake() {
    {
        std::lock_guard lock(mutex_);
        woken_ = true;
    }
    wake_.notify_all();
}

std::string Outbox::record(const Mail& mail) const {
    const std::string id = make_id("mail");
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(id);
    out.key("sealed").string(key_.seal(kept_text(mail), about(id)));
    out.key("attempts").number(std::int64_t{0});
    out.key("due_at").string(format_time(now_ms())).end_object();
    return text;
}

void Outbox::run() {
    RunLoop loop;
    while (!stopping()) {
        const std::int64_t wait = send_due(loop);
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::milliseconds(wait), [this] { return stopping_ || woken_; });
        woken_ = false;
    }
}

std::int64_t Outbox::send_due(RunLoop& loop) {
    const auto waiting = loop.wait(records_.all(outbox_collection, "{}", 10'000));
    if (!waiting.ok()) return idle_ms;
    std::int64_t wait = idle_ms;
    for (const json::Value& record : *waiting) {
        if (stopping()) return 0;
        const std::int64_t left = time_of(record, "due_at") - now_ms();
        wait = std::min(wait, left > 0 ? left : send(loop, record));
    }
    return wait;
}

/// The milliseconds until it is due again, where it is not done with.
std::int64_t Outbox::send(RunLoop& loop, const json::Value& record) {
    const std::string id = text_of(record, "id");
    const auto kept = key_.unseal(text_of(record, "sealed"), about(id));
    const auto mail = kept ? mail_of(*kept) : std::nullopt;
    if (!mail) log::error("a mail can't be read: server.key is not the one that sealed it", {{"mail", id}});
    if (!mail || mail->to.empty() || !sends()) return remove(loop, id), idle_ms;
    const auto failure = send_by_smtp(settings_.smtp, *mail, id);
    if (!failure) {
        log::info("mail sent", {{"mail", id}});
        return remove(loop, id), idle_ms;
    }
    const bool late = now_ms() - time_of(record, "created_at") > settings_.give_up_ms;
    if (failure->permanent || late) {
        log::error("a mail could not be sent and is dropped", {{"mail", id}, {"reason", failure->reason}});
        return remove(loop, id), idle_ms;
    }
    return postpone(loop, record, failure->reason);
}

void Outbox::remove(RunLoop& loop, const std::string& id) {
    storage::WriteBatch batch = system_batch();
    batch.operations.push_back(storage::RemoveRecord{outbox_collection, id, {}});
    // Where this fails the mail is sent again: better twice than never.
    (void)loop.wait(records_.write(batch));
}

std::int64_t Outbox::postpone(RunLoop& loop, const json::Value& record, const std::string& reason) {
    const std::string id = text_of(record, "id");
    const std::int64_t attempts = int_of(record, "attempts");
    std::int64_t wait = settings_.first_wait_ms;
    for (std::int64_t i = 0; i < attempts && wait < settings_.longest_wait_ms; ++i) wait *= 2;
    wait = std::min(wait, settings_.longest_wait_ms);
    log::warning("a mail could not be sent", {{"mail", id}, {"again_in_ms", wait}, {"reason", reason}});
    const ChangeBy change([&](json::Value& stored) -> Status {
        stored.set("attempts", attempts + 1);
        stored.set("due_at", format_time(now_ms() + wait));
        return {};
    });
    storage::WriteBatch batch = system_batch();
    batch.operations.push_back(storage::ModifyRecord{outbox_collection, id, &change, {}});
    (void)loop.wait(records_.write(batch));
    return wait;
}

}  // namespace credvault::access
