#include "pomona/run/table_rule.h"

#include <string>
#include <string_view>
#include <vector>

#include "pomona/table/layout.h"
#include "pomona/table/manifest.h"

namespace pomona {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kHidden[] = "hidden";
/// Names with a dot before them, and those of programs that write tables.
constexpr char kDotAndTables[] = "dot-and-tables";

}  // namespace

arrow::Result<ListingRule> TableRule(const RunOptions& options, const OutputStore& store) {
  ListingRule rule = RuleOf(options.list);
  if (options.overwrite) return rule;
  const auto text = store.Get(kRunFile);
  if (text.status().IsKeyError()) return rule;
  ARROW_RETURN_NOT_OK(text.status());
  const auto record = ParseRunRecord(*text);
  if (!record.ok()) return rule;
  rule.hides_underscore = !record->options.contains(kHidden);
  const bool asks_for_none = rule.globs == ListOptions{}.globs;
  try {
    if (asks_for_none) rule.globs = record->options.at("glob").get<std::vector<std::string>>();
  } catch (const Json::exception&) {
    // Another kind of table has no patterns.
  }
  return rule;
}

Json RuleRecord(const ListingRule& rule) {
  Json record = {{"glob", rule.globs}};
  if (!rule.hides_underscore) record[kHidden] = kDotAndTables;
  return record;
}

Json WithoutNewerOptions(Json record, const Json& of_table) {
  for (const char* key : {"features_layout", "layout", "max_bytes"}) {
    const bool is_map = std::string_view(key) == "features_layout" && !record.at(key).is_null();
    if (!of_table.contains(key) && !is_map) record.erase(key);
  }
  return record;
}

}  // namespace pomona
