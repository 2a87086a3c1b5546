#include "access/meters.h"

#include <utility>

namespace credvault::access {
namespace {

template <class Number>
void add_one(std::atomic<Number>& to, std::memory_order order = std::memory_order_relaxed) {
    to.store(to.load(std::memory_order_relaxed) + 1, order);
}

}  // namespace

void MeterUse::count(CallClass of, bool limited, bool failed, std::int64_t duration_ns) {
    Counters& counters = counters_[static_cast<std::size_t>(of)];
    if (limited) return add_one(counters.limited);
    if (!counters.owned) [[unlikely]] {
        counters.owned = std::make_unique<LatencyCounters>();
        counters.latencies.store(counters.owned.get(), std::memory_order_release);
    }
    add_one((*counters.owned)[Latencies::bucket_of(duration_ns)]);
    if (failed) add_one(counters.errors);
    // Last, so that whoever sees the request sees the rest.
    add_one(counters.requests, std::memory_order_release);
}

bool MeterUse::take(std::size_t of, CallCounts& counts, Latencies& latencies) {
    const Counters& counters = counters_[of];
    const CallCounts now{counters.requests.load(std::memory_order_acquire),
                         counters.limited.load(std::memory_order_relaxed),
                         counters.errors.load(std::memory_order_relaxed)};
    Taken& taken = taken_[of];
    const CallCounts before = std::exchange(taken.counts, now);
    if (now == before) return false;
    counts += {now.requests - before.requests, now.limited - before.limited, now.errors - before.errors};
    const LatencyCounters* const counted = counters.latencies.load(std::memory_order_acquire);
    if (counted == nullptr) return true;
    taken.latencies.resize(Latencies::buckets);
    for (std::size_t i = 0; i < Latencies::buckets; ++i) {
        const std::uint32_t calls = (*counted)[i].load(std::memory_order_relaxed);
        latencies.add(i, calls - std::exchange(taken.latencies[i], calls));
    }
    return true;
}

std::shared_ptr<MeterUse> Meters::use(const std::shared_ptr<const Principal>& principal) {
    Table& table = tables_.mine();
    if (const auto found = table.met.find(principal.get()); found != table.met.end()) return found->second;
    auto made = std::make_shared<MeterUse>(principal, allotments_.meter(principal->workspace, principal->id));
    std::lock_guard lock(table.mutex);
    if (table.met.size() >= most_met) {
        // Most of them are of credentials that have been read anew since.
        for (auto& [key, use] : table.met) table.retired.push_back(std::move(use));
        table.met.clear();
    }
    table.met.emplace(principal.get(), made);
    return made;
}

std::vector<MeterCounts> Meters::take() {
    std::lock_guard taking(taking_);
    std::unordered_map<Meter*, MeterCounts> found;
    const auto gather = [&](MeterUse& use) {
        for (std::size_t i = 0; i < call_classes; ++i) {
            CallCounts counts;
            Latencies latencies;
            if (!use.take(i, counts, latencies)) continue;
            MeterCounts& sum = found[use.meter_.get()];
            sum.meter = use.meter_;
            sum.counts[i] += counts;
            sum.latencies[i] += latencies;
        }
    };
    for (const std::shared_ptr<Table>& table : tables_.all()) {
        std::lock_guard lock(table->mutex);
        for (const auto& [principal, use] : table->met) gather(*use);
        // A retired one goes a round after its last call was seen to have ended.
        std::erase_if(table->retired, [&](const std::shared_ptr<MeterUse>& use) {
            gather(*use);
            return std::exchange(use->ended_, use.use_count() == 1);
        });
    }
    std::vector<MeterCounts> all;
    for (auto& [meter, counts] : found) all.push_back(std::move(counts));
    return all;
}

}  // namespace credvault::access
