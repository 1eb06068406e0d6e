#include "pomona/report/page_file.h"

#include <arrow/util/base64.h>

#include <map>
#include <utility>

#include "pomona/base/page_template.h"
#include "pomona/base/sha256.h"

namespace pomona {
namespace {

/// In JSON `<` stands in texts alone, where it may be written so; so may the two line breaks that
/// are none in JSON and were some in scripts.
std::string EscapedJson(const std::string& json) {
  std::string escaped;
  escaped.reserve(json.size() + json.size() / 64);
  for (size_t i = 0; i < json.size(); ++i) {
    const std::string_view rest = std::string_view(json).substr(i, 3);
    if (json[i] == '<') {
      escaped += "\\u003c";
    } else if (rest == "\xe2\x80\xa8" || rest == "\xe2\x80\xa9") {
      escaped += rest[2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      escaped += json[i];
    }
  }
  return escaped;
}

std::string HashSource(std::string_view text) {
  const Sha256Digest digest = Sha256Of(text);
  return "'sha256-" +
         arrow::util::base64_encode(
             std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size())) +
         "'";
}

std::string Policy(bool files) {
  return std::string("default-src 'none'; img-src data: blob:") + (files ? " file:" : "") +
         "; style-src " + HashSource(PageStyle()) + "; script-src " + HashSource(PageScript()) +
         "; base-uri 'none'; form-action 'none'";
}

}  // namespace

std::string PageHtml(std::string_view title, std::string json, bool files) {
  json = EscapedJson(json);
  const std::string name = EscapedHtml(title), policy = Policy(files);
  const std::map<std::string_view, std::string_view> marks = {{"title", name},
                                                              {"policy", policy},
                                                              {"style", PageStyle()},
                                                              {"script", PageScript()},
                                                              {"data", json}};
  return FillMarks(PageTemplate(), marks);
}

}  // namespace pomona
