// Reply<T>: the answer of an engine or a service, a Result<T> that is there at once or comes later. A function that
// has its answer returns it and no coroutine frame is made; one that has to wait is a coroutine returning Reply<T>,
// which starts running when it is called. Everything of one reply happens on one thread, the one that made it: an
// answer from another thread comes through a Completer, which posts to the executor that was current when it was
// made. A reply that is dropped before it is ready runs on to its end, and its result is discarded.
#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/executor.h"
#include "base/result.h"

namespace credvault {

namespace detail {

/// What a waiting coroutine and the answer share. Touched by the owning thread only, but for `incoming`.
template <class T>
struct ReplyState {
    std::optional<Result<T>> result;
    std::optional<Result<T>> incoming;  ///< Written by the completing thread before it posts.
    std::coroutine_handle<> waiter;
};

template <class T>
class ReplyPromise;

}  // namespace detail

template <class T>
class [[nodiscard]] Reply {
public:
    using promise_type = detail::ReplyPromise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    /// An answer that is there. Anything a Result<T> is made of will do.
    template <class U>
        requires(std::is_convertible_v<U &&, Result<T>> && !std::is_same_v<std::remove_cvref_t<U>, Reply>)
    Reply(U&& value) : ready_(Result<T>(std::forward<U>(value))) {}
    explicit Reply(std::shared_ptr<detail::ReplyState<T>> pending) : pending_(std::move(pending)) {}
    explicit Reply(Handle coroutine) : coroutine_(coroutine) {}
    Reply(Reply&& other) noexcept
        : ready_(std::move(other.ready_)),
          pending_(std::move(other.pending_)),
          coroutine_(std::exchange(other.coroutine_, nullptr)) {
        other.ready_.reset();
    }
    Reply& operator=(Reply&&) = delete;
    ~Reply();

    bool ready() const;
    /// Takes the answer. Precondition: ready(). Only once.
    Result<T> take();

    // The awaitable's part; `co_await std::move(reply)` and `co_await call()` give the Result<T>.
    bool await_ready() const { return ready(); }
    void await_suspend(std::coroutine_handle<> waiter);
    Result<T> await_resume() { return take(); }

    /// Calls `done(Result<T>)` with the answer: now if it is there, else later on this thread.
    template <class F>
    void then(F done) &&;

private:
    std::optional<Result<T>> ready_;
    std::shared_ptr<detail::ReplyState<T>> pending_;
    Handle coroutine_ = nullptr;
};

/// The other end of a reply that comes later. Copyable; complete() exactly once over all copies, from any thread.
template <class T>
class Completer {
public:
    /// Precondition: the calling thread has a current executor, which outlives the answer.
    Completer() : state_(std::make_shared<detail::ReplyState<T>>()), executor_(Executor::current()) {
        assert(executor_ != nullptr);
    }
    Reply<T> reply() const { return Reply<T>(state_); }
    void complete(Result<T> result) const {
        state_->incoming.emplace(std::move(result));
        executor_->post([state = state_] {
            state->result = std::move(state->incoming);
            if (state->waiter) std::exchange(state->waiter, nullptr).resume();
        });
    }

private:
    std::shared_ptr<detail::ReplyState<T>> state_;
    Executor* executor_;
};

namespace detail {

template <class T>
class ReplyPromise {
public:
    Reply<T> get_return_object() { return Reply<T>(Reply<T>::Handle::from_promise(*this)); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
        struct Final {
            bool await_ready() noexcept { return false; }
            std::coroutine_handle<> await_suspend(typename Reply<T>::Handle self) noexcept {
                ReplyPromise& promise = self.promise();
                if (promise.detached) {
                    self.destroy();
                    return std::noop_coroutine();
                }
                return promise.waiter ? promise.waiter : std::coroutine_handle<>(std::noop_coroutine());
            }
            void await_resume() noexcept {}
        };
        return Final{};
    }
    /// What a library threw becomes an internal error here, so that a reply always has an answer.
    void unhandled_exception() noexcept {
        try {
            throw;
        } catch (const std::exception& thrown) {
            result.emplace(Error(ErrorCode::INTERNAL, {}, {}, thrown.what()));
        } catch (...) {
            result.emplace(Error(ErrorCode::INTERNAL, {}, {}, "unknown exception"));
        }
    }
    void return_value(Result<T> value) { result.emplace(std::move(value)); }

    std::optional<Result<T>> result;
    std::coroutine_handle<> waiter;
    bool detached = false;
};

/// A coroutine that nobody waits for; carries Reply::then.
struct Detached {
    struct promise_type {
        Detached get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
    };
};

template <class T, class F>
Detached deliver(Reply<T> reply, F done) {
    done(co_await std::move(reply));
}

}  // namespace detail

template <class T>
Reply<T>::~Reply() {
    if (!coroutine_) return;
    if (coroutine_.done()) {
        coroutine_.destroy();
    } else {
        coroutine_.promise().detached = true;
    }
}

template <class T>
bool Reply<T>::ready() const {
    if (coroutine_) return coroutine_.done();
    return pending_ ? pending_->result.has_value() : ready_.has_value();
}

template <class T>
Result<T> Reply<T>::take() {
    assert(ready());
    if (coroutine_) return std::move(*coroutine_.promise().result);
    if (pending_) return std::move(*pending_->result);
    return std::move(*ready_);
}

template <class T>
void Reply<T>::await_suspend(std::coroutine_handle<> waiter) {
    if (coroutine_) {
        coroutine_.promise().waiter = waiter;
    } else {
        pending_->waiter = waiter;
    }
}

template <class T>
template <class F>
void Reply<T>::then(F done) && {
    if (ready()) {
        done(take());
    } else {
        detail::deliver(std::move(*this), std::move(done));
    }
}

}  // namespace credvault
