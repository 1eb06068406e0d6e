#include "pomona/base/json.h"

namespace pomona {

bool NestsTooDeep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;  // whatever follows is not the end of the string
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxJsonDepth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

arrow::Result<Json> ParseJson(std::string_view text) try {
  if (NestsTooDeep(text)) {
    return arrow::Status::Invalid("nests more than ", kMaxJsonDepth, " levels deep");
  }
  return Json::parse(text);
} catch (const Json::exception& error) {
  // "[json.exception.parse_error.101] parse error at line 1, ..."
  const std::string_view why = error.what();
  return arrow::Status::Invalid("is no JSON: ", why.substr(why.find("] ") + 2));
}

std::string CompactJson(const Json& json, bool ascii) {
  return json.dump(-1, ' ', ascii, Json::error_handler_t::replace);
}

std::string JsonDocument(const Json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace pomona
