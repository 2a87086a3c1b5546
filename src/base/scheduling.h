// How the calling thread stands to the others before the kernel's scheduler. Wishes: where the kernel does not know
// them or denies them, nothing changes.
#pragma once

#include <cstdint>

namespace credvault {

/// Added to the thread's nice value; above 0 lets others go first.
void be_nice(int by);

/// For threads that often wake to do little, beside others that compute: a slice of 0.1 ms lets a waking thread go at
/// once before one whose slice is longer. Linux 6.12 and later (EEVDF, `sched_runtime` in sched_setattr(2)).
void ask_for_short_slices();

/// Nanoseconds; 0 where the kernel does not tell.
std::uint64_t slice_ns();

}  // namespace credvault
