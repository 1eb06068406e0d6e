#pragma once

#include <arrow/array/array_binary.h>
#include <arrow/result.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/classify/name_index.h"
#include "pomona/features/feature_matrix.h"
#include "pomona/split.h"

namespace pomona {

/// What option `group` may be beside an expression.
inline constexpr std::string_view kFruits360Groups = "fruits-360";
inline constexpr std::string_view kNearGroups = "duplicates";

/// What a split is made from: of each row of a table, in its order, path, label and group. Paths
/// are distinct, labels and groups are not empty. To be moved, not copied: views lie in it.
struct SplitTable {
  int64_t rows() const { return static_cast<int64_t>(path.size()); }
  std::string_view group_name(int64_t row) const {
    const auto i = static_cast<size_t>(row);
    return grouped ? std::string_view(groups.name(group[i])) : path[i];
  }

  std::vector<std::shared_ptr<arrow::StringArray>> path_chunks;  ///< what `path` views
  std::vector<std::string_view> path;                            ///< [rows]
  std::vector<int32_t> label, group;                             ///< [rows]
  NameIndex labels;
  bool grouped = false;  ///< else each row is a group, of its number, and its path is its name
  NameIndex groups;
  int32_t group_count = 0;
  std::optional<FeatureMatrix> features;  ///< where near rows are looked for
};

/// Rows that are told apart. Views: for the time of a call.
struct ToldRows {
  const SplitTable& table;
  const std::vector<SplitPart>& part;  ///< [rows]
  const std::vector<int32_t>& fold;    ///< [rows]; -1 where there is none
};

/// Whether rows of `seen` are in what rows of `judged` judge: training, then calibration, are what
/// a classifier is made of.
inline bool IsSeenBefore(SplitPart seen, SplitPart judged) {
  if (judged == SplitPart::kTrain) return false;
  return seen == SplitPart::kTrain ||
         (seen == SplitPart::kCalibration && judged != SplitPart::kCalibration);
}

/// Reads it as MakeSplit says, with its errors.
arrow::Result<SplitTable> ReadSplitTable(const SplitOptions& options, int threads);

}  // namespace pomona
