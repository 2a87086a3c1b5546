// The access log: a JSON line per request, formatted on the I/O thread into a buffer of its own and written by a
// background thread, so that a request waits neither for a lock that others hold nor for the disk. Never a credential,
// never a query string. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/per_thread.h"

namespace credvault::api {

/// What is said of one request. Views; empty text is left out. Method and path are the client's; the other texts are
/// ours and need no escapes in JSON.
struct AccessEntry {
    std::string_view request_id;
    std::string_view method;
    std::string_view path;       ///< Undecoded, without the query.
    std::string_view operation;  ///< Its id.
    int status = 0;
    std::int64_t duration_ns = 0;
    std::string_view actor;  ///< The key's id.
    std::string_view address;
    std::uint64_t bytes = 0;  ///< Of the response body before compression; 0 where it is streamed.
    std::string_view error;   ///< The code.
};

class AccessLog {
public:
    /// Takes whole lines, many at once, on the log's thread; returns nothing it could fail with.
    using Output = std::function<void(std::string_view lines)>;

    explicit AccessLog(Output output);
    /// Writes what is left.
    ~AccessLog();
    AccessLog(const AccessLog&) = delete;
    AccessLog& operator=(const AccessLog&) = delete;

    /// Lines beyond 4 MiB that wait in one thread are dropped; how many is said in the log.
    void add(const AccessEntry& entry);
    /// Returns when all that was added before by this thread has been given to the output.
    void flush();

private:
    struct Buffer {
        std::mutex mutex;  ///< Contended only while the log's thread takes the lines.
        std::string lines;
        std::uint64_t dropped = 0;
    };

    void run();
    void drain();

    Output output_;
    PerThread<Buffer> buffers_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::mutex draining_;
    std::string gathered_;
    std::thread thread_;
};

/// The line, with its end. Control characters and bytes outside ASCII in the path come out escaped.
void append_access_line(std::string& out, const AccessEntry& entry, std::int64_t time_ms);

}  // namespace credvault::api
