#include "webhooks/dispatcher.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "storage/platform.h"
#include "webhooks/work.h"

namespace credvault::webhooks {
namespace {

constexpr std::int64_t look_after_ms = 1'000;
constexpr std::int64_t news_ms = 5'000;
constexpr std::int64_t tidy_ms = 60'000;
constexpr std::int64_t again_ms = 1'000;
constexpr std::int64_t longest_wait_ms = 60'000;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t makers_ms = 60'000;

Reply<void> without_answer(Reply<bool> reply) {
    CO_TRY_VOID(co_await std::move(reply));
    co_return Status();
}

/// As if its maker had changed it now.
WebhookRef narrowed(const Webhook& webhook, const Present& present) {
    auto copy = std::make_shared<Webhook>(webhook);
    copy->scopes = present.scopes;
    copy->restrictions = present.restrictions;
    return copy;
}

}  // namespace

Dispatcher::Dispatcher(const Parts& parts, DispatchSettings settings, std::function<std::int64_t()> now)
    : parts_(parts),
      settings_(settings),
      now_(std::move(now)),
      reader_(parts.engine),
      demand_(std::make_shared<const ImageDemand>()),
      random_state_(randombytes_random() | 1U) {
    parts_.consumers.add(*this);
}

Dispatcher::~Dispatcher() { parts_.consumers.remove(*this); }

void Dispatcher::set_waker(std::function<void()> waker) {
    const std::lock_guard lock(mutex_);
    waker_ = std::move(waker);
}

void Dispatcher::webhooks_changed() {
    publish_demand();
    const std::lock_guard lock(mutex_);
    webhooks_changed_ = true;
    if (waker_) waker_();
}

void Dispatcher::publish_demand() {
    // The last to come sees the newest webhooks.
    const std::lock_guard lock(demanding_);
    std::vector<WebhookRef> all = parts_.webhooks.all();
    idle_ = std::none_of(all.begin(), all.end(),
                         [](const WebhookRef& webhook) { return webhook->state != State::Disabled; });
    for (WebhookRef& webhook : all) {
        if (const auto known = presents_.find(webhook->id); known != presents_.end())
            webhook = narrowed(*webhook, known->second);
    }
    demand_.publish(std::make_shared<const ImageDemand>(all, parts_.directory));
}

void Dispatcher::committed(std::string_view log) {
    if (log == storage::events_database || idle_.load(std::memory_order_relaxed)) return;
    const std::lock_guard lock(mutex_);
    const bool is_new = changed_logs_.emplace(log).second;
    if (is_new && waker_) waker_();
}

storage::ChangeImages Dispatcher::images(std::string_view log, std::string_view collection) const {
    if (idle_.load(std::memory_order_relaxed)) return storage::ChangeImages::Off;
    return demand_.read()->images(log, collection);
}

double Dispatcher::random() {
    random_state_ ^= random_state_ << 13U;
    random_state_ ^= random_state_ >> 7U;
    random_state_ ^= random_state_ << 17U;
    return static_cast<double>(random_state_ % 1'000'000) / 1'000'000.0;
}

void Dispatcher::detach(Reply<void> reply) {
    ++outstanding_;
    std::move(reply).then([this](const Status& done) {
        --outstanding_;
        if (!done.ok() && done.error().code != ErrorCode::SHUTTING_DOWN)
            log::warning("webhooks: work failed",
                         {{"reason", done.error().message}, {"cause", done.error().cause}});
    });
}

void Dispatcher::turn() {
    bool changed = false;
    {
        const std::lock_guard lock(mutex_);
        changed = std::exchange(webhooks_changed_, false);
    }
    if (changed && !winding_up_) reload();
    wake_logs();
    const std::int64_t now = now_();
    while (!timers_.empty() && timers_.begin()->first <= now) {
        const std::string id = timers_.begin()->second;
        timers_.erase(timers_.begin());
        if (const auto found = works_.find(id); found != works_.end()) found->second->timer_ms = 0;
        marked_.insert(id);
    }
    for (const std::string& id : std::exchange(marked_, {})) {
        if (const auto found = works_.find(id); found != works_.end()) pump(WorkRef(found->second));
    }
    if (now - looked_after_ms_ >= look_after_ms) look_after();
}

std::int64_t Dispatcher::wait_ms() const {
    if (!marked_.empty()) return 0;
    const std::int64_t now = now_();
    std::int64_t wait = works_.empty() && removals_.empty() ? longest_wait_ms : look_after_ms;
    if (!timers_.empty()) wait = std::min(wait, timers_.begin()->first - now);
    return std::max<std::int64_t>(wait, 0);
}

void Dispatcher::schedule(const WorkRef& work) {
    const std::int64_t now = now_();
    std::int64_t at = work->endpoint.wakes_at(now);
    const auto earlier = [&](std::int64_t other) { at = at == 0 ? other : std::min(at, other); };
    if (work->endpoint.has_results() && !work->settling) earlier(work->settled_ms + settings_.write_ms);
    if (work->endpoint.has_news() && !work->settling) earlier(work->settled_ms + news_ms);
    if (work->retry_ms > now) at = at == 0 ? work->retry_ms : std::max(at, work->retry_ms);
    // What is due already was tried just now: it waits for something else.
    if (at != 0 && at <= now) at = now + 10;
    if (work->timer_ms == at) return;
    if (work->timer_ms != 0) timers_.erase({work->timer_ms, work->id()});
    work->timer_ms = at;
    if (at != 0) timers_.emplace(at, work->id());
}

void Dispatcher::reload() {
    std::set<std::string> left;
    for (const auto& [id, work] : works_) left.insert(id);
    const std::vector<WebhookRef> all = parts_.webhooks.all();
    std::set<std::string> known;
    for (const WebhookRef& webhook : all) {
        known.insert(webhook->id);
        if (webhook->state == State::Disabled) continue;
        left.erase(webhook->id);
        const auto found = works_.find(webhook->id);
        if (found == works_.end()) {
            adopt(webhook);
        } else if (found->second->endpoint.webhook().version != webhook->version) {
            renew(*found->second, webhook);
        }
    }
    for (const std::string& id : left) remove(id, !known.contains(id));
}

void Dispatcher::adopt(const WebhookRef& webhook) {
    auto work = std::make_shared<Work>(webhook, settings_, parts_);
    works_.emplace(webhook->id, work);
    detach(restore(work));
}

void Dispatcher::renew(Work& work, const WebhookRef& webhook) {
    work.endpoint.set_webhook(webhook);
    work.present.reset();
    work.selection = std::make_unique<Selection>(webhook, parts_.rights, settings_.max_record_bytes);
    work.in_trouble = false;
    if (work.loading) return;
    place_cursors(work);
    marked_.insert(work.id());
}

Reply<bool> Dispatcher::look_at_maker(WorkRef work) {
    const WebhookRef webhook = work->endpoint.webhook_ref();
    auto present = co_await parts_.rights.present(*webhook);
    // Another look follows where it was changed meanwhile.
    if (work->gone || work->endpoint.webhook_ref() != webhook) co_return false;
    if (!present.ok() && present.error().code == ErrorCode::FORBIDDEN) {
        if (work->in_trouble || !work->is_active()) co_return false;
        work->in_trouble = true;
        CO_TRY_VOID(co_await trouble(work, Trouble::MakerGone));
        co_return false;
    }
    if (!present.ok()) co_return std::move(present).error();
    if (work->present == *present) co_return true;
    work->present = *present;
    work->told =
        std::make_unique<Selection>(narrowed(*webhook, *present), parts_.rights, settings_.max_record_bytes);
    {
        const std::lock_guard lock(demanding_);
        presents_[webhook->id] = *std::move(present);
    }
    publish_demand();
    co_return true;
}

void Dispatcher::look_at_makers() {
    makers_changed_ = false;
    looked_at_makers_ms_ = now_();
    std::vector<WorkRef> active;
    for (const auto& [id, work] : works_) {
        if (work->is_active()) active.push_back(work);
    }
    for (const WorkRef& work : active) detach(without_answer(look_at_maker(work)));
}

/// Takes up what an earlier run left.
Reply<void> Dispatcher::restore(WorkRef work) {
    const std::string id = work->id();
    const std::int64_t hour = now_() / hour_ms;
    auto progress = co_await parts_.store.progress(id);
    auto standing = co_await parts_.store.standing(id);
    auto counts = co_await parts_.store.hour(id, hour);
    auto held = co_await parts_.store.held(id);
    if (!progress.ok() || !standing.ok() || !counts.ok() || !held.ok()) {
        // The next look finds it missing and tries again.
        works_.erase(id);
        work->gone = true;
        const std::lock_guard lock(mutex_);
        webhooks_changed_ = true;
        co_return progress.ok() ? Error(ErrorCode::STORAGE_UNAVAILABLE) : progress.error();
    }
    work->endpoint.restore(*held, *standing, hour, *counts);
    for (const auto& [log, reached] : *progress) work->endpoint.cursor(log).begin(reached);
    work->loading = false;
    place_cursors(*work);
    marked_.insert(id);
    co_return Status();
}

void Dispatcher::remove(const std::string& id, bool deleted) {
    const auto found = works_.find(id);
    if (found == works_.end()) return;
    const WorkRef work = found->second;
    work->gone = true;
    if (work->timer_ms != 0) timers_.erase({work->timer_ms, id});
    for (const auto& [log, cursor] : work->endpoint.cursors()) {
        by_log_[log].erase(id);
        // One that was turned off begins anew when it is turned on.
        if (!deleted) detach(parts_.store.forget(id, log));
    }
    if (deleted) {
        removals_.push_back(id);
        const std::lock_guard lock(demanding_);
        presents_.erase(id);
    }
    works_.erase(found);
}

/// A cursor for each log that may hold something for the webhook.
void Dispatcher::place_cursors(Work& work) {
    std::set<std::string> wanted;
    if (work.selection->wants_platform()) wanted.emplace(storage::system_database);
    if (work.selection->wants_databases()) {
        for (const DatabaseName& database : parts_.directory.databases(work.endpoint.webhook().workspace)) {
            if (work.selection->is_about(database)) wanted.insert(database.id);
        }
    }
    std::vector<std::string> dropped;
    for (const auto& [log, cursor] : work.endpoint.cursors()) {
        if (!wanted.contains(log)) dropped.push_back(log);
    }
    for (const std::string& log : dropped) {
        work.endpoint.drop_cursor(log);
        by_log_[log].erase(work.id());
        detach(parts_.store.forget(work.id(), log));
    }
    for (const std::string& log : wanted) {
        work.endpoint.cursor(log).woken = true;
        by_log_[log].insert(work.id());
    }
}

void Dispatcher::wake_logs() {
    std::unordered_set<std::string> changed;
    {
        const std::lock_guard lock(mutex_);
        changed.swap(changed_logs_);
    }
    for (const std::string& log : changed) {
        if (log == storage::system_database) makers_changed_ = true;
        if (!by_log_.contains(log)) {
            const auto database = parts_.directory.database(log);
            if (!database) continue;
            std::set<std::string>& followers = by_log_[log];
            for (const auto& [id, work] : works_) {
                const bool wants = !work->loading && work->selection->wants_databases() &&
                                   work->selection->is_about(*database);
                if (wants) followers.insert(id);
            }
        }
        for (const std::string& id : by_log_[log]) {
            const auto found = works_.find(id);
            if (found == works_.end()) continue;
            found->second->endpoint.cursor(log).woken = true;
            marked_.insert(id);
        }
    }
}

void Dispatcher::pump(const WorkRef& work) {
    if (work->loading || work->gone) return;
    const std::int64_t now = now_();
    if (work->is_active() && !winding_up_ && work->retry_ms <= now) {
        read(work);
        while (auto next = work->endpoint.next(now)) {
            if (next->send) {
                send(work, next->send);
            } else {
                detach(load(work, next->load));
            }
        }
        if (work->endpoint.wants_due(now)) detach(look_for_due(work));
        // What was taken has made room.
        read(work);
    }
    settle_if_due(work);
    schedule(work);
}

void Dispatcher::renewed(const std::string& webhook, const std::string& delivery) {
    const auto found = works_.find(webhook);
    if (found == works_.end()) return;
    found->second->endpoint.renewed(delivery.substr(delivery_prefix.size()), now_());
    marked_.insert(webhook);
}

void Dispatcher::look_after() {
    looked_after_ms_ = now_();
    std::map<std::string, std::uint64_t> least;
    std::uint64_t under_way = 0;
    std::uint64_t waiting = 0;
    for (const auto& [id, work] : works_) {
        under_way += work->endpoint.under_way();
        waiting += work->endpoint.waiting();
        for (const auto& [log, cursor] : work->endpoint.cursors()) {
            if (!cursor.has_begun()) continue;
            const auto [at, is_new] = least.emplace(log, cursor.position());
            if (!is_new) at->second = std::min(at->second, cursor.position());
        }
    }
    counts_.under_way = under_way;
    counts_.waiting = waiting;
    for (const std::string& log : std::exchange(held_logs_, {})) {
        if (!least.contains(log)) parts_.consumers.hold(*this, log, {});
    }
    for (const auto& [log, position] : least) {
        parts_.consumers.hold(*this, log, position);
        held_logs_.insert(log);
    }
    // Keys expire without anything being written.
    const bool look = makers_changed_ || now_() - looked_at_makers_ms_ >= makers_ms;
    if (look && !winding_up_) look_at_makers();
    const bool due = now_() - tidied_ms_ >= tidy_ms || !removals_.empty();
    if (due && !tidying_ && !winding_up_) detach(tidy());
}

/// Removes what is too old, and what removed webhooks have left, some at once.
Reply<void> Dispatcher::tidy() {
    tidying_ = true;
    tidied_ms_ = now_();
    auto removed = co_await parts_.store.remove_before(now_() - settings_.keep_ms);
    // As long as there is more, again at the next look.
    if (removed.ok() && *removed > 0) tidied_ms_ = 0;
    const std::vector<std::string> gone = std::exchange(removals_, {});
    for (const std::string& id : gone) {
        auto rest = co_await parts_.store.remove_webhook(id);
        if (!rest.ok() || *rest > 0) removals_.push_back(id);
    }
    tidying_ = false;
    co_return Status();
}

bool Dispatcher::wind_up() {
    winding_up_ = true;
    if (outstanding_ > 0) return false;
    bool settled = true;
    for (const auto& [id, work] : works_) {
        if (work->loading || work->retry_ms > now_()) continue;
        if (!work->endpoint.has_results() && !work->endpoint.has_news()) continue;
        settled = false;
        detach(settle(work));
    }
    return settled && outstanding_ == 0;
}

void Dispatcher::settle_if_due(const WorkRef& work) {
    if (work->settling || work->retry_ms > now_()) return;
    const std::int64_t since = now_() - work->settled_ms;
    const bool results = work->endpoint.has_results() && since >= settings_.write_ms;
    const bool many = work->endpoint.unwritten() >= settings_.limits.max_unwritten / 10;
    if (results || many || (work->endpoint.has_news() && since >= news_ms)) detach(settle(work));
}

Reply<void> Dispatcher::settle(WorkRef work) {
    work->settling = true;
    Settlement settlement = work->endpoint.take(now_());
    const auto written = co_await parts_.store.settle(settlement);
    work->settling = false;
    work->settled_ms = now_();
    if (written.ok()) {
        work->endpoint.written();
    } else {
        work->endpoint.give_back(std::move(settlement));
        work->retry_ms = now_() + again_ms;
    }
    marked_.insert(work->id());
    if (!written.ok()) co_return written.error();
    co_return Status();
}

}  // namespace credvault::webhooks
