#include "json/block.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

namespace credvault::json {
namespace {

using Bytes = std::array<char, block_size>;

void expect_same_masks(const Bytes& bytes) {
    const PlainBlock plain = PlainBlock::load(bytes.data());
    const Block block = Block::load(bytes.data());
    EXPECT_EQ(block.string_stops(), plain.string_stops());
    EXPECT_EQ(block.specials(), plain.specials());
    EXPECT_EQ(block.value_ends(), plain.value_ends());
    EXPECT_EQ(block.quotes(), plain.quotes());
    EXPECT_EQ(block.backslashes(), plain.backslashes());
    EXPECT_EQ(block.openings(), plain.openings());
    EXPECT_EQ(block.closings(), plain.closings());
}

TEST(Block, AgreesWithPlainCodeOnEveryByteAtEveryPlace) {
    for (int value = 0; value < 256; ++value) {
        for (std::size_t place = 0; place < block_size; ++place) {
            Bytes bytes;
            bytes.fill('a');
            bytes[place] = static_cast<char>(value);
            expect_same_masks(bytes);
        }
    }
}

TEST(Block, BitNSpeaksOfByteN) {
    const Block block = Block::load(R"({"a":[1,"\"]}}  )");
    EXPECT_EQ(block.openings(), 0b0000'0000'0010'0001U);
    EXPECT_EQ(block.quotes(), 0b0000'0101'0000'1010U);
    EXPECT_EQ(block.backslashes(), 0b0000'0010'0000'0000U);
    EXPECT_EQ(block.closings(), 0b0011'1000'0000'0000U);
    EXPECT_EQ(block.value_ends(), 0b0011'1000'1000'0000U);
}

TEST(Block, TellsSpecialsFromWhatMayBeCopied) {
    for (int value = 0; value < 256; ++value) {
        Bytes bytes;
        bytes.fill(static_cast<char>(value));
        const bool special = value < 0x20 || value == '"' || value == '\\';
        EXPECT_EQ(Block::load(bytes.data()).specials(), special ? 0xffffU : 0U) << value;
    }
}

TEST(Block, StoresWhatItLoaded) {
    const Bytes bytes = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    Bytes copy{};
    Block::load(bytes.data()).store(copy.data());
    EXPECT_EQ(copy, bytes);
    copy = {};
    PlainBlock::load(bytes.data()).store(copy.data());
    EXPECT_EQ(copy, bytes);
}

}  // namespace
}  // namespace credvault::json
