#include "json/writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "json/canonical.h"

namespace credvault::json {
namespace {

TEST(Writer, PutsCommasWhereTheyBelong) {
    std::string out;
    Writer writer(out);
    writer.begin_object().key("a").number(std::int64_t{1}).key("b").begin_array();
    writer.number(2.5).string("x").null().boolean(true).begin_array().end_array().begin_object().end_object();
    writer.raw(R"({"raw":[1]})")
        .boolean(false)
        .end_array()
        .key("c")
        .begin_object()
        .key("d")
        .null()
        .end_object();
    writer.key("e").raw("7").end_object();
    EXPECT_EQ(out, R"({"a":1,"b":[2.5,"x",null,true,[],{},{"raw":[1]},false],"c":{"d":null},"e":7})");
    EXPECT_EQ(*canonicalize(out), out);
}

TEST(Writer, AppendsToWhatIsThere) {
    std::string out = "data: ";
    Writer(out).begin_array().number(std::int64_t{-1}).end_array();
    EXPECT_EQ(out, "data: [-1]");
}

TEST(Writer, EscapesWhatMustBeAndNothingElse) {
    for (int c = 1; c < 256; ++c) {
        if (c >= 0x80) break;
        std::string out;
        append_string(out, std::string(1, static_cast<char>(c)));
        const bool escaped = c < 0x20 || c == '"' || c == '\\';
        EXPECT_EQ(out.size() > 3, escaped) << c;
        EXPECT_EQ(*canonicalize(out), out);
    }
    std::string out;
    append_string(out, "\b\f\n\r\t\"\\/\x01\x1f\x7fé");
    EXPECT_EQ(out, "\"\\b\\f\\n\\r\\t\\\"\\\\/\\u0001\\u001f\x7fé\"");
}

TEST(Writer, DecodingUndoesEscaping) {
    for (std::size_t size = 0; size < 50; ++size) {
        for (std::size_t place = 0; place <= size; ++place) {
            std::string text(size, 'x');
            text.insert(place, "\"\x02\n");
            const std::string escaped = escape_key(text);
            EXPECT_EQ(escaped.size(), text.size() + 7);
            std::string decoded = "+";
            append_decoded(decoded, escaped);
            EXPECT_EQ(decoded, "+" + text);
        }
    }
    EXPECT_EQ(escape_key("plain"), "plain");
    EXPECT_EQ(escape_key(""), "");
}

TEST(Writer, WritesIntegersOfAnySize) {
    std::string out;
    Writer(out)
        .begin_array()
        .number(std::numeric_limits<std::int64_t>::min())
        .number(std::numeric_limits<std::int64_t>::max())
        .number(std::int64_t{0})
        .end_array();
    EXPECT_EQ(out, "[-9223372036854775808,9223372036854775807,0]");
}

}  // namespace
}  // namespace credvault::json
