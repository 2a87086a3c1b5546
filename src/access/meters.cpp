#include "access/meters.h"

#include <utility>

namespace credvault::access {
namespace {

void add_one(std::atomic<std::uint64_t>& to) {
    to.store(to.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

void MeterUse::count(CallClass of, bool limited, bool failed) {
    Counters& counters = counters_[static_cast<std::size_t>(of)];
    add_one(limited ? counters.limited : counters.requests);
    if (failed && !limited) add_one(counters.errors);
}

CallCounts MeterUse::take(std::size_t of) {
    const Counters& counters = counters_[of];
    const CallCounts now{counters.requests.load(std::memory_order_relaxed),
                         counters.limited.load(std::memory_order_relaxed),
                         counters.errors.load(std::memory_order_relaxed)};
    const CallCounts before = std::exchange(taken_[of], now);
    return {now.requests - before.requests, now.limited - before.limited, now.errors - before.errors};
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
            const CallCounts counted = use.take(i);
            if (counted == CallCounts()) continue;
            MeterCounts& sum = found[use.meter_.get()];
            sum.meter = use.meter_;
            sum.counts[i] += counted;
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
