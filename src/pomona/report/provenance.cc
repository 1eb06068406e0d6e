#include "pomona/report/provenance.h"

#include <arrow/util/config.h>
#include <fmt/format.h>

#include "pomona/base/json.h"
#include "pomona/shown_text.h"
#include "pomona/version.h"

namespace pomona {

std::vector<std::pair<std::string, std::string>> ProvenanceOf(const PageData& page) {
  const ReportOptions& options = page.options;
  std::vector<std::pair<std::string, std::string>> all;
  const auto add = [&](const char* name, std::string value) {
    if (!value.empty()) all.emplace_back(name, std::move(value));
  };
  const auto place = [](const std::string& uri) { return uri.empty() ? uri : ShownUri(uri); };
  add("pomona", kVersion);
  add("table", place(options.features));
  add("table's files", "sha256:" + page.rows.fingerprint + " of their names, sizes and times");
  add("table's state", page.record.state);
  add("made by pomona", page.record.version);
  add("features", page.rows.made_of);
  add("column", options.column);
  add("options of the run", page.record.options);
  add("classifier", place(options.classifier));
  if (page.judgement) add("classifier's digest", page.judgement->digest);
  add("split", place(options.split));
  if (page.rows.split_file) add("split's digest", page.rows.split_file->digest);
  add("label map", place(options.labels));
  add("target", options.target);
  add("compared with", place(options.compare));
  if (page.duplicates) add("duplicates", fmt::format("within {:g}", page.duplicates->threshold));
  add("largest size", fmt::format("{} bytes", options.max_size));
  add("libraries", fmt::format("Arrow {}", ARROW_VERSION_STRING));
  return all;
}

}  // namespace pomona
