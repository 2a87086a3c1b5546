// Outwards from a point, ring by ring, each a walk over ranges of cells.
#include <utility>

#include "query/geo/near.h"
#include "storage/sqlite/search_walks.h"

namespace credvault::storage {
namespace {

class NearWalk final : public Walk {
public:
    NearWalk(const query::Plan& plan, const WalkTarget& target) : rings_(plan.near), target_(target) {}

    int next(Connection& connection, Candidate& candidate) override {
        for (;;) {
            if (ring_) {
                const int code = ring_->next(connection, candidate);
                if (code != SQLITE_DONE) return code;
                ring_->pause();
                reach_ = rings_.reach();
            }
            const std::optional<query::CellRanges> cells = rings_.next();
            if (!cells) return SQLITE_DONE;
            query::Plan plan;
            plan.access = query::Access::Index;
            plan.ranges = query::key_ranges(*cells);
            ring_ = make_walk(plan, target_);
        }
    }
    void pause() override {
        if (ring_) ring_->pause();
    }
    double reach() const override { return reach_; }

private:
    query::NearRings rings_;
    const WalkTarget target_;
    std::unique_ptr<Walk> ring_;
    double reach_ = 0;
};

}  // namespace

std::unique_ptr<Walk> make_near_walk(const query::Plan& plan, const WalkTarget& target) {
    return std::make_unique<NearWalk>(plan, target);
}

}  // namespace credvault::storage
