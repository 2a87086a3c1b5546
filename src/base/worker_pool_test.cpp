#include "base/worker_pool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <future>
#include <memory>
#include <stdexcept>

#include "base/log.h"
#include "base/run_loop.h"

namespace credvault {
namespace {

WorkerPool::Options options(unsigned threads, std::size_t max_queue = 1024) {
    WorkerPool::Options options;
    options.name = "test";
    options.threads = threads;
    options.max_queue = max_queue;
    return options;
}

/// Occupies a pool's only thread until it is released. The task may still run when the plug is gone.
struct Plug {
    explicit Plug(WorkerPool& pool) {
        const auto started = std::make_shared<std::promise<void>>();
        pool.submit([started, released = release.get_future().share()] {
            started->set_value();
            released.wait();
        });
        started->get_future().wait();
    }
    std::promise<void> release;
};

TEST(WorkerPool, answers_on_the_callers_thread) {
    WorkerPool pool(options(2));
    RunLoop loop;
    const auto caller = std::this_thread::get_id();
    const auto result =
        loop.wait(pool.run<bool>([caller] { return Result<bool>(std::this_thread::get_id() != caller); }));
    EXPECT_TRUE(*result) << "the work ran elsewhere";
}

TEST(WorkerPool, passes_errors_on) {
    WorkerPool pool(options(1));
    RunLoop loop;
    const auto result =
        loop.wait(pool.run<int>([]() -> Result<int> { return Error(ErrorCode::QUERY_TIMEOUT); }));
    EXPECT_EQ(result.error().code, ErrorCode::QUERY_TIMEOUT);
}

TEST(WorkerPool, turns_exceptions_into_internal_errors) {
    WorkerPool pool(options(1));
    RunLoop loop;
    const auto known = loop.wait(pool.run<int>([]() -> Result<int> { throw std::runtime_error("broken"); }));
    EXPECT_EQ(known.error().code, ErrorCode::INTERNAL);
    EXPECT_EQ(known.error().cause, "broken");
    const auto unknown = loop.wait(pool.run<int>([]() -> Result<int> { throw 3; }));
    EXPECT_EQ(unknown.error().code, ErrorCode::INTERNAL);
}

TEST(WorkerPool, survives_a_task_that_throws) {
    log::configure({log::Level::Off, log::Format::Text, {}, 1024});
    WorkerPool pool(options(1));
    RunLoop loop;
    ASSERT_TRUE(pool.submit([] { throw std::runtime_error("broken"); }));
    EXPECT_EQ(*loop.wait(pool.run<int>([] { return Result<int>(5); })), 5);
    log::configure({});
}

TEST(WorkerPool, refuses_what_does_not_fit_its_queue) {
    WorkerPool pool(options(1, 2));
    RunLoop loop;
    Plug plug(pool);
    EXPECT_TRUE(pool.submit([] {}));
    EXPECT_TRUE(pool.submit([] {}));
    EXPECT_EQ(pool.queued(), 2u);
    EXPECT_FALSE(pool.submit([] { ADD_FAILURE() << "a refused task ran"; }));
    auto refused = pool.run<int>([] { return Result<int>(1); });
    ASSERT_TRUE(refused.ready());
    const auto result = refused.take();
    EXPECT_EQ(result.error().code, ErrorCode::OVERLOADED);
    EXPECT_GT(result.error().retry_after_seconds, 0);
    plug.release.set_value();
}

TEST(WorkerPool, finishes_what_is_queued_before_it_ends) {
    std::atomic<int> done = 0;
    {
        WorkerPool pool(options(2));
        for (int i = 0; i < 100; ++i) ASSERT_TRUE(pool.submit([&] { ++done; }));
    }
    EXPECT_EQ(done, 100);
}

TEST(WorkerPool, frees_the_work_before_the_answer_is_there) {
    WorkerPool pool(options(1));
    RunLoop loop;
    for (int i = 0; i < 100; ++i) {
        const auto captured = std::make_shared<int>(i);
        ASSERT_EQ(*loop.wait(pool.run<int>([captured] { return Result<int>(*captured); })), i);
        EXPECT_EQ(captured.use_count(), 1);
    }
}

TEST(WorkerPool, has_a_thread_even_if_none_was_asked_for) {
    WorkerPool pool(options(0));
    RunLoop loop;
    EXPECT_EQ(*loop.wait(pool.run<int>([] { return Result<int>(1); })), 1);
}

TEST(WorkerPool, runs_below_the_others) {
    WorkerPool::Options niced = options(1);
    niced.nice = 7;
    WorkerPool pool(niced);
    RunLoop loop;
    const auto nice = loop.wait(pool.run<int>(
        [] { return Result<int>(getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)))); }));
    EXPECT_EQ(*nice, 7);
}

}  // namespace
}  // namespace credvault
