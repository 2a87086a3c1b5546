// Sends what webhooks are to be told. Follows the change logs, keeps an Endpoint for each webhook, and lets the sender
// call: at least once, none waiting for another. Everything happens on the thread that calls turn(), whose executor the
// answers come to; only what says so is thread-safe. DispatchThread is that thread; tests turn by themselves, with a
// clock of their own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/snapshot.h"
#include "storage/change_consumers.h"
#include "webhooks/endpoint.h"
#include "webhooks/image_demand.h"
#include "webhooks/log_reader.h"
#include "webhooks/selection.h"

namespace credvault::webhooks {

struct DispatchSettings {
    EndpointLimits limits;
    std::size_t max_record_bytes = 256 * 1024;               ///< Larger records are left out of payloads.
    std::int64_t timeout_ms = 20'000;                        ///< Of one attempt.
    std::int64_t write_ms = 100;                             ///< Results are written down so often.
    std::int64_t give_up_ms = std::int64_t{5} * 86'400'000;  ///< A webhook that fails so long is paused.
    std::int64_t keep_ms = std::int64_t{30} * 86'400'000;    ///< Deliveries, before they are removed.
};

/// Since the start.
struct DispatchCounts {
    std::atomic<std::uint64_t> delivered{0};
    std::atomic<std::uint64_t> failed_attempts{0};
    std::atomic<std::uint64_t> gaps{0};
    std::atomic<std::uint64_t> under_way{0};
    std::atomic<std::uint64_t> waiting{0};
};

class Dispatcher final : public storage::CommitListener {
public:
    struct Parts {
        storage::Engine& engine;
        storage::ChangeConsumers& consumers;
        Webhooks& webhooks;
        DeliveryStore& store;
        const Directory& directory;
        const Rights& rights;
        Watch& watch;
        outgoing::Sender& sender;
    };

    /// All of them outlive it. `now` gives milliseconds.
    Dispatcher(const Parts& parts, DispatchSettings settings, std::function<std::int64_t()> now);
    ~Dispatcher() override;

    // Thread-safe.

    /// Who makes the thread turn; before webhooks are made.
    void set_waker(std::function<void()> waker);
    /// Webhooks were made, changed or removed: their images are kept from now on.
    void webhooks_changed();
    void committed(std::string_view log) override;
    storage::ChangeImages images(std::string_view log, std::string_view collection) const override;
    const DispatchCounts& counts() const { return counts_; }

    // On the thread.

    /// Does what can be done now.
    void turn();
    /// How long nothing will be due.
    std::int64_t wait_ms() const;
    /// A delivery was renewed (DeliveryStore::renew).
    void renewed(const std::string& webhook, const std::string& delivery);
    /// The call that a delivery is; for tests of a webhook, too.
    outgoing::Request request_of(const Webhook& webhook, const std::vector<SigningKey>& keys,
                                 const Message& message) const;
    /// Begins no more. Whether everything has come to its end and is written down.
    bool wind_up();

private:
    struct Work;
    using WorkRef = std::shared_ptr<Work>;

    void reload();
    void adopt(const WebhookRef& webhook);
    void renew(Work& work, const WebhookRef& webhook);
    Reply<void> restore(WorkRef work);
    void remove(const std::string& id, bool deleted);
    void place_cursors(Work& work);
    void wake_logs();
    void pump(const WorkRef& work);

    /// Narrows what the webhook is told to what its maker may see now. False: nothing, he is gone.
    Reply<bool> look_at_maker(WorkRef work);
    void look_at_makers();
    void publish_demand();

    void read(const WorkRef& work);
    Reply<void> read_log(WorkRef work, std::string log);
    Reply<bool> read_page(WorkRef work, std::string log);
    Reply<void> bridge_gap(WorkRef work, std::string log, ErrorCode why);

    void send(const WorkRef& work, const DeliveryRef& delivery);
    Reply<void> load(WorkRef work, std::string id);
    Reply<void> look_for_due(WorkRef work);
    void after_attempt(const WorkRef& work, const outgoing::Answer& answer, bool success);
    Reply<void> trouble(WorkRef work, Trouble trouble);

    void settle_if_due(const WorkRef& work);
    Reply<void> settle(WorkRef work);
    void look_after();
    Reply<void> tidy();

    /// Runs to its end by itself; nothing ends before it has.
    void detach(Reply<void> reply);
    void schedule(const WorkRef& work);
    double random();

    const Parts parts_;
    const DispatchSettings settings_;
    const std::function<std::int64_t()> now_;
    LogReader reader_;
    DispatchCounts counts_;

    std::mutex mutex_;
    std::function<void()> waker_;
    std::unordered_set<std::string> changed_logs_;
    bool webhooks_changed_ = true;
    std::mutex demanding_;
    std::map<std::string, Present> presents_;  ///< By webhook.
    Snapshot<ImageDemand> demand_;
    std::atomic<bool> idle_{true};  ///< There is no webhook that listens.

    // The thread's.
    std::map<std::string, WorkRef> works_;
    std::map<std::string, std::set<std::string>> by_log_;  ///< Webhooks that follow a log.
    std::set<std::string> marked_;                         ///< Webhooks to be looked at.
    std::set<std::pair<std::int64_t, std::string>> timers_;
    std::set<std::string> held_logs_;
    std::vector<std::string> removals_;  ///< Webhooks that are gone while their deliveries are not.
    std::int64_t looked_after_ms_ = 0;
    std::int64_t looked_at_makers_ms_ = 0;
    bool makers_changed_ = false;  ///< Perhaps: something did in the system database.
    std::int64_t tidied_ms_ = 0;
    bool tidying_ = false;
    bool winding_up_ = false;
    std::size_t outstanding_ = 0;
    std::uint64_t random_state_;
};

}  // namespace credvault::webhooks
