#include "api/access_log.h"

#include <chrono>
#include <utility>

#include "base/clock.h"
#include "json/writer.h"

namespace credvault::api {
namespace {

constexpr std::size_t max_waiting_bytes = 4 * 1024 * 1024;
constexpr auto interval = std::chrono::milliseconds(100);

/// `opening` is what stands before the value: a comma, the member's name, a colon, a quote. The value needs no escapes.
void append_plain(std::string& out, std::string_view opening, std::string_view value) {
    if (!value.empty()) out.append(opening).append(value).push_back('"');
}

/// A client may have sent the value.
void append_text(std::string& out, std::string_view opening, std::string_view value) {
    out.append(opening);
    json::append_escaped(out, value);
    out.push_back('"');
}

}  // namespace

void append_access_line(std::string& out, const AccessEntry& entry, std::int64_t time_ms) {
    out.append(R"({"time":")");
    append_time(out, time_ms);
    out.push_back('"');
    append_plain(out, R"(,"request_id":")", entry.request_id);
    if (!entry.method.empty()) append_text(out, R"(,"method":")", entry.method);
    if (!entry.path.empty()) append_text(out, R"(,"path":")", entry.path);
    append_plain(out, R"(,"operation":")", entry.operation);
    out.append(R"(,"status":)");
    json::append_int(out, entry.status);
    out.append(R"(,"duration_us":)");
    json::append_int(out, entry.duration_ns / 1000);
    append_plain(out, R"(,"key":")", entry.actor);
    append_plain(out, R"(,"address":")", entry.address);
    out.append(R"(,"bytes":)");
    json::append_int(out, static_cast<std::int64_t>(entry.bytes));
    append_plain(out, R"(,"code":")", entry.error);
    out.append("}\n");
}

AccessLog::AccessLog(Output output) : output_(std::move(output)), thread_([this] { run(); }) {}

AccessLog::~AccessLog() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
    drain();
}

void AccessLog::add(const AccessEntry& entry) {
    Buffer& buffer = buffers_.mine();
    std::lock_guard lock(buffer.mutex);
    if (buffer.lines.size() > max_waiting_bytes) {
        ++buffer.dropped;
        return;
    }
    append_access_line(buffer.lines, entry, now_ms());
}

void AccessLog::flush() { drain(); }

void AccessLog::drain() {
    std::lock_guard draining(draining_);
    for (const auto& buffer : buffers_.all()) {
        std::uint64_t dropped = 0;
        gathered_.clear();
        {
            std::lock_guard lock(buffer->mutex);
            std::swap(gathered_, buffer->lines);
            std::swap(dropped, buffer->dropped);
        }
        if (dropped != 0) {
            gathered_.append("{\"time\":\"").append(format_time(now_ms())).append("\",\"dropped_lines\":");
            json::append_int(gathered_, static_cast<std::int64_t>(dropped));
            gathered_.append("}\n");
        }
        if (!gathered_.empty()) output_(gathered_);
    }
}

void AccessLog::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        wake_.wait_for(lock, interval);
        lock.unlock();
        drain();
        lock.lock();
    }
}

}  // namespace credvault::api
