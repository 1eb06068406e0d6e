#pragma once

#include <arrow/result.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace pomona {

/// All JSON that Pomona reads and writes: keys keep their order.
using Json = nlohmann::ordered_json;

/// Arrays and objects inside each other that JSON from outside may have.
inline constexpr int kMaxJsonDepth = 64;

/// True where `text` opens more than kMaxJsonDepth arrays and objects inside each other. Copying,
/// printing and comparing such a value would recurse a level a call. Cost: one pass, no memory.
bool NestsTooDeep(std::string_view text);

/// Reads what others may have written. The message of Invalid goes on after the name of a file:
/// "is no JSON: parse error at ...", "nests more than 64 levels deep". This and printing are
/// compiled once, in json.cc: they are most of what JSON costs a compiler.
arrow::Result<Json> ParseJson(std::string_view text);

/// `json` in one line. Bytes that are no UTF-8, which JSON cannot hold, are replaced; with `ascii`
/// all other characters but ASCII are escaped, for a terminal.
std::string CompactJson(const Json& json, bool ascii = false);

/// `json` as a file or a report holds it: indented by two, with a newline at its end.
std::string JsonDocument(const Json& json);

}  // namespace pomona
