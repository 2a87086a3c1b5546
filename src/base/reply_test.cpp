#include "base/reply.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/run_loop.h"

namespace credvault {
namespace {

/// Joins its thread when the test ends.
using Thread = std::jthread;

Reply<int> at_once(int value) { return value; }

Reply<int> failing() { return Error(ErrorCode::RECORD_NOT_FOUND, "none"); }

/// Answers from another thread.
struct Elsewhere {
    std::vector<Thread> threads;

    template <class T>
    Reply<T> answer(Result<T> result) {
        const Completer<T> completer;
        auto held = std::make_shared<Result<T>>(std::move(result));
        threads.emplace_back([completer, held] { completer.complete(std::move(*held)); });
        return completer.reply();
    }
};

Reply<int> sum(Reply<int> a, Reply<int> b) {
    CO_TRY(const int first, co_await std::move(a));
    CO_TRY(const int second, co_await std::move(b));
    co_return first + second;
}

TEST(Reply, is_ready_where_the_answer_is_there) {
    Reply<int> reply = at_once(3);
    ASSERT_TRUE(reply.ready());
    EXPECT_EQ(*reply.take(), 3);
    Reply<int> failed = failing();
    ASSERT_TRUE(failed.ready());
    EXPECT_EQ(failed.take().error().code, ErrorCode::RECORD_NOT_FOUND);
}

TEST(Reply, of_a_coroutine_that_never_waits_is_ready) {
    Reply<int> reply = sum(at_once(1), at_once(2));
    ASSERT_TRUE(reply.ready());
    EXPECT_EQ(*reply.take(), 3);
}

TEST(Reply, passes_errors_up) {
    Reply<int> reply = sum(at_once(1), failing());
    ASSERT_TRUE(reply.ready());
    EXPECT_EQ(reply.take().error().message, "none");
}

TEST(Reply, comes_from_another_thread) {
    RunLoop loop;
    Elsewhere elsewhere;
    Reply<int> reply = sum(elsewhere.answer<int>(20), elsewhere.answer<int>(22));
    EXPECT_FALSE(reply.ready());
    EXPECT_EQ(*loop.wait(std::move(reply)), 42);
}

TEST(Reply, goes_on_on_the_thread_that_asked) {
    RunLoop loop;
    Elsewhere elsewhere;
    const auto ask = [](Elsewhere& other) -> Reply<bool> {
        const std::thread::id before = std::this_thread::get_id();
        CO_TRY_VOID(co_await other.answer<int>(1));
        co_return before == std::this_thread::get_id();
    };
    EXPECT_TRUE(*loop.wait(ask(elsewhere)));
}

TEST(Reply, carries_errors_from_another_thread) {
    RunLoop loop;
    Elsewhere elsewhere;
    const auto result = loop.wait(elsewhere.answer<void>(Error(ErrorCode::STORAGE_FULL, "full")));
    EXPECT_EQ(result.error().code, ErrorCode::STORAGE_FULL);
}

TEST(Reply, turns_an_exception_into_an_internal_error) {
    const auto thrower = [](bool known) -> Reply<int> {
        if (known) throw std::runtime_error("broken");
        throw 7;
        co_return 1;
    };
    const auto known = thrower(true).take();
    EXPECT_EQ(known.error().code, ErrorCode::INTERNAL);
    EXPECT_EQ(known.error().cause, "broken");
    EXPECT_EQ(known.error().message.find("broken"), std::string::npos) << "what was thrown is private";
    EXPECT_EQ(thrower(false).take().error().code, ErrorCode::INTERNAL);
}

TEST(Reply, turns_an_exception_after_waiting_into_an_internal_error) {
    RunLoop loop;
    Elsewhere elsewhere;
    const auto thrower = [](Elsewhere& other) -> Reply<int> {
        CO_TRY_VOID(co_await other.answer<int>(1));
        throw std::runtime_error("late");
    };
    EXPECT_EQ(loop.wait(thrower(elsewhere)).error().cause, "late");
}

/// Says when it is destroyed.
struct Witness {
    bool& gone;
    ~Witness() { gone = true; }
};

TEST(Reply, runs_on_when_it_is_dropped) {
    RunLoop loop;
    const Completer<int> completer;
    bool finished = false;
    bool frame_gone = false;
    const auto work = [&](Reply<int> inner) -> Reply<void> {
        const Witness witness{frame_gone};
        CO_TRY_VOID(co_await std::move(inner));
        finished = true;
        co_return Status();
    };
    {
        const Reply<void> dropped = work(completer.reply());
        EXPECT_FALSE(dropped.ready());
    }
    EXPECT_FALSE(finished);
    EXPECT_FALSE(frame_gone);
    completer.complete(1);
    loop.run_one();
    EXPECT_TRUE(finished);
    EXPECT_TRUE(frame_gone) << "a dropped coroutine frees itself at its end";
}

TEST(Reply, frees_a_finished_coroutine_with_itself) {
    bool gone = false;
    const auto work = [](std::shared_ptr<Witness> held) -> Reply<int> { co_return held ? 1 : 0; };
    {
        auto witness = std::shared_ptr<Witness>(new Witness{gone});
        const Reply<int> reply = work(std::move(witness));
        EXPECT_TRUE(reply.ready());
    }
    EXPECT_TRUE(gone);
}

TEST(Reply, drops_a_pending_answer_that_nobody_waits_for) {
    RunLoop loop;
    Elsewhere elsewhere;
    { const Reply<int> dropped = elsewhere.answer<int>(5); }
    loop.run_one();
}

TEST(Then, is_called_at_once_where_the_answer_is_there) {
    int got = 0;
    at_once(9).then([&](Result<int> result) { got = *result; });
    EXPECT_EQ(got, 9);
}

TEST(Then, is_called_later_on_the_asking_thread) {
    RunLoop loop;
    Elsewhere elsewhere;
    std::thread::id where;
    elsewhere.answer<int>(9).then([&](Result<int> result) {
        EXPECT_EQ(*result, 9);
        where = std::this_thread::get_id();
    });
    EXPECT_EQ(where, std::thread::id());
    loop.run_one();
    EXPECT_EQ(where, std::this_thread::get_id());
}

Reply<int> chain(Elsewhere& elsewhere, int depth) {
    if (depth == 0) co_return co_await elsewhere.answer<int>(0);
    CO_TRY(const int below, co_await chain(elsewhere, depth - 1));
    co_return below + 1;
}

TEST(Reply, comes_up_through_many_coroutines) {
    RunLoop loop;
    Elsewhere elsewhere;
    EXPECT_EQ(*loop.wait(chain(elsewhere, 500)), 500);
}

TEST(Reply, many_at_once_from_many_threads) {
    RunLoop loop;
    std::vector<Completer<int>> completers(200);
    std::vector<Reply<int>> replies;
    for (const auto& completer : completers) replies.push_back(sum(completer.reply(), at_once(1)));
    {
        std::vector<Thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&completers, t] {
                for (std::size_t i = t; i < completers.size(); i += 4)
                    completers[i].complete(static_cast<int>(i));
            });
        }
    }
    for (std::size_t i = 0; i < replies.size(); ++i) {
        EXPECT_EQ(*loop.wait(std::move(replies[i])), static_cast<int>(i) + 1);
    }
}

TEST(RunLoop, runs_what_is_posted_in_order) {
    RunLoop loop;
    std::vector<int> order;
    loop.post([&] {
        order.push_back(1);
        loop.post([&] { order.push_back(3); });
    });
    loop.post([&] { order.push_back(2); });
    for (int i = 0; i < 3; ++i) loop.run_one();
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(RunLoop, is_the_current_executor_of_its_thread) {
    EXPECT_EQ(Executor::current(), nullptr);
    {
        RunLoop outer;
        EXPECT_EQ(Executor::current(), &outer);
        {
            RunLoop inner;
            EXPECT_EQ(Executor::current(), &inner);
        }
        EXPECT_EQ(Executor::current(), &outer);
    }
    EXPECT_EQ(Executor::current(), nullptr);
}

TEST(RunLoop, may_end_as_soon_as_its_answer_is_there) {
    for (int i = 0; i < 200; ++i) {
        Elsewhere elsewhere;
        RunLoop loop;
        EXPECT_EQ(*loop.wait(elsewhere.answer<int>(i)), i);
    }
}

}  // namespace
}  // namespace credvault
