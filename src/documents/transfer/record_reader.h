// Records out of a stream of bytes that comes in pieces cut anywhere: NDJSON, a JSON array, CSV. A reader holds no more
// than the record that is incomplete (and, for CSV, the rows that its types are found from). What it can't read as a
// record it tells with its line and goes on, unless it can't know where the next one begins. For one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "documents/transfer/csv_rules.h"

namespace credvault::documents {

enum class DataFormat : std::uint8_t { Ndjson, Json, Csv };

/// The longest text of one record, before it is made canonical.
constexpr std::size_t max_record_text = 16 * 1024 * 1024;

class RecordReader {
public:
    enum class Step : std::uint8_t {
        Record,   ///< A canonical object was appended.
        Refused,  ///< What stands here is no record: error() says why. The next one may be.
        Hungry,   ///< Give more, or say that this was all.
        Done,     ///< Nothing follows.
        Broken,   ///< The data can't be read on: error() says why.
    };

    virtual ~RecordReader() = default;
    /// The next bytes, which must live until next() is hungry again. Precondition: it is.
    virtual void feed(std::string_view bytes) = 0;
    /// There are no more bytes. Precondition: next() is hungry.
    virtual void end() = 0;
    virtual Step next(std::string& record) = 0;
    /// The line, from 1, on which the last record begins, or what was refused.
    std::uint64_t line() const { return line_; }
    /// Of Refused and Broken; its message begins with the line. Take it once.
    Error take_error() { return std::move(error_); }
    /// After a record: a canonical object from which another reader goes on behind it, given the bytes from offset()
    /// on.
    virtual std::string state() const = 0;
    /// After a record: how many bytes of the data, from its beginning, are used up.
    virtual std::uint64_t offset() const = 0;

protected:
    Step refuse(ErrorCode code, std::string_view what);
    Step refuse(Error error);
    Step broken(ErrorCode code, std::string_view what);

    std::uint64_t line_ = 1;

private:
    Error error_;
};

/// A reader from the beginning of the data.
std::unique_ptr<RecordReader> make_reader(DataFormat format, const CsvRules& rules);
/// One that goes on from a state. Fails with INVALID_DATA where that is none.
Result<std::unique_ptr<RecordReader>> resume_reader(DataFormat format, const CsvRules& rules,
                                                    std::string_view state);

}  // namespace credvault::documents
