#include "webhooks/endpoint.h"

#include <algorithm>
#include <utility>

#include "webhooks/retry_schedule.h"

namespace credvault::webhooks {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

}  // namespace

Endpoint::Endpoint(WebhookRef webhook, EndpointLimits limits)
    : webhook_(std::move(webhook)), limits_(limits) {
    allowed_ = webhook_->max_concurrency;
}

void Endpoint::set_webhook(WebhookRef webhook) {
    webhook_ = std::move(webhook);
    allowed_ = std::clamp<std::int64_t>(allowed_, 1, webhook_->max_concurrency);
    keys_.clear();
}

const std::vector<SigningKey>& Endpoint::keys(std::int64_t now_ms) {
    if (!keys_.empty() && (keys_until_ms_ == 0 || now_ms < keys_until_ms_)) return keys_;
    keys_ = webhook_->signing_keys(now_ms);
    keys_until_ms_ = 0;
    for (const SecretInUse& secret : webhook_->secrets) {
        if (secret.expires_ms > now_ms && (keys_until_ms_ == 0 || secret.expires_ms < keys_until_ms_))
            keys_until_ms_ = secret.expires_ms;
    }
    return keys_;
}

LogCursor& Endpoint::cursor(const std::string& log) { return cursors_.try_emplace(log, log).first->second; }

bool Endpoint::has_room() const {
    if (ready_.size() + released_.size() + blocked_ >= limits_.window_messages) return false;
    if (ready_bytes_ + blocked_bytes_ >= limits_.window_bytes) return false;
    if (held_.size() >= limits_.max_held || rows_.size() >= limits_.max_unwritten) return false;
    return std::all_of(cursors_.begin(), cursors_.end(),
                       [&](const auto& cursor) { return cursor.second.ahead() < limits_.max_ahead; });
}

void Endpoint::add(Message message) {
    cursor(message.origin.log).expect(message.origin.sequence);
    ready_bytes_ += message.bytes();
    ready_.push_back(std::move(message));
}

void Endpoint::restore(const std::vector<Delivery>& held, const Standing& standing, std::int64_t hour,
                       const HourCounts& counts) {
    standing_ = standing;
    hours_[hour] = counts;
    for (const Delivery& delivery : held) {
        const std::string& id = delivery.message.id;
        const std::uint64_t lane_id = delivery.message.lane;
        Lane& lane = lanes_[lane_id];
        lane.push_back({id, {}});
        // One whose predecessor is gone has waited long enough.
        const std::int64_t due = lane.size() > 1 ? 0 : std::max<std::int64_t>(delivery.due_ms, 1);
        held_[id] = {lane_id, due};
        if (due != 0) held_due_.emplace(due, id);
    }
}

bool Endpoint::may_send(std::int64_t now_ms) const {
    if (webhook_->state != State::Active || rows_.size() >= limits_.max_unwritten) return false;
    if (static_cast<std::int64_t>(under_way_.size()) >= allowed_) return false;
    return webhook_->max_per_second == 0 || next_slot_ms_ <= static_cast<double>(now_ms);
}

std::optional<Endpoint::Next> Endpoint::next(std::int64_t now_ms) {
    if (!may_send(now_ms)) return {};
    // Retries get half of what there is, so that neither they nor new events wait for the others for ever.
    const auto share = static_cast<std::size_t>(std::max<std::int64_t>(1, allowed_ / 2));
    std::optional<Next> found;
    if (retries_under_way_ < share) found = next_held(now_ms);
    if (!found && retries_under_way_ < share) found = next_due();
    if (!found) found = next_ready();
    if (!found || webhook_->max_per_second == 0) return found;
    const double between = 1000.0 / static_cast<double>(webhook_->max_per_second);
    // What was not used within the last tenth of a second may still come.
    next_slot_ms_ = std::max(next_slot_ms_, static_cast<double>(now_ms) - 100.0) + between;
    return found;
}

std::optional<Endpoint::Next> Endpoint::next_held(std::int64_t now_ms) {
    for (auto at = held_due_.begin(); at != held_due_.end() && at->first <= now_ms; ++at) {
        // What was not written yet can't be loaded.
        if (unwritten_ids_.contains(at->second)) continue;
        const std::string id = at->second;
        held_due_.erase(at);
        under_way_.emplace(id, Flight{true, false});
        ++retries_under_way_;
        return Next{nullptr, id};
    }
    return {};
}

std::optional<Endpoint::Next> Endpoint::next_due() {
    if (due_.empty()) return {};
    auto delivery = std::make_shared<Delivery>(std::move(due_.front()));
    due_.pop_front();
    under_way_.emplace(delivery->message.id, Flight{true, false});
    ++retries_under_way_;
    return Next{std::move(delivery), {}};
}

std::optional<Endpoint::Next> Endpoint::next_ready() {
    if (!released_.empty()) {
        Message message = std::move(released_.front());
        released_.pop_front();
        return Next{begin(std::move(message)), {}};
    }
    while (!ready_.empty()) {
        Message message = std::move(ready_.front());
        ready_.pop_front();
        ready_bytes_ -= message.bytes();
        if (message.lane == 0) return Next{begin(std::move(message)), {}};
        if (lanes_.contains(message.lane)) {
            enter_lane(std::move(message));
            continue;
        }
        lanes_[message.lane].push_back({message.id, {}});
        return Next{begin(std::move(message)), {}};
    }
    return {};
}

DeliveryRef Endpoint::delivery_of(Message message) const {
    auto delivery = std::make_shared<Delivery>();
    delivery->webhook = webhook_->id;
    delivery->workspace = webhook_->workspace;
    delivery->message = std::move(message);
    return delivery;
}

DeliveryRef Endpoint::begin(Message message) {
    under_way_.emplace(message.id, Flight{false, true});
    return delivery_of(std::move(message));
}

void Endpoint::enter_lane(Message message) {
    Lane& lane = lanes_[message.lane];
    const bool in_store = held_.contains(lane.front().id);
    ++blocked_;
    blocked_bytes_ += message.bytes();
    lane.push_back({message.id, std::move(message)});
    if (in_store) store_waiting(lane);
}

/// What waits behind one that is tried again later waits in the store, so that the position in the log moves on.
void Endpoint::store_waiting(Lane& lane) {
    for (Queued& queued : lane) {
        if (!queued.message) continue;
        --blocked_;
        blocked_bytes_ -= queued.message->bytes();
        const DeliveryRef delivery = delivery_of(std::move(*queued.message));
        queued.message.reset();
        delivery->status = DeliveryStatus::Waiting;
        delivery->held = true;
        held_[queued.id] = {delivery->message.lane, 0};
        write(*delivery);
        settle_source(delivery->message);
    }
}

void Endpoint::leave_lane(std::uint64_t lane_id) {
    const auto found = lanes_.find(lane_id);
    if (found == lanes_.end()) return;
    Lane& lane = found->second;
    lane.pop_front();
    if (lane.empty()) {
        lanes_.erase(found);
        return;
    }
    Queued& first = lane.front();
    if (first.message) {
        --blocked_;
        blocked_bytes_ -= first.message->bytes();
        released_.push_back(std::move(*first.message));
        first.message.reset();
        return;
    }
    Held& held = held_[first.id];
    held = {lane_id, 1};
    held_due_.emplace(held.due_ms, first.id);
}

DeliveryRef Endpoint::loaded(const std::string& id, std::optional<Delivery> delivery) {
    if (delivery) return std::make_shared<Delivery>(std::move(*delivery));
    if (under_way_.erase(id) > 0) --retries_under_way_;
    const auto held = held_.find(id);
    if (held == held_.end()) return nullptr;
    const std::uint64_t lane = held->second.lane;
    held_.erase(held);
    leave_lane(lane);
    return nullptr;
}

void Endpoint::postpone(const std::string& id, std::int64_t at_ms) {
    if (under_way_.erase(id) > 0) --retries_under_way_;
    const auto held = held_.find(id);
    if (held == held_.end()) return;
    held->second.due_ms = at_ms;
    held_due_.emplace(at_ms, id);
}

bool Endpoint::wants_due(std::int64_t now_ms) const {
    return webhook_->state == State::Active && due_.empty() && !looking_ && look_at_ms_ != 0 &&
           look_at_ms_ <= now_ms;
}

void Endpoint::add_due(std::vector<Delivery> found, std::int64_t now_ms) {
    looking_ = false;
    look_at_ms_ = found.empty() ? 0 : 1;
    for (Delivery& delivery : found) {
        if (delivery.due_ms > now_ms) {
            look_at_ms_ = delivery.due_ms;
            break;
        }
        const std::string& id = delivery.message.id;
        if (under_way_.contains(id) || unwritten_ids_.contains(id)) {
            left_out_ = true;
        } else {
            due_.push_back(std::move(delivery));
        }
    }
    // Those that were left out would only be found again.
    if (look_at_ms_ == 1 && due_.empty()) look_at_ms_ = 0;
}

void Endpoint::renewed(const std::string& id, std::int64_t now_ms) {
    const auto held = held_.find(id);
    if (held == held_.end()) {
        look_at_ms_ = now_ms;
        return;
    }
    if (held->second.due_ms <= now_ms || under_way_.contains(id)) return;
    for (auto [at, end] = held_due_.equal_range(held->second.due_ms); at != end; ++at) {
        if (at->second != id) continue;
        held_due_.erase(at);
        break;
    }
    held->second.due_ms = now_ms;
    held_due_.emplace(now_ms, id);
}

void Endpoint::write(const Delivery& delivery) {
    unwritten_ids_.insert(delivery.message.id);
    rows_.emplace_back(delivery.id(), delivery.text());
}

void Endpoint::settle_source(const Message& message) {
    const auto found = cursors_.find(message.origin.log);
    if (found != cursors_.end()) found->second.settle(message.origin.sequence);
}

void Endpoint::count(const Delivery& delivery, bool success, std::int64_t now_ms) {
    const std::int64_t hour = now_ms / hour_ms;
    hours_[hour].add(success, delivery.attempts.back().duration_us);
    changed_hours_.insert(hour);
    Standing next = standing_;
    if (success) {
        next.failing_since_ms = 0;
        next.last_success_ms = now_ms;
    } else {
        if (next.failing_since_ms == 0) next.failing_since_ms = now_ms;
        next.last_failure_ms = now_ms;
    }
    standing_ = next;
    standing_changed_ = true;
}

bool Endpoint::ended(const DeliveryRef& delivery, std::int64_t at_ms, const outgoing::Answer& answer,
                     std::int64_t now_ms, double random) {
    const auto flight = under_way_.find(delivery->message.id);
    if (flight == under_way_.end()) return false;
    const Flight was = flight->second;
    under_way_.erase(flight);
    if (was.retry) --retries_under_way_;
    const bool success = delivery->add(at_ms, answer);
    count(*delivery, success, now_ms);
    if (success) {
        succeeded(*delivery, now_ms);
    } else {
        failed(*delivery, answer, now_ms, random);
    }
    if (was.first) settle_source(delivery->message);
    return success;
}

void Endpoint::succeeded(Delivery& delivery, std::int64_t) {
    allowed_ = std::min(allowed_ + 1, webhook_->max_concurrency);
    const bool in_order = delivery.held || (lanes_.contains(delivery.message.lane) &&
                                            lanes_[delivery.message.lane].front().id == delivery.message.id);
    delivery.status = DeliveryStatus::Delivered;
    delivery.due_ms = 0;
    delivery.held = false;
    held_.erase(delivery.message.id);
    write(delivery);
    if (in_order) leave_lane(delivery.message.lane);
}

void Endpoint::failed(Delivery& delivery, const outgoing::Answer& answer, std::int64_t now_ms,
                      double random) {
    allowed_ = std::max<std::int64_t>(1, allowed_ / 2);
    const std::uint64_t lane_id = delivery.message.lane;
    const auto lane = lanes_.find(lane_id);
    const bool in_order = lane != lanes_.end() && lane->second.front().id == delivery.message.id;
    const auto wait = retry_wait_ms(delivery.tries, random, retry_after_ms(answer.retry_after, now_ms));
    delivery.status = wait ? DeliveryStatus::Retrying : DeliveryStatus::Failed;
    const std::int64_t waits_ms =
        wait ? std::max<std::int64_t>(1, *wait * limits_.retry_permille / 1'000) : 0;
    delivery.due_ms = wait ? now_ms + waits_ms : 0;
    delivery.held = in_order && wait && delivery.tries < ordered_tries;
    write(delivery);
    if (delivery.held) {
        held_[delivery.message.id] = {lane_id, delivery.due_ms};
        held_due_.emplace(delivery.due_ms, delivery.message.id);
        store_waiting(lane->second);
        return;
    }
    held_.erase(delivery.message.id);
    if (wait && (look_at_ms_ == 0 || delivery.due_ms < look_at_ms_)) look_at_ms_ = delivery.due_ms;
    if (in_order) leave_lane(lane_id);
}

void Endpoint::abandoned(const DeliveryRef& delivery) {
    const auto flight = under_way_.find(delivery->message.id);
    if (flight == under_way_.end()) return;
    if (flight->second.retry) --retries_under_way_;
    under_way_.erase(flight);
}

std::int64_t Endpoint::wakes_at(std::int64_t now_ms) const {
    if (webhook_->state != State::Active) return 0;
    std::int64_t at = look_at_ms_ != 0 && !looking_ && due_.empty() ? look_at_ms_ : 0;
    const auto earlier = [&](std::int64_t other) { at = at == 0 ? other : std::min(at, other); };
    if (!held_due_.empty()) earlier(held_due_.begin()->first);
    const bool waits_for_rate = webhook_->max_per_second > 0 && next_slot_ms_ > static_cast<double>(now_ms) &&
                                (!ready_.empty() || !released_.empty() || !due_.empty());
    if (waits_for_rate) earlier(static_cast<std::int64_t>(next_slot_ms_) + 1);
    return at;
}

bool Endpoint::has_news() const {
    return standing_changed_ || !changed_hours_.empty() ||
           std::any_of(cursors_.begin(), cursors_.end(), [](const auto& cursor) {
               return cursor.second.has_begun() && cursor.second.changed();
           });
}

Settlement Endpoint::take(std::int64_t now_ms) {
    Settlement settlement;
    settlement.rows = std::exchange(rows_, {});
    const std::string& id = webhook_->id;
    for (auto& [log, cursor] : cursors_) {
        if (!cursor.has_begun() || !cursor.changed()) continue;
        settlement.progress.emplace_back(progress_id(id, log), progress_text(id, log, cursor.progress()));
    }
    if (std::exchange(standing_changed_, false))
        settlement.standings.emplace_back(id, standing_text(id, standing_));
    for (const std::int64_t hour : changed_hours_)
        settlement.hours.emplace_back(hour_id(id, hour), hour_text(id, hour, hours_[hour]));
    changed_hours_.clear();
    std::erase_if(hours_, [&](const auto& hour) { return hour.first < now_ms / hour_ms; });
    return settlement;
}

void Endpoint::written() {
    unwritten_ids_.clear();
    for (const auto& [id, text] : rows_) unwritten_ids_.insert(id.substr(delivery_prefix.size()));
    // What was found and left out, since it was not written yet, can be found now.
    if (std::exchange(left_out_, false)) look_at_ms_ = 1;
}

void Endpoint::give_back(Settlement settlement) {
    rows_.insert(rows_.begin(), std::make_move_iterator(settlement.rows.begin()),
                 std::make_move_iterator(settlement.rows.end()));
    standing_changed_ = true;
    for (auto& [log, cursor] : cursors_) cursor.skip(0);
}

}  // namespace credvault::webhooks
