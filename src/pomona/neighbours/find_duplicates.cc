#include <cstring>
#include <new>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pomona/base/available_cores.h"
#include "pomona/duplicates.h"
#include "pomona/linalg/near_pairs.h"
#include "pomona/neighbours/complete_linkage.h"
#include "pomona/neighbours/feature_view_check.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int64_t kMostPairs = int64_t{1} << 25;

/// Rows that are equal bit for bit, as one.
struct DistinctRows {
  std::vector<int64_t> first;   ///< the first row of each, ascending
  std::vector<int32_t> of_row;  ///< which each row is
  std::vector<int64_t> times;   ///< how often each is there
};

DistinctRows FindDistinct(const FeatureView& rows) {
  DistinctRows distinct;
  distinct.of_row.reserve(static_cast<size_t>(rows.rows()));
  std::unordered_map<std::string_view, int32_t> known;
  const size_t bytes = static_cast<size_t>(rows.dim) * sizeof(float);
  for (int64_t i = 0; i < rows.rows(); ++i) {
    const float* row = rows.values.data() + i * rows.dim;
    const std::string_view text(reinterpret_cast<const char*>(row), bytes);
    const auto [at, added] = known.emplace(text, static_cast<int32_t>(distinct.first.size()));
    if (added) {
      distinct.first.push_back(i);
      distinct.times.push_back(0);
    }
    distinct.of_row.push_back(at->second);
    ++distinct.times[static_cast<size_t>(at->second)];
  }
  return distinct;
}

/// Those of the distinct rows, in place where all are.
Result<std::vector<NearPair>> PairsOf(const FeatureView& rows, const DistinctRows& distinct,
                                      const DuplicateOptions& options) {
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  Rows compared = RowsOf(rows);
  std::vector<float> copy;
  if (static_cast<int64_t>(distinct.first.size()) < rows.rows()) {
    copy.reserve(distinct.first.size() * static_cast<size_t>(rows.dim));
    for (const int64_t i : distinct.first) {
      copy.insert(copy.end(), compared.row(i), compared.row(i) + rows.dim);
    }
    compared = {.values = copy.data(),
                .count = static_cast<int64_t>(distinct.first.size()),
                .dim = rows.dim};
  }
  auto pairs = FindNearPairs(compared, options.threshold, kMostPairs, threads, options.stop);
  if (pairs.ok() || !pairs.status().IsInvalid()) return pairs;
  return pairs.status().WithMessage(pairs.status().message(),
                                    "\nhint: a smaller option `threshold` finds fewer");
}

Result<DuplicateSets> Find(const FeatureView& rows, const DuplicateOptions& options) {
  const DistinctRows distinct = FindDistinct(rows);
  ARROW_ASSIGN_OR_RAISE(const auto pairs, PairsOf(rows, distinct, options));
  const auto lowest = CompleteLinkage(static_cast<int64_t>(distinct.first.size()), pairs);
  DuplicateSets found;
  found.pairs = static_cast<int64_t>(pairs.size());
  std::vector<int64_t> size(lowest.size());
  for (size_t i = 0; i < lowest.size(); ++i) {
    size[static_cast<size_t>(lowest[i])] += distinct.times[i];
    found.exact_rows += distinct.times[i] - 1;
    found.exact_sets += distinct.times[i] > 1 ? 1 : 0;
  }
  std::vector<int64_t> number(lowest.size(), -1);
  found.set.reserve(distinct.of_row.size());
  for (const int32_t row : distinct.of_row) {
    const auto set = static_cast<size_t>(lowest[static_cast<size_t>(row)]);
    if (size[set] > 1 && number[set] < 0) number[set] = found.sets++;
    found.set.push_back(number[set]);
  }
  return found;
}

}  // namespace

Status DuplicateOptions::Validate() const {
  if (!(threshold >= 0 && threshold < 1)) {
    return Status::Invalid("option `threshold` must be 0 to below 1, not ", threshold);
  }
  return CheckThreads(threads);
}

Result<DuplicateSets> FindDuplicates(const FeatureView& rows, const DuplicateOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckFeatureView(rows, "rows"));
  try {
    return Find(rows, options);
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the duplicates");
  }
}

}  // namespace pomona
