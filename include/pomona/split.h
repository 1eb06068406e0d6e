#pragma once

#include <arrow/array/array_binary.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/duplicates.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// What a row is used for.
enum class SplitPart : uint8_t {
  kTrain,        ///< to learn from
  kCalibration,  ///< to set temperature, thresholds and sets: never learned from
  kTest,         ///< to judge by
  kHeldOut       ///< of a label that is never learned: to judge "unknown" by
};

inline constexpr std::array kSplitParts = {SplitPart::kTrain, SplitPart::kCalibration,
                                           SplitPart::kTest, SplitPart::kHeldOut};

/// "train", "calibration", "test", "held-out".
std::string_view SplitPartName(SplitPart part);

/// How the rows of a feature table are told apart. Rows of one group (photos of one fruit, one
/// visit, one movie) look alike, and belong on one side.
struct SplitOptions {
  /// A feature table: a folder of Parquet files, or one such file, local or a URI. Its columns
  /// `path` and `label` are read.
  std::string features;

  /// The file to write: a path or URI. docs/format/split.md.
  std::string split;

  /// The column of features, by which the table is known to be one. Read where near rows are
  /// looked for.
  std::string column = "features";

  /// "official": the last folder of the path that is called train, training, test, testing, val,
  /// valid or validation, in any case, says it. Validation is for calibration where there is a
  /// test folder, and for the test otherwise. Empty: not so.
  std::string by;

  /// A regular expression (ECMAScript) that is searched in the path. The group is what its capture
  /// groups captured, joined by '/', or the whole match if it has none. "fruits-360": class and
  /// movie of file names such as 12_100.jpg (plain), r_12_100.jpg (r), r2_12_100.jpg (r2).
  /// "duplicates": rows that are near each other, or that a chain of near ones joins, as their
  /// features tell; the path of the first names the group. Empty: each row is a group of its own.
  std::string group;

  /// A column of text that holds the group, instead of `group`.
  std::string group_column;

  /// Cosine distance up to which two rows are near, 0 (equal but for their length) to below 1: of
  /// `group` "duplicates", and of twins.
  double within = kNearDuplicate;

  /// Count the rows that are judged and have a near twin among those that are learned from, in a
  /// table of more than kTwinRows rows, too. Cost: that of FindDuplicates, and the features are
  /// held in memory.
  bool twins = false;
  static constexpr int64_t kTwinRows = 10'000;

  /// A regular expression: groups in which it is found are `train`, the others `test`. Without
  /// groups it is searched in the path.
  std::string train;

  /// Share of the rows that become `test`, above 0 and below 1: whole groups, of each label alike
  /// as far as whole groups permit. A label's largest group stays in training.
  std::optional<double> test_share;

  /// Share of the rows for training that become `calibration` instead, in the same way.
  std::optional<double> calibration_share;

  /// Labels whose rows become `held-out`, whatever else is said of them.
  std::vector<std::string> hold_out;

  /// Folds of the rows for training, 2 to 100: whole groups, labels alike.
  std::optional<int> folds;

  /// Of the order in which groups are dealt. The same seed gives the same split on every machine.
  uint64_t seed = 1;

  /// Replace the file `split`.
  bool overwrite = false;

  /// Cores to use. 0: all that this process may use.
  int threads = 0;

  StorageOptions storage;

  /// Ends the work with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// What was told apart.
struct SplitReport {
  struct Part {
    int64_t rows = 0, groups = 0, labels = 0;
    /// Rows of groups that have rows in training, or in calibration where this is not it, too: they
    /// are easier than what is to come.
    int64_t rows_seen_in_training = 0;
    /// Rows with a near twin in training, or in calibration where this is not it.
    int64_t rows_with_twin_in_training = 0;
  };
  struct Fold {
    int64_t rows = 0, groups = 0, labels = 0;
  };

  std::string version, features, split;
  int64_t rows = 0, groups = 0, labels = 0;
  std::array<Part, kSplitParts.size()> parts;  ///< by SplitPart
  std::vector<Fold> folds;
  int64_t groups_on_both_sides = 0;               ///< groups with such rows
  bool twins_counted = false;                     ///< else such counts are 0 and say nothing
  int64_t rows_with_twin_in_another_fold = 0;     ///< rows of folds
  std::vector<std::string> labels_not_in_train;   ///< of test and calibration, in byte order
  std::vector<std::string> labels_of_few_groups;  ///< with fewer groups in training than folds
  /// Sentences for people: what to know before the split is used.
  std::vector<std::string> remarks;

  const Part& part(SplitPart which) const { return parts[static_cast<size_t>(which)]; }

  std::string ToJson() const;
};

/// Reads the table's paths and labels, and writes `split`: a row for each row of the table, in its
/// order. The same table and options make the same bytes, for any number of threads. Memory: some
/// 400 bytes a row; where near rows are looked for (`group` "duplicates", `twins`, and always up to
/// kTwinRows rows) 4 bytes a feature, twice while it is read. Cost: one pass, mostly the regular
/// expression; of near rows, twice rows^2 x dim / 2 multiply-adds: under a second for kTwinRows of
/// 1,280 features, half a minute for 100,000.
///
/// Errors, all before anything is written: Invalid (an option; a path that it does not match; a
/// part that would be empty; fewer groups than folds; no column `label` or `path`), DamagedData (a
/// label or path that is null or empty, a path in two rows, one label, no table; where they are
/// read, features of another length or not finite), IOError, OutOfMemory, Cancelled (stop).
arrow::Result<SplitReport> MakeSplit(const SplitOptions& options);

/// A split as it is used: of each row of a table, in the table's order.
struct SplitRows {
  std::vector<SplitPart> part;      ///< [rows]
  std::vector<int32_t> fold;        ///< [rows]; -1 where the row has none
  std::vector<int32_t> group;       ///< [rows], an index of `groups`
  std::vector<std::string> groups;  ///< names, in the order in which rows name them
  int folds = 0;                    ///< one more than the largest fold; 0 without folds
  std::string digest;               ///< "sha256:" and 64 hexadecimal digits, of the file's bytes
  int64_t unused = 0;               ///< rows of the split whose path the table lacks
};

/// Reads a split for the rows of a table, which `paths` names. IOError: there is none. DamagedData:
/// no split, or one of a newer version. Invalid: it lacks rows of the table, or names rows twice,
/// or `paths` does; the message says how many and names one.
arrow::Result<SplitRows> ReadSplit(const std::string& split, const arrow::StringArray& paths,
                                   const StorageOptions& storage = {});

}  // namespace pomona
