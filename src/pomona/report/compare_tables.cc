#include "pomona/report/compare_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "pomona/features/made_of.h"
#include "pomona/linalg/row_distance.h"
#include "pomona/report/common_folder.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr double kOtherFeatures = 1e-4;

std::unordered_map<std::string_view, int64_t> RowsByPath(const ReportRows& rows, size_t prefix) {
  std::unordered_map<std::string_view, int64_t> by_path;
  for (int64_t row = 0; row < rows.rows(); ++row) {
    const std::string_view path = rows.path(row);
    if (path.size() > prefix) by_path.emplace(path.substr(prefix), row);
  }
  return by_path;
}

std::string LabelOf(const ReportRows& rows, int64_t row) {
  const int32_t label = rows.label[static_cast<size_t>(row)];
  return label < 0 ? std::string() : rows.labels[static_cast<size_t>(label)];
}

/// By path. `features`: rows of both can be compared.
void ComparePaths(const ReportRows& rows, const ReportRows& other, bool features,
                  PageCompare* compare, Remarks* remarks) {
  size_t prefix = 0, other_prefix = 0;
  auto by_path = RowsByPath(rows, 0);
  const auto common = [&](const auto& paths) {
    return std::ranges::any_of(paths, [&](const auto& one) { return by_path.contains(one.first); });
  };
  if (!common(RowsByPath(other, 0))) {
    prefix = CommonFolder(rows).size();
    other_prefix = CommonFolder(other).size();
    by_path = RowsByPath(rows, prefix);
    if (!by_path.empty()) {
      remarks->push_back(
          {"compare",
           "no path is in both tables: they are compared by what is below the folder "
           "that all paths of each have in common"});
    }
  }
  const auto others = RowsByPath(other, other_prefix);
  for (int64_t row = 0; row < rows.rows(); ++row) {
    const std::string_view path = rows.path(row);
    const auto was = path.size() > prefix ? others.find(path.substr(prefix)) : others.end();
    if (was == others.end()) {
      compare->added.push_back(row);
      continue;
    }
    if (!features) continue;
    const double distance = RowDistance(RowMetric::kCosine, rows.matrix.row(row).data(),
                                        other.matrix.row(was->second).data(), rows.matrix.dim);
    if (distance < kOtherFeatures) continue;
    compare->changed.push_back(row);
    compare->changed_by.push_back(distance);
  }
  for (int64_t row = 0; row < other.rows(); ++row) {
    const std::string_view path = other.path(row);
    if (path.size() > other_prefix && by_path.contains(path.substr(other_prefix))) continue;
    compare->gone.emplace_back(path);
    compare->gone_labels.push_back(LabelOf(other, row));
  }
}

/// The mean of a label's rows, each of length 1: [labels][dim].
std::vector<std::vector<float>> LabelMeans(const ReportRows& rows) {
  std::vector<std::vector<double>> sums(rows.labels.size());
  const auto dim = static_cast<size_t>(rows.matrix.dim);
  for (int64_t row = 0; row < rows.rows(); ++row) {
    const int32_t label = rows.label[static_cast<size_t>(row)];
    if (label < 0) continue;
    auto& sum = sums[static_cast<size_t>(label)];
    sum.resize(dim);
    const auto values = rows.matrix.row(row);
    const double length = std::sqrt(RowDot(values.data(), values.data(), rows.matrix.dim));
    for (size_t d = 0; d < dim && length > 0; ++d) sum[d] += values[d] / length;
  }
  std::vector<std::vector<float>> means;
  for (const auto& sum : sums) means.emplace_back(sum.begin(), sum.end());
  return means;
}

void CompareLabels(const ReportRows& rows, const ReportRows& other, bool features,
                   PageCompare* compare) {
  std::vector<std::string> names = rows.labels;
  names.insert(names.end(), other.labels.begin(), other.labels.end());
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const auto counts = [](const ReportRows& of) {
    std::vector<int64_t> count(of.labels.size());
    for (const int32_t label : of.label) {
      if (label >= 0) ++count[static_cast<size_t>(label)];
    }
    return count;
  };
  const auto now = counts(rows), before = counts(other);
  std::vector<std::vector<float>> means, other_means;
  if (features) {
    means = LabelMeans(rows);
    other_means = LabelMeans(other);
  }
  const auto index = [](const ReportRows& of, const std::string& name) {
    const auto at = std::ranges::lower_bound(of.labels, name);
    return at != of.labels.end() && *at == name ? at - of.labels.begin() : ptrdiff_t{-1};
  };
  for (const std::string& name : names) {
    PageCompare::LabelCount count;
    count.label = name;
    const auto a = index(rows, name), b = index(other, name);
    if (a >= 0) count.now = now[static_cast<size_t>(a)];
    if (b >= 0) count.before = before[static_cast<size_t>(b)];
    if (features && count.now > 0 && count.before > 0) {
      count.distance = RowDistance(RowMetric::kCosine, means[static_cast<size_t>(a)].data(),
                                   other_means[static_cast<size_t>(b)].data(), rows.matrix.dim);
    }
    if (count.now + count.before > 0) compare->labels.push_back(std::move(count));
  }
}

}  // namespace

Result<PageCompare> CompareTables(const ReportOptions& options, const ReportRows& rows, int threads,
                                  Remarks* remarks) {
  ReportOptions of_other = options;
  of_other.features = options.compare;
  of_other.split.clear();
  Remarks told;
  ARROW_ASSIGN_OR_RAISE(const ReportRows other, ReadReportRows(of_other, threads, &told));
  PageCompare compare;
  compare.other = ShownUri(options.compare);
  compare.rows = other.rows();
  std::string differing = DifferingFeatures(rows.made_of, other.made_of);
  if (differing.empty() && rows.matrix.dim != other.matrix.dim) {
    differing = fmt::format("{} numbers a row and {}", rows.matrix.dim, other.matrix.dim);
  }
  const bool some = rows.rows() > 0 && other.rows() > 0;
  if (!differing.empty() && some) {
    remarks->push_back(
        {"compare", "features are of another kind, and are not compared: " + differing});
  }
  const bool features = differing.empty() && some;
  ComparePaths(rows, other, features, &compare, remarks);
  CompareLabels(rows, other, features, &compare);
  if (features) compare.drift = Drift(rows, other, threads);
  return compare;
}

}  // namespace pomona
