#pragma once

#include <string>
#include <string_view>

namespace pomona {

/// The page, one HTML file: page/page.html with its marks filled in. `json` is data that nothing
/// of can be taken for HTML, whatever it holds: `<` is written as an escape. The content security
/// policy has the hashes of the page's own style and script, and lets nothing else in but pictures:
/// of the page itself, and local files where `files` says so.
std::string PageHtml(std::string_view title, std::string json, bool files);

/// What is compiled in of src/pomona/report/page.
std::string_view PageTemplate();
std::string_view PageStyle();
std::string_view PageScript();

}  // namespace pomona
