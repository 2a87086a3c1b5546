#include "documents/transfer/line_reader.h"

#include <algorithm>

namespace credvault::documents {
namespace {

bool is_empty(std::string_view line) { return std::all_of(line.begin(), line.end(), is_json_space); }

}  // namespace

RecordReader::Step LineReader::next(std::string& record) {
    while (true) {
        const std::size_t feed = input_.find('\n');
        const bool whole = feed != std::string_view::npos;
        const std::string_view piece = input_.substr(0, whole ? feed : input_.size());
        input_.remove_prefix(whole ? feed + 1 : input_.size());
        offset_ += piece.size() + (whole ? 1 : 0);
        if (partial_.size() + piece.size() > max_record_text) too_long_ = true;
        if (!whole && !ended_) {
            if (too_long_) {
                partial_.clear();
            } else {
                partial_.append(piece);
            }
            return Step::Hungry;
        }
        const bool joined = !partial_.empty();
        if (joined) partial_.append(piece);
        line_ = next_line_;
        if (whole) ++next_line_;
        const bool last = !whole;
        if (std::exchange(too_long_, false)) {
            partial_.clear();
            return refuse(ErrorCode::PAYLOAD_TOO_LARGE,
                          "it is longer than " + std::to_string(max_record_text) + " bytes");
        }
        const std::string_view text = joined ? std::string_view(partial_) : piece;
        if (is_empty(text)) {
            partial_.clear();
            if (last) return Step::Done;
            continue;
        }
        const Step step = take(record, text);
        partial_.clear();
        return step;
    }
}

RecordReader::Step LineReader::take(std::string& record, std::string_view line) {
    if (auto error = append_json_record(record, line, line_)) return refuse(std::move(*error));
    return Step::Record;
}

}  // namespace credvault::documents
