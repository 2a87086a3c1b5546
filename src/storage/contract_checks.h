// What the contract wrapper asks of arguments and answers. Each check returns what is wrong in a few words, or an empty
// text. Internal to contract_engine.cpp. Pure functions.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.h"
#include "storage/changes.h"
#include "storage/read.h"
#include "storage/schema.h"
#include "storage/write.h"

namespace credvault::storage {

std::string wrong_database_id(std::string_view database);
/// A collection's or index's name, where one is made: 1-64 of letters, digits, `_` and `-`, starting with a letter.
std::string wrong_name(std::string_view name);
/// Whether the text is one canonical JSON object.
std::string wrong_object(std::string_view text);
/// Whether the record has the platform's form: one canonical object with the four fields in their places.
std::string wrong_record(const json::View& record);
std::string wrong_position(std::string_view position, const query::Sort& sort);

std::string wrong_request(const FindRequest& request);
std::string wrong_batch(const WriteBatch& batch);
std::string wrong_answer(const WriteBatch& batch, const WriteOutcome& outcome);
std::string wrong_answer(const CollectionInfo& info);
std::string wrong_request(const ChangesRequest& request);
std::string wrong_answer(const ChangesRequest& request, const ChangesPage& page);

/// Whether a call that declares these codes may fail so. What every call may fail with need not be listed.
std::string undeclared(const Error& error, std::initializer_list<ErrorCode> declared);
/// Whether the error of a batch names its operation in front of its field.
std::string wrong_place(const Error& error, std::size_t operations);

}  // namespace credvault::storage
