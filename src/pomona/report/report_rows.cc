#include "pomona/report/report_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "pomona/classify/row_labels.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_table.h"
#include "pomona/neighbours/row_splits.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// The names in byte order, and of each row which of them it has; -1 where it has none.
template <class NameOf>
void NumberNames(int64_t rows, NameOf&& name_of, std::vector<std::string>* names,
                 std::vector<int32_t>* numbers) {
  std::unordered_map<std::string_view, int32_t> known;
  for (int64_t i = 0; i < rows; ++i) {
    if (const std::string_view name = name_of(i); !name.empty()) known.emplace(name, 0);
  }
  for (const auto& [name, number] : known) names->emplace_back(name);
  std::ranges::sort(*names);
  int32_t next = 0;
  for (const std::string& name : *names) known.at(name) = next++;
  for (int64_t i = 0; i < rows; ++i) {
    const std::string_view name = name_of(i);
    numbers->push_back(name.empty() ? -1 : known.at(name));
  }
}

Status TakeColumn(ReportRows* rows, Remarks* remarks) {
  const auto* labels = rows->matrix.label.get();
  if (labels == nullptr) remarks->push_back({"classes", "the table has no column of labels"});
  const auto name_of = [&](int64_t i) -> std::string_view {
    if (labels == nullptr || labels->IsNull(i)) return {};
    return labels->GetView(i);
  };
  NumberNames(rows->rows(), name_of, &rows->labels, &rows->label);
  return Status::OK();
}

/// Labels as a map has them.
Status TakeMapped(FeatureTable& table, const ReportOptions& options, ReportRows* rows,
                  Remarks* remarks) {
  ARROW_ASSIGN_OR_RAISE(
      const RowLabels mapped,
      ReadRowLabels(table, {.map = options.labels, .target = options.target, .paths = false},
                    options.storage, options.stop));
  for (const std::string& one : mapped.remarks) remarks->push_back({"classes", one});
  const auto name_of = [&](int64_t i) -> std::string_view {
    const int32_t label = mapped.label[static_cast<size_t>(rows->matrix.table_row(i))];
    return label < 0 ? std::string_view() : mapped.names[static_cast<size_t>(label)];
  };
  NumberNames(rows->rows(), name_of, &rows->labels, &rows->label);
  return Status::OK();
}

/// The names in the order in which a split is used, not of their bytes.
void OrderSplits(ReportRows* rows) {
  const std::vector<std::string> order = {"training",    "train", "validation",
                                          "calibration", "test",  "held-out"};
  const auto place = [&](const std::string& name) { return std::ranges::find(order, name); };
  std::vector<std::string> sorted = rows->splits;
  std::ranges::stable_sort(sorted, {}, place);
  for (int32_t& one : rows->split) {
    if (one < 0) continue;
    const auto at = std::ranges::find(sorted, rows->splits[static_cast<size_t>(one)]);
    one = static_cast<int32_t>(at - sorted.begin());
  }
  rows->splits = std::move(sorted);
}

Status TakeSplits(const ReportOptions& options, ReportRows* rows, Remarks* remarks) {
  const auto& path = rows->matrix.path;
  if (!options.split.empty()) {
    if (path == nullptr) {
      return Status::Invalid("option `split`: ", ShownUri(options.features),
                             " has no column of paths");
    }
    ARROW_ASSIGN_OR_RAISE(rows->split_file, ReadSplit(options.split, *path, options.storage));
    const auto name_of = [&](int64_t i) {
      return SplitPartName(rows->split_file->part[static_cast<size_t>(i)]);
    };
    NumberNames(rows->rows(), name_of, &rows->splits, &rows->split);
    OrderSplits(rows);
    return Status::OK();
  }
  std::vector<std::string> names;
  for (int64_t i = 0; i < rows->rows(); ++i) names.push_back(SplitOfPath(rows->path(i)));
  const auto name_of = [&](int64_t i) -> std::string_view { return names[static_cast<size_t>(i)]; };
  NumberNames(rows->rows(), name_of, &rows->splits, &rows->split);
  OrderSplits(rows);
  if (rows->splits.empty()) {
    remarks->push_back({"classes",
                        "no path tells a split: no folder is called Training, Validation or Test, "
                        "and there is no option `split`"});
  }
  return Status::OK();
}

}  // namespace

FeatureView ReportRows::view() const {
  return {.values = {reinterpret_cast<const float*>(matrix.values->data()),
                     static_cast<size_t>(matrix.rows * matrix.dim)},
          .dim = matrix.dim};
}

std::vector<int32_t> ReportRows::TakeLabels(const std::vector<std::string>& names) {
  std::vector<std::string> all = labels;
  all.insert(all.end(), names.begin(), names.end());
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  const auto number = [&](const std::string& name) {
    return static_cast<int32_t>(std::ranges::lower_bound(all, name) - all.begin());
  };
  std::vector<int32_t> moved, taken;
  for (const std::string& name : labels) moved.push_back(number(name));
  for (const std::string& name : names) taken.push_back(number(name));
  for (int32_t& one : label) {
    if (one >= 0) one = moved[static_cast<size_t>(one)];
  }
  labels = std::move(all);
  return taken;
}

Result<ReportRows> ReadReportRows(const ReportOptions& options, int threads, Remarks* remarks) {
  ARROW_ASSIGN_OR_RAISE(const auto table, FeatureTable::Open({.uri = options.features,
                                                              .column = options.column,
                                                              .threads = threads,
                                                              .storage = options.storage}));
  ReportRows rows;
  rows.fingerprint = table->fingerprint();
  rows.made_of = table->made_of();
  ARROW_ASSIGN_OR_RAISE(rows.matrix,
                        ReadFeatureMatrix(*table, options.features, options.column, options.stop,
                                          FeaturePart::kLastLayer, UnusableRows::kLeaveOut));
  const FeatureMatrix& matrix = rows.matrix;
  if (matrix.path == nullptr) {
    remarks->push_back({"samples", "the table has no column of paths: no picture can be shown"});
  }
  const int64_t absent = matrix.skipped - matrix.unusable;
  if (absent > 0) {
    remarks->push_back(
        {"summary", fmt::format("{} rows have no features and are left out", absent)});
  }
  if (matrix.unusable > 0) {
    remarks->push_back({"summary", fmt::format("{} rows are left out, as their features are none: "
                                               "another length, or a value that is not finite",
                                               matrix.unusable)});
  }
  if (options.labels.empty()) {
    ARROW_RETURN_NOT_OK(TakeColumn(&rows, remarks));
  } else {
    ARROW_RETURN_NOT_OK(TakeMapped(*table, options, &rows, remarks));
  }
  ARROW_RETURN_NOT_OK(TakeSplits(options, &rows, remarks));
  return rows;
}

Status ReadFeaturesAgain(const ReportOptions& options, int threads, ReportRows* rows) {
  ARROW_ASSIGN_OR_RAISE(const auto table, FeatureTable::Open({.uri = options.features,
                                                              .column = options.column,
                                                              .threads = threads,
                                                              .storage = options.storage}));
  ARROW_ASSIGN_OR_RAISE(auto matrix,
                        ReadFeatureMatrix(*table, options.features, options.column, options.stop,
                                          FeaturePart::kLastLayer, UnusableRows::kLeaveOut));
  if (table->fingerprint() != rows->fingerprint || matrix.rows != rows->rows()) {
    return DamagedData(ShownUri(options.features), " changed while it was read");
  }
  rows->matrix.values = std::move(matrix.values);
  return Status::OK();
}

Result<bool> Shows(const Status& status, const char* section, Remarks* remarks) {
  if (status.ok()) return true;
  const ErrorKind kind = KindOf(status);
  if (kind != ErrorKind::kRequest && kind != ErrorKind::kData) return status;
  // A hint is for whoever gave an option; this is about the table.
  const std::string message = status.message();
  remarks->push_back({section, "not shown: " + message.substr(0, message.find("\nhint: "))});
  return false;
}

}  // namespace pomona
