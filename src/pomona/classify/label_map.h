#pragma once

#include <arrow/array/array_binary.h>
#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pomona/classify/name_index.h"
#include "pomona/storage.h"

namespace pomona {

/// What a label map makes of a table's rows.
struct MappedLabels {
  struct Target {
    std::string name;
    std::vector<std::string> values;  ///< distinct, in byte order
    std::vector<int32_t> value;       ///< [rows]: an index of `values`; -1: none
  };
  std::vector<Target> targets;
  std::vector<int64_t> line_rows;  ///< [lines of the map]: rows that each took
  int64_t left_out = 0;            ///< rows that no line took
  /// Labels of those rows and how many there are, in byte order.
  std::vector<std::pair<std::string, int64_t>> left_out_labels;
  /// Sentences for people: what each line took, and what was left out.
  std::vector<std::string> remarks;
};

/// A map from labels to what is to be learned instead: a CSV file
///
///     from,species,state
///     Apple Rotten 1,apple,rotten
///     */bananas/*_O.jpg,banana,overripe
///     Lemon,lemon,
///     *,*,
///
/// whose header names the targets. `from` is a label, or a pattern (`*`, `?`, `[abc]`; `*` takes
/// slashes, too) of the whole path. The first line that takes a row counts, whatever comes after
/// it; `*` alone takes what no other line does, wherever it stands. A target that is empty gives
/// the row none, `*` gives it its own label. Rows that no line takes are left out. Immutable.
class LabelMap {
 public:
  /// `csv`: the bytes of a map. DamagedData: no CSV, a header without `from` and a target, names of
  /// targets that are empty or twice there, more than 63, no line, a `from` that is empty or twice
  /// there, no target in any line.
  static arrow::Result<LabelMap> Parse(std::string_view csv);

  /// The same of a file: a path or URI, of 64 MiB at most. IOError. Errors name the file.
  static arrow::Result<LabelMap> Read(const std::string& uri, const StorageOptions& storage);

  /// path, label: [rows]; label null: none. `path` may be null, where the table has none: then
  /// patterns take nothing. Invalid: no line takes a row. Cost: rows x patterns.
  arrow::Result<MappedLabels> Apply(const arrow::StringArray* path,
                                    const arrow::StringArray& label) const;

  const std::vector<std::string>& targets() const { return targets_; }

 private:
  struct Line {
    std::string from;
    std::vector<std::string> to;  ///< [targets]
  };

  /// The line that takes the row, -1: none does.
  int32_t Find(const std::optional<std::string>& path, std::string_view label) const;

  std::vector<std::string> targets_;
  std::vector<Line> lines_;
  NameIndex froms_;                ///< numbers are those of lines
  std::vector<int32_t> patterns_;  ///< lines that are patterns of paths
  int32_t rest_ = -1;              ///< the line `*`
};

}  // namespace pomona
