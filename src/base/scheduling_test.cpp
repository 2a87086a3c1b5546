#include "base/scheduling.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

namespace credvault {
namespace {

int nice_value() { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid))); }

bool kernel_has_slices() {
    utsname name{};
    int major = 0;
    int minor = 0;
    return ::uname(&name) == 0 && std::sscanf(name.release, "%d.%d", &major, &minor) == 2 &&
           (major > 6 || (major == 6 && minor >= 12));
}

TEST(Scheduling, NiceIsTheThreadsOwn) {
    const int before = nice_value();
    std::thread([] {
        be_nice(7);
        EXPECT_EQ(nice_value(), 7);
    }).join();
    EXPECT_EQ(nice_value(), before);
}

TEST(Scheduling, ShortSlicesAreTheThreadsOwnAndChangeNothingElse) {
    const std::uint64_t before = slice_ns();
    const int nice = nice_value();
    std::thread([&] {
        ask_for_short_slices();
        EXPECT_EQ(nice_value(), nice);
        EXPECT_EQ(::syscall(SYS_sched_getscheduler, 0), SCHED_OTHER);
        if (kernel_has_slices()) {
            EXPECT_EQ(slice_ns(), 100'000u);
        }
    }).join();
    EXPECT_EQ(slice_ns(), before);
}

}  // namespace
}  // namespace credvault
