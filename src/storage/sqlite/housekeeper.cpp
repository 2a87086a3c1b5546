#include "storage/sqlite/housekeeper.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "base/clock.h"

namespace credvault::storage {
namespace {

constexpr std::chrono::milliseconds look_interval{500};
constexpr std::chrono::milliseconds least_interval{20};
constexpr std::size_t looked_into_at_once = 5;

}  // namespace

Housekeeper::Housekeeper(Context& context, Databases& databases, WriterPool& writers)
    : context_(context), databases_(databases), writers_(writers), thread_([this] { loop(); }) {}

Housekeeper::~Housekeeper() { stop(); }

void Housekeeper::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Housekeeper::loop() {
    pthread_setname_np(pthread_self(), "housekeeper");
    const SqliteOptions& options = context_.options;
    const std::chrono::milliseconds soonest(std::min(options.upkeep_ms, options.ttl_ms));
    const auto interval = std::clamp(soonest, least_interval, look_interval);
    if (auto all = databases_.list(); all.ok()) unseen_ = std::move(all).value();
    std::int64_t upkept_ns = monotonic_ns();
    std::int64_t swept_ns = upkept_ns;
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            if (wake_.wait_for(lock, interval, [this] { return stopping_; })) return;
        }
        const std::int64_t now_ns = monotonic_ns();
        const auto is_due = [now_ns](std::int64_t& last_ns, std::int64_t every_ms) {
            const bool due = now_ns - last_ns >= every_ms * 1'000'000;
            if (due) last_ns = now_ns;
            return due;
        };
        look_for_ttl();
        if (is_due(swept_ns, options.ttl_ms)) sweep_expired();
        look(is_due(upkept_ns, options.upkeep_ms));
    }
}

void Housekeeper::look_for_ttl() {
    for (std::size_t i = 0; i < looked_into_at_once && !unseen_.empty(); ++i) {
        const auto database = databases_.get(unseen_.back());
        if (database.ok() && (*database)->catalog()->has_ttl()) with_ttl_.insert(unseen_.back());
        unseen_.pop_back();
    }
}

void Housekeeper::sweep_expired() {
    for (const std::shared_ptr<Database>& database : databases_.open_ones()) {
        if (database->catalog()->has_ttl()) with_ttl_.insert(database->id());
    }
    for (auto id = with_ttl_.begin(); id != with_ttl_.end();) {
        const auto database = databases_.get(*id);
        const bool expires = database.ok() && (*database)->catalog()->has_ttl();
        if (expires) {
            (*database)->writer().request_ttl_sweep();
            // Put in line here: the database may be closed again before the next look.
            if ((*database)->queue().request()) writers_.put_in_line(*database);
        }
        id = expires ? std::next(id) : with_ttl_.erase(id);
    }
}

void Housekeeper::look(bool upkeep) {
    for (const std::shared_ptr<Database>& database : databases_.open_ones()) {
        if (upkeep) database->writer().request_upkeep();
        if (database->writer().has_chores() && database->queue().request()) writers_.put_in_line(database);
    }
    databases_.close_idle();
}

}  // namespace credvault::storage
