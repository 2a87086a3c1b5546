#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "documents/transfer/csv_writer.h"
#include "documents/transfer/record_reader.h"
#include "json/view.h"

namespace credvault::documents {
namespace {

using Step = RecordReader::Step;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// What a reader gives for the data cut into pieces: records as they are, everything else as "! message".
std::vector<std::string> read(RecordReader& reader, std::string_view data, std::size_t piece) {
    std::vector<std::string> found;
    bool ended = false;
    while (true) {
        std::string record;
        switch (reader.next(record)) {
            case Step::Record: found.push_back(record); break;
            case Step::Refused: found.push_back("! " + reader.take_error().message); break;
            case Step::Hungry:
                if (!data.empty()) {
                    reader.feed(data.substr(0, piece));
                    data.remove_prefix(std::min(piece, data.size()));
                } else if (!ended) {
                    ended = true;
                    reader.end();
                }
                break;
            case Step::Done: return found;
            case Step::Broken: found.push_back("!! " + reader.take_error().message); return found;
        }
    }
}

/// However the data is cut, the same comes out.
std::vector<std::string> read_all(DataFormat format, std::string_view data, const CsvRules& rules = {}) {
    const auto whole = make_reader(format, rules);
    const std::vector<std::string> found = read(*whole, data, data.size() + 1);
    for (const std::size_t piece : {1, 2, 3, 7}) {
        const auto cut = make_reader(format, rules);
        EXPECT_EQ(read(*cut, data, piece), found) << "in pieces of " << piece;
    }
    return found;
}

TEST(LineReader, ReadsObjectsAndPassesOverEmptyLines) {
    EXPECT_THAT(read_all(DataFormat::Ndjson, "{\"a\": 1}\n\n \r\n{\"b\":2}\r\n{\"c\":3}"),
                ElementsAre(R"({"a":1})", R"({"b":2})", R"({"c":3})"));
    EXPECT_TRUE(read_all(DataFormat::Ndjson, "").empty());
}

TEST(LineReader, TellsTheLineAndGoesOn) {
    EXPECT_THAT(
        read_all(DataFormat::Ndjson, "{\"a\":1}\nx\n\n[1]\n{\"b\":\"\xff\"}\n{\"c\":1}\n"),
        ElementsAre(R"({"a":1})", HasSubstr("! Line 2:"), HasSubstr("! Line 4: a record is a JSON object"),
                    HasSubstr("! Line 5:"), R"({"c":1})"));
}

TEST(LineReader, RefusesALineThatIsTooLongAndGoesOn) {
    const std::string data = "{\"a\":\"" + std::string(max_record_text, 'x') + "\"}\n{\"b\":1}\n";
    for (const std::size_t piece : {data.size(), std::size_t{1} << 20}) {
        const auto reader = make_reader(DataFormat::Ndjson, {});
        EXPECT_THAT(read(*reader, data, piece),
                    ElementsAre(HasSubstr("! Line 1: it is longer"), R"({"b":1})"));
    }
    const std::string fits = "{\"a\":\"" + std::string(max_record_text - 8, 'x') + "\"}\n";
    const auto reader = make_reader(DataFormat::Ndjson, {});
    EXPECT_EQ(read(*reader, fits, 1 << 20), std::vector<std::string>{fits.substr(0, fits.size() - 1)});
}

TEST(ArrayReader, ReadsElementsAsTheyCome) {
    EXPECT_THAT(read_all(DataFormat::Json, " [ {\"a\":\"],[\\\"}\"} ,{}\n, {\"b\":[{}]}] \n"),
                ElementsAre(R"({"a":"],[\"}"})", "{}", R"({"b":[{}]})"));
    EXPECT_TRUE(read_all(DataFormat::Json, "[]").empty());
}

TEST(ArrayReader, PassesOverWhatIsNoRecord) {
    EXPECT_THAT(read_all(DataFormat::Json, "[{\"a\":1},\n7,\n\"],\",{\"a\":1,\"a\":2},\n{\"b\":2}]"),
                ElementsAre(R"({"a":1})", HasSubstr("! Line 2:"), HasSubstr("! Line 3:"),
                            HasSubstr("! Line 3:"), R"({"b":2})"));
}

TEST(ArrayReader, EndsWhereTheArrayIsBroken) {
    EXPECT_THAT(read_all(DataFormat::Json, ""),
                ElementsAre(HasSubstr("!! Line 1: the data must be a JSON array")));
    EXPECT_THAT(read_all(DataFormat::Json, "\n{}"), ElementsAre(HasSubstr("!! Line 2: the data must be")));
    EXPECT_THAT(read_all(DataFormat::Json, "[{}"),
                ElementsAre("{}", HasSubstr("!! Line 1: the array is not closed")));
    EXPECT_THAT(read_all(DataFormat::Json, "[{},]"),
                ElementsAre("{}", HasSubstr("!! Line 1: a record must stand")));
    EXPECT_THAT(read_all(DataFormat::Json, "[{} {}]"), ElementsAre("{}", HasSubstr("!! Line 1: ',' or ']'")));
    EXPECT_THAT(read_all(DataFormat::Json, "[]]"), ElementsAre(HasSubstr("!! Line 1: nothing may follow")));
    EXPECT_THAT(read_all(DataFormat::Json, "[{\"a\":1"),
                ElementsAre(HasSubstr("!! Line 1: the record that begins")));
}

TEST(CsvReader, ReadsCellsQuotesAndLineEnds) {
    EXPECT_THAT(read_all(DataFormat::Csv, "a,b\r\n\"x, \"\"y\"\"\r\nz\",1\r\n\r\n,\"\""),
                ElementsAre(R"({"a":"x, \"y\"\r\nz","b":"1"})", R"({"a":null,"b":""})"));
    EXPECT_THAT(read_all(DataFormat::Csv, "a\n"), ElementsAre());
    EXPECT_THAT(read_all(DataFormat::Csv, "a,b\n1,"), ElementsAre(R"({"a":1,"b":null})"));
}

TEST(CsvReader, FindsTypes) {
    EXPECT_THAT(
        read_all(DataFormat::Csv, "i,d,b,s,j,z\n1,2,true,x,[1],007\n-2,2.5,FALSE,1,\"{\"\"a\"\": 1}\",8\n"),
        ElementsAre(R"({"i":1,"d":2.0,"b":true,"s":"x","j":[1],"z":"007"})",
                    R"({"i":-2,"d":2.5,"b":false,"s":"1","j":{"a":1},"z":"8"})"));
    EXPECT_THAT(read_all(DataFormat::Csv, "n\n9223372036854775807\n"),
                ElementsAre(R"({"n":9223372036854775807})"));
    EXPECT_THAT(read_all(DataFormat::Csv, "n\n92233720368547758070\n"),
                ElementsAre(R"({"n":"92233720368547758070"})"));
    EXPECT_THAT(read_all(DataFormat::Csv, "id,n\n7,1\n,2\n"),
                ElementsAre(R"({"id":"7","n":1})", R"({"n":2})"));
}

TEST(CsvReader, KeepsWhatDoesNotFitBehindTheSampleAsStrings) {
    CsvRules rules;
    rules.sample_rows = 1;
    EXPECT_THAT(read_all(DataFormat::Csv, "n\n1\n2.5\nx\n", rules),
                ElementsAre(R"({"n":1})", R"({"n":2.5})", R"({"n":"x"})"));
}

TEST(CsvReader, TakesTheUsersWordForTypes) {
    CsvRules rules;
    rules.types = *parse_types("a:string,b:int,c:bool,d:double,e:json");
    EXPECT_THAT(read_all(DataFormat::Csv,
                         "a,b,c,d,e\n1,2,true,3,\"[1,2]\"\n1,2.5,true,3,1\n1,2,yes,3,1\n1,2,true,x,1\n"
                         "1,2,true,3,[\n",
                         rules),
                ElementsAre(R"({"a":"1","b":2,"c":true,"d":3.0,"e":[1,2]})",
                            HasSubstr("! Line 3: column 'b'"), HasSubstr("! Line 4: column 'c'"),
                            HasSubstr("! Line 5: column 'd'"), HasSubstr("! Line 6: column 'e'")));
}

TEST(CsvReader, NestsColumnsByDots) {
    EXPECT_THAT(read_all(DataFormat::Csv, "a.x,b,a.y.z\n1,2,3\n"),
                ElementsAre(R"({"a":{"x":1,"y":{"z":3}},"b":2})"));
    CsvRules rules;
    rules.omit_empty = true;
    EXPECT_THAT(read_all(DataFormat::Csv, "a.x,b,a.y.z\n,2,\n1,,\n", rules),
                ElementsAre(R"({"b":2})", R"({"a":{"x":1}})"));
    for (const char* header : {"a,a\n", "a,a.b\n", "a.b,a\n", "a..b\n", ",b\n", ".a\n", "a.\n"}) {
        EXPECT_THAT(read_all(DataFormat::Csv, header), ElementsAre(HasSubstr("!! Line 1: The columns:")))
            << header;
    }
}

TEST(CsvReader, RefusesRowsAndGoesOn) {
    EXPECT_THAT(
        read_all(DataFormat::Csv, "a,b\n1\n\"x\"y,\"\n\"\xff\",1\n\"a\"\r,1\n1,2\n"),
        ElementsAre(HasSubstr("! Line 2: the row has 1 cells"), HasSubstr("! Line 3: something follows"),
                    HasSubstr("! Line 4: column 'a' is not valid UTF-8"),
                    HasSubstr("! Line 5: something follows"), R"({"a":"1","b":2})"));
    EXPECT_THAT(read_all(DataFormat::Csv, "a\n1\n\"2\n3"),
                ElementsAre(R"({"a":1})", HasSubstr("!! Line 3: a quote")));
    EXPECT_THAT(read_all(DataFormat::Csv, "\n\n"), ElementsAre(HasSubstr("there is no first row")));
}

/// Read to each record in turn, and on from there by another reader.
void expect_resumes(DataFormat format, std::string_view data) {
    const auto first = make_reader(format, {});
    const std::vector<std::string> all = read(*first, data, data.size());
    for (std::size_t stop = 1; stop <= all.size(); ++stop) {
        const auto reader = make_reader(format, {});
        reader->feed(data);
        std::string record;
        bool ended = false;
        for (std::size_t got = 0; got < stop;) {
            record.clear();
            const Step step = reader->next(record);
            if (step == Step::Hungry && !std::exchange(ended, true)) reader->end();
            if (step == Step::Record) ++got;
        }
        const auto next = resume_reader(format, {}, reader->state());
        ASSERT_TRUE(next.ok());
        EXPECT_EQ((*next)->offset(), reader->offset());
        const std::vector<std::string> rest = read(**next, data.substr(reader->offset()), 3);
        EXPECT_EQ(rest, std::vector<std::string>(all.begin() + static_cast<std::ptrdiff_t>(stop), all.end()));
    }
}

TEST(RecordReaders, GoOnFromTheirState) {
    expect_resumes(DataFormat::Ndjson, "{\"a\":1}\n\n{\"b\":2}\r\n{\"c\":3}");
    expect_resumes(DataFormat::Json, "[{\"a\":1},\n{\"b\":2} , {\"c\":3}]");
    expect_resumes(DataFormat::Csv, "a,b.c\r\n1,x\r\n\n\"2\n\",y\n3,z");
    EXPECT_FALSE(resume_reader(DataFormat::Csv, {}, R"({"offset":1,"line":1})").ok());
    EXPECT_FALSE(resume_reader(DataFormat::Ndjson, {}, "{}").ok());
}

std::string csv_of(const std::vector<std::string>& records) {
    CsvColumnFinder finder(max_csv_columns);
    for (const std::string& record : records) EXPECT_TRUE(finder.add(json::View(record)));
    const CsvWriter writer(finder.columns(), ',');
    std::string out;
    writer.append_header(out);
    for (const std::string& record : records) writer.append_row(out, json::View(record));
    return out;
}

TEST(CsvWriter, QuotesAndFlattens) {
    EXPECT_EQ(csv_of({R"({"id":"1","s":"a,\"b\"\n","o":{"x":1,"e":{}},"l":[1,"a"],"_version":1})",
                      R"({"id":"2","s":"","o":null,"new":true,"_version":2})"}),
              "id,s,o.x,o.e,l,new,_version\r\n1,\"a,\"\"b\"\"\n\",1,{},\"[1,\"\"a\"\"]\",,1\r\n2,\"\",,,,"
              "true,2\r\n");
}

TEST(CsvWriter, LosesNothingWhereNamesAreUnlike) {
    EXPECT_EQ(csv_of({R"({"a":1})", R"({"a":{"b":2}})"}), "a\r\n1\r\n\"{\"\"b\"\":2}\"\r\n");
    EXPECT_EQ(csv_of({R"({"a.b":1,"o":{"x.y":2}})"}), "a.b,o\r\n1,\"{\"\"x.y\"\":2}\"\r\n");
}

TEST(CsvWriter, BoundsColumns) {
    CsvColumnFinder finder(2);
    EXPECT_TRUE(finder.add(json::View(R"({"a":1,"b":{"c":1}})")));
    EXPECT_TRUE(finder.add(json::View(R"({"a":1})")));
    EXPECT_FALSE(finder.add(json::View(R"({"d":1})")));
}

}  // namespace
}  // namespace credvault::documents
