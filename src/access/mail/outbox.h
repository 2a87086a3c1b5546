// Mails that wait to be sent: sealed records of the system database, written in the batch of what they tell of, so that
// a restart loses none, and sent by a thread of its own, again after a failure, less and less often. Thread-safe.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "access/mail/smtp.h"
#include "access/records.h"
#include "access/server_key.h"
#include "base/run_loop.h"

namespace credvault::access {

struct OutboxSettings {
    SmtpSettings smtp;
    std::int64_t first_wait_ms = 2'000;  ///< After the first failure; doubles with each …
    std::int64_t longest_wait_ms = 3'600'000;
    std::int64_t give_up_ms =
        3LL * 86'400'000;  ///< A mail that could not be sent for so long is dropped, and logged.
};

class Outbox {
public:
    Outbox(SystemRecords& records, const ServerKey& key, OutboxSettings settings);
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    Reply<void> open();
    /// Begins to send. Call once, after open().
    void start();
    /// Ends the thread; what was not sent waits for the next start. Safe to call twice.
    void stop();

    /// Whether there is a server to send by.
    bool sends() const { return !settings_.smtp.url.empty(); }
    /// The record of a mail, to be inserted into outbox_collection. A mail to nobody is dropped instead of sent.
    std::string record(const Mail& mail) const;
    /// A record was written: look at once.
    void wake();

private:
    void run();
    /// Sends what is due; returns the milliseconds until something is.
    std::int64_t send_due(RunLoop& loop);
    std::int64_t send(RunLoop& loop, const json::Value& record);
    void remove(RunLoop& loop, const std::string& id);
    std::int64_t postpone(RunLoop& loop, const json::Value& record, const std::string& reason);
    bool stopping();

    SystemRecords& records_;
    const ServerKey& key_;
    const OutboxSettings settings_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    bool woken_ = false;
    std::thread thread_;
};

}  // namespace credvault::access
