#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/evaluation.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// Labels that are likely to be wrong.
struct LabelIssues {
  std::vector<uint8_t> is_issue;   ///< [rows]: 1 where the label is likely to be wrong
  std::vector<float> score;        ///< [rows]: the probability of the given label, 0 to 1
  std::vector<int32_t> predicted;  ///< [rows]: the likeliest class; of equals the first
};

/// Finds them by confident learning (Northcutt, Jiang and Chuang, "Confident Learning: Estimating
/// Uncertainty in Dataset Labels", JAIR 70, 2021), as cleanlab's Datalab does: its filter
/// "prune_by_noise_rate" with `min_examples_per_class` 10, and "self_confidence" for a score.
///
/// The threshold of a class is the mean of its probability over the rows that are given it. A row
/// counts for the pair of its given class and the likeliest of the classes whose threshold it
/// reaches. These counts, scaled to the rows of each given class, say how many rows of one class
/// are likely to be of another; so many become issues, those whose probability of the other is
/// furthest above that of the given one (of equals the first), unless the given class is the
/// likeliest. Classes of `least` rows or fewer have no issues, and `least` rows of each stay.
///
/// probabilities: [rows, classes], row-major, finite, of rows that they were not learned from.
/// labels: [rows], 0 to classes - 1. Cost: two passes, and a sort for each pair of classes with
/// issues. Memory: 16 bytes a pair of classes. Invalid: other lengths, a label out of range, fewer
/// than two classes. DamagedData: a value that is not finite.
arrow::Result<LabelIssues> FindLabelIssues(std::span<const float> probabilities,
                                           std::span<const int32_t> labels, int64_t classes,
                                           int64_t least = 10);

/// What is wrong with a labelled feature table.
struct IssuesOptions {
  /// A folder of Parquet files, or one such file, local or a URI, with columns `path` and `label`;
  /// and `views`, if it has turned pictures.
  std::string features;

  /// The Parquet file to write, local or a URI.
  std::string output;

  /// A file of `pomona split`: rows of `train` are judged by its other folds, all others by all of
  /// `train`. Empty: each label's rows are cut into five folds in the order of their paths.
  std::string split;

  /// A label map, CSV, local or a URI: see TrainOptions. Empty: the column `label` as it is.
  std::string labels;

  /// The target of that map. Empty: its first.
  std::string target;

  /// Greatest cosine distance of any two rows of a set of near duplicates, 0 to below 1. Absent:
  /// 0.13 of the median distance of a row to its nearest, as Datalab has it.
  std::optional<double> threshold;

  /// Also write a column `probabilities`: by the folds, one of each label.
  bool probabilities = false;

  /// The column that holds the features.
  std::string column = "features";

  /// Replace a file at `output`.
  bool overwrite = false;

  /// Cores to use. 0: all that this process may use. They do not change the file.
  int threads = 0;

  StorageOptions storage;

  /// Ends it with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// What may be wrong with a row, the worst first.
enum class IssueKind : uint8_t {
  kLabel,             ///< the label is likely to be another
  kDuplicateOfOther,  ///< a near duplicate has another label
  kOutlier,           ///< far from all that is nearest to it
  kNearDuplicate,     ///< it is there more than once
  kClassImbalance,    ///< its class has few rows
  kNone,
};

/// "label", "near duplicate of another label", "outlier", "near duplicate", "class imbalance",
/// "none".
std::string_view IssueKindName(IssueKind kind);

/// One row, for people.
struct ShownIssue {
  IssueKind kind = IssueKind::kNone;
  std::string path, given_label, predicted_label;  ///< empty: it has none
  double score = 0;                                ///< of that kind
};

/// What was found.
struct IssuesReport {
  /// A label with few rows.
  struct SmallClass {
    std::string label;
    int64_t rows = 0;
  };

  std::string version, features, output;
  int64_t rows = 0, dim = 0;
  int64_t skipped = 0;     ///< rows without features, which are left out
  int64_t judged = 0;      ///< rows whose label was judged
  int64_t unlabelled = 0;  ///< rows without a label
  int64_t unjudged = 0;    ///< labelled rows whose label no other fold teaches
  int64_t classes = 0;
  int folds = 0;
  bool honest_folds = false;         ///< groups were kept whole, as a split says
  std::optional<Estimate> accuracy;  ///< of the judged rows of the folds
  std::string slices;                ///< of the features: TrainReport::slices
  int64_t label_issues = 0, outlier_issues = 0, near_duplicate_issues = 0;
  int64_t near_duplicate_sets = 0, sets_across_labels = 0;
  int64_t rows_across_labels = 0;  ///< near duplicates of rows of another label
  int64_t class_imbalance_issues = 0;
  int64_t neighbors = 0;                  ///< that an outlier is told by
  double outlier_threshold = 0;           ///< of the mean distance to them
  double threshold = 0;                   ///< of near duplicates: IssuesOptions::threshold
  std::vector<SmallClass> small_classes;  ///< whose rows are class imbalance, the smallest first
  double seconds = 0;
  int cores = 0;
  int64_t peak_memory_bytes = 0;

  static constexpr size_t kShown = 10;
  std::vector<ShownIssue> shown;  ///< the worst

  /// Sentences of what people should know: what was chosen for them, what was left out.
  std::vector<std::string> remarks;

  std::string ToJson() const;
};

/// Judges labels as `pomona train` judges itself: each row by what the rows of other folds teach,
/// with the calibration of these, and FindLabelIssues of the probabilities. Outliers and near
/// duplicates are found among all rows, exactly. Writes one row a row of the table, the worst
/// first: docs/format/issues.md. Same input, same bytes, for any number of threads.
///
/// Cost: Train's, and twice rows^2 x dim / 2 multiply-adds for the neighbours. Memory: Train's; the
/// table whole, 4 bytes a feature; 4 bytes for each row and label, twice while they are counted.
///
/// Errors: Train's, and FindDuplicates' of rows that are too much alike: then nothing is written.
arrow::Result<IssuesReport> FindIssues(const IssuesOptions& options);

}  // namespace pomona
