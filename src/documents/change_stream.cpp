#include <utility>

#include "base/clock.h"
#include "documents/change_feed.h"
#include "documents/change_token.h"

namespace credvault::documents {
namespace {

constexpr std::size_t delivery_bytes = 128 * 1024;
constexpr std::uint64_t catch_up_limit = 500;
constexpr std::size_t catch_up_bytes = 256 * 1024;

}  // namespace

ChangeStream::ChangeStream(ChangeFeed& feed, const DatabaseRef& database, ChangeSelection selection,
                           FeedStart start)
    : feed_(feed), selection_(std::move(selection)) {
    listener_.position = start.position;
    listener_.needs_records = selection_.needs_records();
    hub_ = feed_.join(database, listener_);
    hub_->begin(start.horizon);
    request_.database = hub_->database()->id;
    request_.collection = selection_.collection;
    request_.limit = catch_up_limit;
    request_.max_bytes = catch_up_bytes;
    request_.images = request_.current = listener_.needs_records;
}

ChangeStream::~ChangeStream() { feed_.leave(*hub_, listener_); }

std::string ChangeStream::position() const {
    return change_token(*hub_->database(), listener_.position.load(std::memory_order_relaxed));
}

void ChangeStream::cancel() {
    cancelled_ = true;
    hub_->wake(listener_);
}

Reply<ChangeDelivery> ChangeStream::next() {
    ChangeDelivery delivery;
    bytes_ = 0;
    const std::int64_t until_ns = monotonic_ns() + feed_.settings_.heartbeat_ms * 1'000'000;
    bool waited = false;
    while (!cancelled_ && !waited && !delivery.gap && delivery.events.empty()) {
        const std::uint64_t position = listener_.position;
        const auto slices = hub_->behind(position, listener_.needs_records);
        if (!slices) {
            CO_TRY_VOID(co_await catch_up(delivery));
        } else if (!slices->empty()) {
            take(*slices, delivery);
        } else {
            CO_TRY(const Woken woken, co_await hub_->wait(listener_, position));
            // Changes that are not for this listener must not keep it silent either.
            waited = woken == Woken::Idle || monotonic_ns() > until_ns;
            if (woken == Woken::Ended) cancelled_ = true;
        }
    }
    delivery.ended = cancelled_;
    delivery.position = this->position();
    co_return delivery;
}

/// Reads the store where the buffer does not reach back.
Reply<void> ChangeStream::catch_up(ChangeDelivery& delivery) {
    request_.after = listener_.position;
    Result<storage::ChangesPage> page = co_await feed_.engine_.changes(request_);
    if (!page.ok() && page.error().code == ErrorCode::CHANGES_GONE) co_return co_await skip_gap(delivery);
    if (!page.ok()) co_return std::move(page).error();
    for (const storage::Change& change : page->changes) {
        if (!take(change, event_head(*hub_->database(), change), delivery)) co_return Status();
    }
    listener_.position = page->position;
    co_return Status();
}

Reply<void> ChangeStream::skip_gap(ChangeDelivery& delivery) {
    storage::ChangesRequest where;
    where.database = request_.database;
    where.limit = 0;
    CO_TRY(const storage::ChangesPage page, co_await feed_.engine_.changes(where));
    listener_.position = page.oldest;
    delivery.gap = true;
    co_return Status();
}

void ChangeStream::take(const std::vector<SliceRef>& slices, ChangeDelivery& delivery) {
    for (const SliceRef& slice : slices) {
        for (std::size_t i = 0; i < slice->changes.size(); ++i) {
            if (slice->changes[i].sequence <= listener_.position) continue;
            if (!take(slice->changes[i], slice->heads[i], delivery)) return;
        }
        listener_.position = slice->to;
    }
}

bool ChangeStream::take(const storage::Change& change, std::string_view head, ChangeDelivery& delivery) {
    ChangeDelivery::Event event;
    if (append_event(event.text, head, change, selection_, feed_.settings_.max_record_bytes)) {
        event.operation = kind_name(change.kind);
        event.position = change_token(*hub_->database(), change.sequence);
        bytes_ += event.text.size();
        delivery.events.push_back(std::move(event));
    }
    listener_.position = change.sequence;
    return bytes_ < delivery_bytes;
}

}  // namespace credvault::documents
