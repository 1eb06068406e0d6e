#include "pomona/serve/multipart.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr size_t kMostBoundary = 70;  // RFC 2046, 5.1.1
constexpr std::string_view kLineEnd = "\r\n";

bool SameText(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes "value" or a quoted string off the front of `rest`.
std::string TakeValue(std::string_view* rest) {
  std::string value;
  if (!rest->starts_with('"')) {
    const std::string_view plain = rest->substr(0, rest->find(';'));
    rest->remove_prefix(plain.size());
    return std::string(Trimmed(plain));
  }
  size_t i = 1;
  for (; i < rest->size() && (*rest)[i] != '"'; ++i) {
    if ((*rest)[i] == '\\' && i + 1 < rest->size()) ++i;
    value += (*rest)[i];
  }
  rest->remove_prefix(std::min(i + 1, rest->size()));
  return value;
}

/// Of `header`, "type; name=value; other=\"value\"".
std::optional<std::string> Parameter(std::string_view header, std::string_view name) {
  std::string_view rest = header;
  while (true) {
    const size_t semicolon = rest.find(';');
    if (semicolon == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(semicolon + 1);
    const size_t equals = rest.find_first_of("=;");
    if (equals == std::string_view::npos) return std::nullopt;
    if (rest[equals] == ';') continue;
    const std::string_view key = Trimmed(rest.substr(0, equals));
    rest.remove_prefix(equals + 1);
    std::string value = TakeValue(&rest);
    if (SameText(key, name)) return value;
  }
}

/// Takes the lines before the empty one off the front of `rest`.
Result<FormPart> TakeHead(std::string_view* rest) {
  FormPart part;
  bool named = false;
  while (true) {
    const size_t end = rest->find(kLineEnd);
    if (end == std::string_view::npos)
      return Status::Invalid("the form breaks off in a part's head");
    const std::string_view line = rest->substr(0, end);
    rest->remove_prefix(end + kLineEnd.size());
    if (line.empty()) break;
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos ||
        !SameText(line.substr(0, colon), "content-disposition")) {
      continue;
    }
    if (auto name = Parameter(line, "name")) {
      part.name = *std::move(name);
      named = true;
    }
    part.is_file =
        Parameter(line, "filename").has_value() || Parameter(line, "filename*").has_value();
  }
  if (!named) return Status::Invalid("a part of the form has no name");
  return part;
}

}  // namespace

bool IsMediaType(std::string_view content_type, std::string_view type) {
  return SameText(Trimmed(content_type.substr(0, content_type.find(';'))), type);
}

Result<std::vector<FormPart>> ParseForm(std::string_view content_type, std::string_view body,
                                        size_t most) {
  const auto boundary = Parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kMostBoundary) {
    return Status::Invalid("the Content-Type of a form names a boundary of 1 to ", kMostBoundary,
                           " characters");
  }
  const std::string mark = "--" + *boundary;
  const std::string between = std::string(kLineEnd) + mark;
  // What stands before the first mark is for nobody.
  std::string_view rest = body;
  if (!rest.starts_with(mark)) {
    const size_t first = rest.find(between);
    if (first == std::string_view::npos)
      return Status::Invalid("the form does not have its boundary");
    rest.remove_prefix(first + kLineEnd.size());
  }
  std::vector<FormPart> parts;
  while (true) {
    rest.remove_prefix(mark.size());
    if (rest.starts_with("--")) return parts;
    const size_t end = rest.find(kLineEnd);
    if (end == std::string_view::npos)
      return Status::Invalid("the form breaks off after a boundary");
    if (!Trimmed(rest.substr(0, end)).empty()) {
      return Status::Invalid("a boundary of the form has text behind it");
    }
    rest.remove_prefix(end + kLineEnd.size());
    if (parts.size() == most) return Status::Invalid("the form has more than ", most, " parts");
    ARROW_ASSIGN_OR_RAISE(FormPart part, TakeHead(&rest));
    // An empty part: its head's last line end is that before the mark.
    const size_t next = rest.starts_with(mark) ? 0 : rest.find(between);
    if (next == std::string_view::npos) return Status::Invalid("the form breaks off in a part");
    part.body = rest.substr(0, next);
    parts.push_back(std::move(part));
    rest.remove_prefix(next + (rest.starts_with(mark) ? 0 : kLineEnd.size()));
  }
}

}  // namespace pomona
