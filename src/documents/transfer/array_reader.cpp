#include "documents/transfer/array_reader.h"

#include <utility>

namespace credvault::documents {
namespace {

constexpr ErrorCode malformed = ErrorCode::MALFORMED_JSON;

}  // namespace

RecordReader::Step ArrayReader::next(std::string& record) {
    while (true) {
        if (where_ == Where::Within) return element(record);
        if (input_.empty()) return ended_ ? incomplete() : Step::Hungry;
        const char c = input_.front();
        if (is_json_space(c)) {
            if (c == '\n') ++at_line_;
            pass(1);
            continue;
        }
        if (const auto wrong = step_over(c)) return *wrong;
    }
}

/// Takes one character between elements; says what is wrong with it.
std::optional<RecordReader::Step> ArrayReader::step_over(char c) {
    line_ = at_line_;
    const bool may_begin = where_ == Where::First || where_ == Where::Before;
    if (may_begin && c != ',' && c != ']' && c != '}') {
        where_ = Where::Within;
        return {};
    }
    if (where_ == Where::Start && c == '[') {
        where_ = Where::First;
    } else if (where_ == Where::Behind && c == ',') {
        where_ = Where::Before;
    } else if ((where_ == Where::First || where_ == Where::Behind) && c == ']') {
        where_ = Where::After;
    } else {
        return broken(malformed, expectation());
    }
    pass(1);
    return {};
}

std::string_view ArrayReader::expectation() const {
    switch (where_) {
        case Where::Start: return "the data must be a JSON array, beginning with '['";
        case Where::Behind: return "',' or ']' must follow a record";
        case Where::After: return "nothing may follow the array's ']'";
        default: return "a record must stand here";
    }
}

/// The data ends where no record is open.
RecordReader::Step ArrayReader::incomplete() {
    if (where_ == Where::After) return Step::Done;
    line_ = at_line_;
    if (where_ == Where::Start)
        return broken(malformed, "the data must be a JSON array, and there is nothing");
    return broken(malformed, "the array is not closed with ']'");
}

RecordReader::Step ArrayReader::element(std::string& record) {
    if (partial_.empty() && !too_long_) line_ = at_line_;
    const bool whole = scan();
    const std::string_view piece = input_.substr(0, scanned_);
    pass(std::exchange(scanned_, 0));
    if (partial_.size() + piece.size() > max_record_text) too_long_ = true;
    if (too_long_) {
        partial_.clear();
    } else if (!whole || !partial_.empty()) {
        partial_.append(piece);
    }
    if (!whole) return ended_ ? broken(malformed, "the record that begins here is not closed") : Step::Hungry;
    where_ = Where::Behind;
    if (std::exchange(too_long_, false)) {
        return refuse(ErrorCode::PAYLOAD_TOO_LARGE,
                      "the record is longer than " + std::to_string(max_record_text) + " bytes");
    }
    const std::string joined = std::exchange(partial_, {});
    auto error = append_json_record(record, joined.empty() ? piece : std::string_view(joined), line_);
    return error ? refuse(std::move(*error)) : Step::Record;
}

/// Finds the element's end: scanned_ bytes on. False where it does not come; then those are all bytes there are.
bool ArrayReader::scan() {
    for (; scanned_ < input_.size(); ++scanned_) {
        const char c = input_[scanned_];
        if (c == '\n') ++at_line_;
        if (quoted_) {
            if (escaped_) {
                escaped_ = false;
            } else if (c == '\\') {
                escaped_ = true;
            } else if (c == '"') {
                quoted_ = false;
            }
        } else if (c == '"') {
            quoted_ = true;
        } else if (c == '{' || c == '[') {
            ++depth_;
        } else if (depth_ == 0 && (c == ',' || c == '}' || c == ']')) {
            return true;
        } else if (c == '}' || c == ']') {
            if (--depth_ > 0) continue;
            ++scanned_;
            return true;
        }
    }
    return false;
}

}  // namespace credvault::documents
