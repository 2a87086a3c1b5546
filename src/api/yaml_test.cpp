#include "api/yaml.h"

#include <gtest/gtest.h>

namespace credvault::api {
namespace {

TEST(Yaml, NestsByIndentation) {
    EXPECT_EQ(
        yaml_from_json(
            R"({"openapi":"3.1.0","paths":{"/v1/a":{"parameters":[{"nested":{"x":1}},2,[3,[4]],{}]}}})"),
        "openapi: \"3.1.0\"\n"
        "paths:\n"
        "  \"/v1/a\":\n"
        "    parameters:\n"
        "      - nested:\n"
        "          \"x\": 1\n"
        "      - 2\n"
        "      -\n"
        "        - 3\n"
        "        -\n"
        "          - 4\n"
        "      - {}\n");
}

TEST(Yaml, LeavesNoValueToGuess) {
    EXPECT_EQ(
        yaml_from_json(
            R"({"on":"no","null":null,"description":"a: b # c\n\"d\"","empty_list":[],"x-y":true,"f":1.0})"),
        "\"on\": \"no\"\n"
        "\"null\": null\n"
        "description: \"a: b # c\\n\\\"d\\\"\"\n"
        "\"empty_list\": []\n"
        "\"x-y\": true\n"
        "\"f\": 1.0\n");
    EXPECT_EQ(yaml_from_json("[1,2]"), "- 1\n- 2\n");
    EXPECT_EQ(yaml_from_json("{}"), "{}\n");
}

}  // namespace
}  // namespace credvault::api
