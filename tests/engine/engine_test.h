// The fixture of the contract suite: each test runs over every kind of engine, with a database and a collection of its
// own. ENGINE_TESTS(Class) makes the class and its instances.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/engine_stack.h"
#include "engine/store.h"

namespace credvault::storage::suite {

using Ids = std::vector<std::string>;

class EngineTest : public testing::TestWithParam<EngineKind> {
protected:
    void SetUp() override { store.make(); }

    Engine& engine() { return stack.top(); }

    EngineStack stack{GetParam()};
    Store store{stack.top(), "db_1", "things"};
};

}  // namespace credvault::storage::suite

#define ENGINE_TESTS(suite_name)                                                  \
    class suite_name : public EngineTest {};                                      \
    INSTANTIATE_TEST_SUITE_P(Engines, suite_name, testing::ValuesIn(all_kinds()), \
                             [](const auto& kind) { return kind.param.name; })
