// Changes of records as a restricted credential makes them: it sees the record without its hidden fields, which stay
// where they are, and must leave a record that its rule admits. Internal to RestrictedEngine. Immutable; asked on
// writers' threads. What they refer to outlives them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/narrowing.h"
#include "storage/write.h"

namespace credvault::storage {

/// FORBIDDEN where the object has a hidden field: naming it is no telling, since the caller did.
Status check_fields(const RecordNarrowing& narrowing, const json::View& object);
/// The same, and where the rule does not admit the record that would be made of the object.
Status check_insertion(const RecordNarrowing& narrowing, const json::View& object, bool keep_times);

/// Another change, narrowed.
class NarrowedChange final : public RecordChange {
public:
    NarrowedChange(const RecordNarrowing& narrowing, const RecordChange& inner)
        : narrowing_(narrowing), inner_(inner) {}
    Result<std::string> apply(const json::View& current) const override;
    Result<std::string> insertion() const override;

private:
    const RecordNarrowing& narrowing_;
    const RecordChange& inner_;
};

/// What PutRecord does: the record as a whole, inserted under its id where there is none and that is asked for.
class Replacement final : public RecordChange {
public:
    Replacement(std::string_view id, std::string_view record) : id_(id), record_(record) {}
    Result<std::string> apply(const json::View&) const override { return std::string(record_); }
    Result<std::string> insertion() const override;

private:
    std::string_view id_;
    std::string_view record_;
};

/// Guards a change against records that the rule hides: there the id is taken, and that is all.
class VisibleOnly final : public RecordChange {
public:
    VisibleOnly(const RecordNarrowing& narrowing, std::string_view id, const RecordChange& inner)
        : narrowing_(narrowing), id_(id), inner_(inner) {}
    Result<std::string> apply(const json::View& current) const override;
    Result<std::string> insertion() const override { return inner_.insertion(); }

private:
    const RecordNarrowing& narrowing_;
    std::string_view id_;
    const RecordChange& inner_;
};

/// Fails: what stands in a batch for an operation that is refused, so that it fails in its place and alone.
class Refusal final : public RecordChange {
public:
    explicit Refusal(Error error) : error_(std::move(error)) {}
    Result<std::string> apply(const json::View&) const override { return error_; }
    Result<std::string> insertion() const override { return error_; }

private:
    Error error_;
};

}  // namespace credvault::storage
