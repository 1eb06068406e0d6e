#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace pomona {

/// One part of a form: RFC 7578.
struct FormPart {
  std::string name;       ///< of the field
  bool is_file = false;   ///< it has a file name
  std::string_view body;  ///< of the text that was parsed
};

/// The parts of a body of type "multipart/form-data; boundary=...", up to `most`. `content_type`:
/// with its parameters. Invalid: no boundary, more parts, a body that is no such form or breaks
/// off.
arrow::Result<std::vector<FormPart>> ParseForm(std::string_view content_type, std::string_view body,
                                               size_t most);

/// Whether a Content-Type is this one, whatever its parameters and the case of its letters.
bool IsMediaType(std::string_view content_type, std::string_view type);

}  // namespace pomona
