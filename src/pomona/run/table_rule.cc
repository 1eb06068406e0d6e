#include "pomona/run/table_rule.h"

#include <string>
#include <vector>

#include "pomona/base/json.h"

namespace pomona {
namespace {

constexpr char kHidden[] = "hidden";
/// Names with a dot before them, and those of programs that write tables.
constexpr char kDotAndTables[] = "dot-and-tables";

}  // namespace

ListingRule TableRule(const RunOptions& options, const RunRecord* of_table) {
  ListingRule rule = RuleOf(options.list);
  if (of_table == nullptr) return rule;
  const Json recorded = ParseJson(of_table->options).ValueOrDie();
  rule.hides_underscore = !recorded.contains(kHidden);
  const bool asks_for_none = rule.globs == ListOptions{}.globs;
  try {
    if (asks_for_none) rule.globs = recorded.at("glob").get<std::vector<std::string>>();
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

bool TakeFastOf(const std::string& of_table, ExtractOptions* options) {
  const Json record = ParseJson(of_table).ValueOr(Json::object());
  if (record.value("preset", Json()) != PresetName(Preset::kFast)) return false;
  const auto precision = ParsePrecision(record.value("precision", ""));
  if (!options->precision && precision.ok()) options->precision = *precision;
  const auto width = record.value("width", Json());
  if (options->input_size == 0 && width.is_number_integer()) {
    options->input_size = width.get<int>();
  }
  return true;
}

std::string WithoutNewerOptions(const std::string& record_text, const std::string& of_table_text) {
  Json record = ParseJson(record_text).ValueOrDie();
  const Json of_table = ParseJson(of_table_text).ValueOrDie();
  const auto drop = [&](const char* key, const auto& is_no_difference) {
    const auto found = record.find(key);
    if (of_table.contains(key) || found == record.end()) return;
    if (is_no_difference(*found)) record.erase(found);
  };
  const auto always = [](const Json&) { return true; };
  const auto is_null = [](const Json& value) { return value.is_null(); };
  drop("layout", always);
  drop("max_bytes", always);
  for (const char* key : {"features_layout", "feature_slices", "preset", "views"}) {
    drop(key, is_null);
  }
  // Of one tensor, which was averaged if it was a map.
  drop("pool", [](const Json& pool) { return pool != "mean+std"; });
  drop("views_average", [](const Json& average) { return average == false; });
  return CompactJson(record);
}

}  // namespace pomona
