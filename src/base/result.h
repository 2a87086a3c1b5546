// Result<T>: a value or an Error, the way every function of ours reports failure (C++20 lacks std::expected).
// TRY(auto x, call()) takes the value or returns the error; TRY_VOID(call()) where there is no value; CO_TRY and
// CO_TRY_VOID do the same inside coroutines. Not thread-safe, as any value.
#pragma once

#include <cassert>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"

namespace credvault {

template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;

    Result(T value) : value_(std::move(value)) {}
    Result(Error error) : error_(std::make_unique<Error>(std::move(error))) {}
    /// Converts from anything that T is made of, so that `return "text";` works for Result<std::string>.
    template <class U>
        requires(std::is_constructible_v<T, U &&> && std::is_convertible_v<U &&, T> &&
                 !std::is_same_v<std::remove_cvref_t<U>, T> &&
                 !std::is_same_v<std::remove_cvref_t<U>, Error> &&
                 !std::is_same_v<std::remove_cvref_t<U>, Result>)
    Result(U&& value) : value_(std::forward<U>(value)) {}

    bool ok() const { return error_ == nullptr; }
    explicit operator bool() const { return ok(); }

    /// Precondition for the following: ok().
    T& value() & { return assert(ok()), *value_; }
    const T& value() const& { return assert(ok()), *value_; }
    T&& value() && { return assert(ok()), std::move(*value_); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    /// Precondition: !ok().
    const Error& error() const& { return assert(!ok()), *error_; }
    Error&& error() && { return assert(!ok()), std::move(*error_); }

private:
    std::optional<T> value_;
    std::unique_ptr<Error> error_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::make_unique<Error>(std::move(error))) {}

    bool ok() const { return error_ == nullptr; }
    explicit operator bool() const { return ok(); }
    void value() const { assert(ok()); }
    const Error& error() const& { return assert(!ok()), *error_; }
    Error&& error() && { return assert(!ok()), std::move(*error_); }

private:
    std::unique_ptr<Error> error_;
};

using Status = Result<void>;

}  // namespace credvault

#define CREDVAULT_CONCAT_(a, b) a##b
#define CREDVAULT_CONCAT(a, b) CREDVAULT_CONCAT_(a, b)
#define CREDVAULT_TRY_(ret, tmp, decl, ...)    \
    auto tmp = __VA_ARGS__;                    \
    if (!tmp.ok()) ret std::move(tmp).error(); \
    decl = std::move(tmp).value()
#define CREDVAULT_TRY_VOID_(ret, tmp, ...) \
    if (auto tmp = __VA_ARGS__; !tmp.ok()) ret std::move(tmp).error()

#define TRY(decl, ...) CREDVAULT_TRY_(return, CREDVAULT_CONCAT(try_, __LINE__), decl, __VA_ARGS__)
#define TRY_VOID(...) CREDVAULT_TRY_VOID_(return, CREDVAULT_CONCAT(try_, __LINE__), __VA_ARGS__)
#define CO_TRY(decl, ...) CREDVAULT_TRY_(co_return, CREDVAULT_CONCAT(try_, __LINE__), decl, __VA_ARGS__)
#define CO_TRY_VOID(...) CREDVAULT_TRY_VOID_(co_return, CREDVAULT_CONCAT(try_, __LINE__), __VA_ARGS__)
