#pragma once

#include <map>
#include <string>
#include <string_view>

namespace pomona {

/// `text` as HTML shows it, in an element or in an attribute's quotes.
std::string EscapedHtml(std::string_view text);

/// `page` with each `{{mark}}` as `marks` has it, in one pass: what takes the place of a mark has
/// none. Marks that are not there stay.
std::string FillMarks(std::string_view page,
                      const std::map<std::string_view, std::string_view>& marks);

}  // namespace pomona
