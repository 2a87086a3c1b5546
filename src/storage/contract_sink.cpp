#include "storage/contract_sink.h"

#include <utility>

#include "storage/contract_checks.h"
#include "storage/record.h"

namespace credvault::storage {
namespace {
constexpr std::size_t max_ids = 1'000'000;
constexpr std::size_t max_closed = 256;
}  // namespace

ContractSink::ContractSink(RowSink& inner, Expectation expected, Report report)
    : inner_(inner), expected_(std::move(expected)), report_(std::move(report)), position_(expected_.after) {}

void ContractSink::note(std::string wrong) {
    if (wrong_.empty()) wrong_ = std::move(wrong);
}

void ContractSink::check(const Row& row) {
    if (stopped_) note("a row after the sink wanted no more");
    if (++rows_ > expected_.limit) note("more rows than the limit");
    if (std::string wrong = wrong_record(row.record); !wrong.empty()) return note(std::move(wrong));
    if (row.revision.incarnation == 0) note("a row without an incarnation");
    if (row.revision.version != record_version(row.record))
        note("a revision that is not the record's version");
    if (expected_.sort != nullptr) {
        std::string position;
        query::append_position(position, row.record, *expected_.sort, row.rank);
        if (position <= position_ && !position_.empty()) note("rows out of order or repeated");
        position_ = std::move(position);
    }
    if (ids_.size() < max_ids && !ids_.emplace(record_id_escaped(row.record)).second)
        note("a record that came twice");
}

bool ContractSink::row(const Row& row) {
    if (closed_) {
        report_("a row after the reply");
        return false;
    }
    if (busy_.exchange(true)) note("rows from two threads at a time");
    check(row);
    const bool more = inner_.row(row);
    stopped_ = stopped_ || !more;
    busy_ = false;
    return more;
}

void ContractSink::restart() {
    if (closed_) return report_("a restart after the reply");
    rows_ = 0;
    stopped_ = false;
    position_ = expected_.after;
    ids_.clear();
    inner_.restart();
}

void ContractSink::close() { closed_ = true; }

void ClosedSinks::keep(std::shared_ptr<ContractSink> sink) {
    sink->close();
    std::lock_guard lock(mutex_);
    sinks_.push_back(std::move(sink));
    if (sinks_.size() > max_closed) sinks_.pop_front();
}

}  // namespace credvault::storage
