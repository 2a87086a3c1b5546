#include "documents/transfer/record_reader.h"

#include <utility>

#include "documents/transfer/array_reader.h"
#include "documents/transfer/csv_reader.h"
#include "documents/transfer/line_reader.h"
#include "json/view.h"

namespace credvault::documents {

RecordReader::Step RecordReader::refuse(Error error) {
    error_ = std::move(error);
    return Step::Refused;
}

RecordReader::Step RecordReader::refuse(ErrorCode code, std::string_view what) {
    return refuse(Error(code, "Line " + std::to_string(line_) + ": " + std::string(what)));
}

RecordReader::Step RecordReader::broken(ErrorCode code, std::string_view what) {
    (void)refuse(code, what);
    return Step::Broken;
}

std::unique_ptr<RecordReader> make_reader(DataFormat format, const CsvRules& rules) {
    switch (format) {
        case DataFormat::Ndjson: return std::make_unique<LineReader>(ReadFrom{});
        case DataFormat::Json: return std::make_unique<ArrayReader>(ReadFrom{});
        case DataFormat::Csv: return std::make_unique<CsvReader>(rules);
    }
    return nullptr;
}

Result<std::unique_ptr<RecordReader>> resume_reader(DataFormat format, const CsvRules& rules,
                                                    std::string_view state) {
    const json::View view(state);
    const auto offset = view.find("offset");
    const auto line = view.find("line");
    if (!offset || offset->type() != json::Type::Int || !line || line->type() != json::Type::Int) {
        return Error(ErrorCode::INVALID_DATA, {}, {}, "not the state of a reader");
    }
    const ReadFrom from{static_cast<std::uint64_t>(offset->as_int()),
                        static_cast<std::uint64_t>(line->as_int())};
    switch (format) {
        case DataFormat::Ndjson: return std::unique_ptr<RecordReader>(std::make_unique<LineReader>(from));
        case DataFormat::Json: return std::unique_ptr<RecordReader>(std::make_unique<ArrayReader>(from));
        case DataFormat::Csv: break;
    }
    auto reader = std::make_unique<CsvReader>(rules);
    TRY_VOID(reader->resume(from, view));
    return std::unique_ptr<RecordReader>(std::move(reader));
}

}  // namespace credvault::documents
