#include "app/sample_csv.h"

#include <limits>
#include <utility>

#include "documents/transfer/csv_reader.h"

namespace credvault::app {

Result<std::vector<std::string>> records_of_csv(std::string_view text) {
    using Step = documents::RecordReader::Step;
    std::vector<std::string> records;
    if (text.empty()) return records;
    documents::CsvRules rules;
    rules.sample_rows = rules.sample_bytes = std::numeric_limits<std::size_t>::max();
    documents::CsvReader reader(rules);
    reader.feed(text);
    bool ended = false;
    while (true) {
        std::string record;
        switch (reader.next(record)) {
            case Step::Record: records.push_back(std::move(record)); break;
            case Step::Done: return records;
            case Step::Hungry:
                if (!std::exchange(ended, true)) reader.end();
                break;
            case Step::Refused:
            case Step::Broken: return reader.take_error();
        }
    }
}

}  // namespace credvault::app
