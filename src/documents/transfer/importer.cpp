#include "documents/transfer/importer.h"

#include <algorithm>
#include <utility>

#include "documents/transfer/json_record.h"
#include "json/writer.h"

namespace credvault::documents {

Importer::Importer(storage::Engine& engine, ImportTarget target, ImportRules rules,
                   std::shared_ptr<void> slot)
    : engine_(engine),
      target_(std::move(target)),
      rules_(std::move(rules)),
      slot_(std::move(slot)),
      reader_(make_reader(rules_.format, rules_.csv)) {}

Status Importer::resume(const json::View& checkpoint) {
    const auto state = checkpoint.find("state");
    const auto report = checkpoint.find("report");
    if (!state || !report) return Error(ErrorCode::INVALID_DATA, {}, {}, "not a checkpoint of an import");
    TRY(reader_, resume_reader(rules_.format, rules_.csv, state->text()));
    TRY(report_, ImportReport::parse(*report));
    written_state_ = state->text();
    passed_over_ = written_offset_ = reader_->offset();
    return {};
}

std::string Importer::checkpoint() const {
    std::string text;
    if (written_state_.empty()) return text;
    json::Writer out(text);
    out.begin_object().key("state").raw(written_state_).key("report").raw(report_.text()).end_object();
    return text;
}

/// The bytes without a byte order mark, which may come in pieces.
std::string_view Importer::without_mark(std::string_view bytes, bool last) {
    if (begun_) return bytes;
    head_.append(bytes);
    if (head_.size() < byte_order_mark.size() && !last) return {};
    begun_ = true;
    std::string_view data = head_;
    if (data.starts_with(byte_order_mark)) data.remove_prefix(byte_order_mark.size());
    return data;
}

Reply<void> Importer::take(std::string_view bytes) {
    bytes = without_mark(bytes, false);
    const std::uint64_t passed = std::min<std::uint64_t>(passed_over_, bytes.size());
    passed_over_ -= passed;
    bytes.remove_prefix(passed);
    if (bytes.empty()) co_return Status();
    reader_->feed(bytes);
    co_return co_await read();
}

Reply<void> Importer::end() {
    if (!begun_) {
        const std::string_view rest = without_mark({}, true);
        if (passed_over_ == 0 && !rest.empty()) {
            reader_->feed(rest);
            CO_TRY_VOID(co_await read());
        }
    }
    if (passed_over_ > 0) {
        co_return fault(
            Error(ErrorCode::INVALID_DATA, "The data is shorter than what was imported of it before"));
    }
    reader_->end();
    CO_TRY_VOID(co_await read());
    CO_TRY_VOID(co_await hand_over());
    co_return co_await settle();
}

/// Takes what the reader has next.
RecordReader::Step Importer::read_one() {
    std::string& text = reading_.text();
    const std::size_t begin = text.size();
    const RecordReader::Step step = reader_->next(text);
    if (step == RecordReader::Step::Record) reading_.add(begin, reader_->line());
    if (step == RecordReader::Step::Refused) reading_.refuse(reader_->line(), reader_->take_error());
    return step;
}

/// Reads until the reader is hungry or has ended.
Reply<void> Importer::read() {
    RecordReader::Step step = read_one();
    for (; step == RecordReader::Step::Record || step == RecordReader::Step::Refused; step = read_one()) {
        if (reading_.full() || report_.failed + reading_.refused() > rules_.max_errors) {
            CO_TRY_VOID(co_await hand_over());
        }
    }
    if (step == RecordReader::Step::Broken) co_return co_await break_off();
    co_return Status();
}

/// What was read before the data became unreadable is written.
Reply<void> Importer::break_off() {
    Error error = reader_->take_error();
    CO_TRY_VOID(co_await hand_over());
    CO_TRY_VOID(co_await settle());
    co_return fault(std::move(error));
}

/// Begins to write what was read, when what is being written is done.
Reply<void> Importer::hand_over() {
    CO_TRY_VOID(co_await settle());
    if (reading_.empty()) co_return Status();
    writing_ = std::exchange(reading_, {});
    if (!target_.key.empty()) next_state_ = reader_->state();
    next_offset_ = reader_->offset();
    write_.emplace(writing_.write(engine_, target_, std::to_string(next_offset_)));
    // Where nobody can be let through any more, the batch ends the import.
    if (report_.failed + writing_.refused() > rules_.max_errors) co_return co_await settle();
    co_return Status();
}

Reply<void> Importer::settle() {
    if (!write_) co_return Status();
    Reply<void> write = std::move(*write_);
    write_.reset();
    const Status written = co_await std::move(write);
    if (!written.ok()) co_return fault(written.error());
    const bool beyond_quota = writing_.beyond_quota();
    writing_.add_to(report_);
    writing_ = {};
    written_offset_ = next_offset_;
    written_state_ = std::move(next_state_);
    // Trying the rest would fail for each record, and let smaller ones in between the others.
    if (beyond_quota) {
        co_return fault(
            Error(ErrorCode::QUOTA_EXCEEDED,
                  "The import has stopped: what the workspace may store is used up. It holds what was "
                  "imported before"));
    }
    if (report_.failed <= rules_.max_errors) co_return Status();
    std::string message = std::to_string(report_.failed) + " records failed, and max_errors is " +
                          std::to_string(rules_.max_errors) + ". The first: ";
    co_return fault(Error(ErrorCode::TOO_MANY_ERRORS, message + report_.errors.front().message));
}

Error Importer::fault(Error error) const {
    if (error.result.empty()) error.result = report_.text();
    return error;
}

}  // namespace credvault::documents
