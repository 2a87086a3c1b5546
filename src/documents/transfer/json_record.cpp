#include "documents/transfer/json_record.h"

#include <utility>

#include "documents/record_input.h"
#include "documents/transfer/record_reader.h"
#include "json/canonical.h"
#include "json/writer.h"

namespace credvault::documents {

std::optional<Error> append_json_record(std::string& record, std::string_view text, std::uint64_t line) {
    const std::size_t before = record.size();
    const Status read = json::canonicalize_to(
        record, text, {.max_depth = max_record_depth, .max_bytes = max_record_text, .first_line = line});
    if (!read.ok()) {
        Error error = read.error();
        error.message.insert(0, "Line " + std::to_string(line) + ": ");
        return error;
    }
    if (record[before] == '{') return {};
    record.resize(before);
    return Error(ErrorCode::INVALID_RECORD,
                 "Line " + std::to_string(line) + ": a record is a JSON object, as {\"name\":\"Ada\"}");
}

std::string state_text(std::uint64_t offset, std::uint64_t line) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("offset").number(static_cast<std::int64_t>(offset));
    out.key("line").number(static_cast<std::int64_t>(line)).end_object();
    return text;
}

bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace credvault::documents
