#include "base/scheduling.h"

#include <linux/sched/types.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace credvault {

void be_nice(int by) {
    // On Linux a nice value belongs to a thread, which is what is wanted here.
    const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
    (void)::setpriority(PRIO_PROCESS, thread, by);
}

namespace {

constexpr int this_thread = 0;
constexpr unsigned no_flags = 0;

}  // namespace

void ask_for_short_slices() {
    sched_attr now{};
    if (::syscall(SYS_sched_getattr, this_thread, &now, sizeof now, no_flags) != 0) return;
    now.size = sizeof now;
    now.sched_flags = 0;
    now.sched_runtime = 100'000;  // The least that the kernel takes.
    (void)::syscall(SYS_sched_setattr, this_thread, &now, no_flags);
}

std::uint64_t slice_ns() {
    sched_attr now{};
    return ::syscall(SYS_sched_getattr, this_thread, &now, sizeof now, no_flags) == 0 ? now.sched_runtime : 0;
}

}  // namespace credvault
