#include "storage/sqlite/thread_slot.h"

#include <bitset>
#include <mutex>

namespace credvault::storage {
namespace {

struct Slots {
    std::mutex mutex;
    std::bitset<max_thread_slots> taken;
};

Slots& slots() {
    static Slots* const all = new Slots;  // Never destroyed: threads may end after main().
    return *all;
}

class Slot {
public:
    Slot() {
        Slots& all = slots();
        std::lock_guard lock(all.mutex);
        for (std::size_t i = 0; i < max_thread_slots && !number; ++i) {
            if (!all.taken[i]) number = i;
        }
        if (number) all.taken[*number] = true;
    }
    ~Slot() {
        if (!number) return;
        Slots& all = slots();
        std::lock_guard lock(all.mutex);
        all.taken[*number] = false;
    }

    std::optional<std::size_t> number;
};

}  // namespace

std::optional<std::size_t> thread_slot() {
    thread_local const Slot slot;
    return slot.number;
}

}  // namespace credvault::storage
