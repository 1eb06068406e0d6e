#include "pomona/classify/split_table.h"

#include <arrow/compute/cast.h>
#include <arrow/record_batch.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

#include "pomona/base/thread_team.h"
#include "pomona/classify/text_pattern.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_matrix.h"
#include "pomona/features/feature_table.h"
#include "pomona/linalg/near_groups.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int64_t kRowsPerTask = 4096;

/// The name of a group, by a path.
class GroupRule {
 public:
  static Result<GroupRule> Make(const std::string& rule) {
    const bool fruits = rule == kFruits360Groups;
    ARROW_ASSIGN_OR_RAISE(
        auto pattern,
        TextPattern::Make("group", fruits ? R"(([^/]+)/(?:(r\d*)_)?\d+_\d+\.[^./]+$)" : rule));
    return GroupRule(std::move(pattern), fruits);
  }

  Result<std::optional<std::string>> Find(std::string_view path) const {
    ARROW_ASSIGN_OR_RAISE(auto found, pattern_.Find(path));
    // The movie without a letter has to have a name, or no expression could tell it.
    if (fruits_ && found && found->ends_with('/')) *found += "plain";
    if (found && found->empty()) found.reset();
    return found;
  }

 private:
  GroupRule(TextPattern pattern, bool fruits) : pattern_(std::move(pattern)), fruits_(fruits) {}

  TextPattern pattern_;
  bool fruits_;
};

Status CheckTextColumn(const FeatureTable& table, const SplitOptions& options,
                       const std::string& name, const char* hint) {
  const auto field = table.schema()->GetFieldByName(name);
  const auto is_text = [](const arrow::DataType& type) {
    return type.id() == arrow::Type::STRING || type.id() == arrow::Type::LARGE_STRING ||
           type.id() == arrow::Type::STRING_VIEW || type.id() == arrow::Type::BINARY ||
           type.id() == arrow::Type::LARGE_BINARY || type.id() == arrow::Type::DICTIONARY;
  };
  if (field != nullptr && is_text(*field->type())) return Status::OK();
  return Status::Invalid(ShownUri(options.features), " has no column `", ShownText(name),
                         "` of text", hint);
}

/// Reads the columns, and knows what is wrong with them.
class SplitReader {
 public:
  explicit SplitReader(const SplitOptions& options) : options_(options) {}

  Status Read(FeatureTable& table) {
    std::vector<std::string> columns = {"path", "label"};
    const std::string& group = options_.group_column;
    if (!group.empty() && group != "path" && group != "label") columns.push_back(group);
    ARROW_ASSIGN_OR_RAISE(const auto batches, table.Read(columns));
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
      if (!next) break;
      ARROW_RETURN_NOT_OK(options_.stop.Poll());
      ARROW_RETURN_NOT_OK(Append(*next->batch));
    }
    if (made_.rows() == 0) {
      return DamagedData(ShownUri(options_.features), " is empty: it has no rows");
    }
    for (const Missing* missing : {&no_path_, &no_label_, &no_group_}) {
      ARROW_RETURN_NOT_OK(missing->Check());
    }
    return CheckPaths();
  }

  SplitTable Finish() { return std::move(made_); }

 private:
  /// Values that are null or empty.
  struct Missing {
    std::string name;
    int64_t rows = 0;
    std::string first;  ///< where the first is

    Status Check() const {
      if (rows == 0) return Status::OK();
      return DamagedData(rows, rows == 1 ? " row has" : " rows have", " no ", name,
                         " (null or empty); the first is ", first);
    }
  };

  Status Append(const arrow::RecordBatch& batch) {
    ARROW_ASSIGN_OR_RAISE(auto path, Text(batch, "path"));
    ARROW_ASSIGN_OR_RAISE(const auto label, Text(batch, "label"));
    std::shared_ptr<arrow::StringArray> group;
    if (!options_.group_column.empty()) {
      ARROW_ASSIGN_OR_RAISE(group, Text(batch, options_.group_column));
    }
    for (int64_t i = 0; i < batch.num_rows(); ++i) {
      const std::string_view name = Value(*path, i, no_path_, {});
      made_.path.push_back(name);
      made_.label.push_back(made_.labels.Add(Value(*label, i, no_label_, name)));
      if (group) made_.group.push_back(made_.groups.Add(Value(*group, i, no_group_, name)));
    }
    made_.path_chunks.push_back(std::move(path));
    return Status::OK();
  }

  static Result<std::shared_ptr<arrow::StringArray>> Text(const arrow::RecordBatch& batch,
                                                          const std::string& name) {
    ARROW_ASSIGN_OR_RAISE(const auto text,
                          arrow::compute::Cast(*batch.GetColumnByName(name), arrow::utf8()));
    return std::static_pointer_cast<arrow::StringArray>(text);
  }

  std::string_view Value(const arrow::StringArray& column, int64_t i, Missing& missing,
                         std::string_view path) const {
    const std::string_view value = column.IsNull(i) ? std::string_view() : column.GetView(i);
    if (!value.empty()) return value;
    if (missing.rows++ == 0) {
      missing.first = path.empty() ? "row " + std::to_string(made_.path.size()) : ShownUri(path);
    }
    return value;
  }

  /// A row is known by its path: two of one would be one row of the split.
  Status CheckPaths() const {
    if (made_.rows() > std::numeric_limits<int32_t>::max()) {
      return Status::Invalid("the table has more than 2,147,483,647 rows");
    }
    std::vector<std::string_view> sorted = made_.path;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice == sorted.end()) return Status::OK();
    int64_t more = 0;
    for (size_t i = 1; i < sorted.size(); ++i) more += sorted[i] == sorted[i - 1] ? 1 : 0;
    return DamagedData(more, more == 1 ? " row has" : " rows have",
                       " the path of another row, such as ", ShownUri(*twice),
                       "\nhint: a split knows rows by their path");
  }

  const SplitOptions& options_;
  SplitTable made_;
  Missing no_path_{.name = "path", .first = {}}, no_label_{.name = "label", .first = {}};
  Missing no_group_{.name = "group", .first = {}};
};

/// Finds the groups by `rule`, many rows at once, and numbers them in the order of rows.
Status FindGroups(const SplitOptions& options, const GroupRule& rule, int threads,
                  SplitTable& table) {
  const int64_t tasks = (table.rows() + kRowsPerTask - 1) / kRowsPerTask;
  std::vector<std::optional<std::string>> names(static_cast<size_t>(table.rows()));
  std::vector<Status> failed(static_cast<size_t>(tasks));
  ThreadTeam team(threads);
  team.Run(tasks, [&](int64_t task) {
    const int64_t end = std::min(table.rows(), (task + 1) * kRowsPerTask);
    Status& status = failed[static_cast<size_t>(task)];
    status = options.stop.Poll();
    for (int64_t i = task * kRowsPerTask; i < end && status.ok(); ++i) {
      const auto row = static_cast<size_t>(i);
      status = rule.Find(table.path[row]).Value(&names[row]);
    }
  });
  for (const Status& status : failed) ARROW_RETURN_NOT_OK(status);
  const auto none = std::count(names.begin(), names.end(), std::nullopt);
  if (none > 0) {
    const auto first = std::find(names.begin(), names.end(), std::nullopt) - names.begin();
    return Status::Invalid("option `group`: ", none, " of ", names.size(),
                           " paths do not match it, such as ",
                           ShownUri(table.path[static_cast<size_t>(first)]));
  }
  table.group.reserve(names.size());
  for (auto& name : names) table.group.push_back(table.groups.Add(*std::exchange(name, "")));
  return Status::OK();
}

/// Rows that are near each other, by single linkage: of two that are near none may be on another
/// side than the other. Rows without features are groups of their own.
Status FindNearDuplicates(const SplitOptions& options, int threads, SplitTable& table) {
  const FeatureMatrix& matrix = *table.features;
  const Rows rows = {.values = matrix.row(0).data(), .count = matrix.rows, .dim = matrix.dim};
  ARROW_ASSIGN_OR_RAISE(const auto first,
                        FindNearGroups(rows, options.within, threads, options.stop));
  std::vector<int64_t> named(static_cast<size_t>(table.rows()));
  for (size_t i = 0; i < named.size(); ++i) named[i] = static_cast<int64_t>(i);
  for (int64_t i = 0; i < matrix.rows; ++i) {
    named[static_cast<size_t>(matrix.table_row(i))] =
        matrix.table_row(first[static_cast<size_t>(i)]);
  }
  table.group.reserve(named.size());
  for (const int64_t row : named) {
    table.group.push_back(table.groups.Add(table.path[static_cast<size_t>(row)]));
  }
  return Status::OK();
}

}  // namespace

Result<SplitTable> ReadSplitTable(const SplitOptions& options, int threads) {
  ARROW_ASSIGN_OR_RAISE(const auto opened, FeatureTable::Open({.uri = options.features,
                                                               .column = options.column,
                                                               .threads = threads,
                                                               .storage = options.storage}));
  ARROW_RETURN_NOT_OK(CheckTextColumn(*opened, options, "path", ""));
  ARROW_RETURN_NOT_OK(CheckTextColumn(*opened, options, "label",
                                      "\nhint: option `label` of `pomona extract` "
                                      "says what it is"));
  if (!options.group_column.empty()) {
    ARROW_RETURN_NOT_OK(
        CheckTextColumn(*opened, options, options.group_column,
                        "\nhint: option `group_column` names one of the table's own"));
  }
  SplitReader reader(options);
  ARROW_RETURN_NOT_OK(reader.Read(*opened));
  SplitTable table = reader.Finish();
  if (table.labels.size() == 1) {
    return DamagedData("all rows of ", ShownUri(options.features), " have one label, ",
                       ShownText(table.labels.name(0)), ": there is nothing to tell apart");
  }
  table.grouped = !options.group.empty() || !options.group_column.empty();
  const bool by_features = options.group == kNearGroups;
  if (by_features || options.twins || table.rows() <= SplitOptions::kTwinRows) {
    ARROW_ASSIGN_OR_RAISE(table.features,
                          ReadFeatureMatrix(*opened, options.features, options.column, options.stop,
                                            FeaturePart::kLastLayer));
  }
  if (by_features) {
    ARROW_RETURN_NOT_OK(FindNearDuplicates(options, threads, table));
  } else if (!options.group.empty()) {
    ARROW_ASSIGN_OR_RAISE(const auto rule, GroupRule::Make(options.group));
    ARROW_RETURN_NOT_OK(FindGroups(options, rule, threads, table));
  }
  if (!table.grouped) {
    table.group.resize(static_cast<size_t>(table.rows()));
    for (size_t i = 0; i < table.group.size(); ++i) table.group[i] = static_cast<int32_t>(i);
  }
  table.group_count = table.grouped ? table.groups.size() : static_cast<int32_t>(table.rows());
  if (table.group_count == 1) {
    return Status::Invalid(
        "option `group`: all rows are of one group, ", ShownText(table.groups.name(0)),
        by_features ? "\nhint: option `within` says how near rows of a group are; a smaller one "
                      "tells more groups apart"
                    : "\nhint: choose an expression that tells fruits, visits or movies apart");
  }
  return table;
}

}  // namespace pomona
