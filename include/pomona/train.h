#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/classifier.h"
#include "pomona/evaluation.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// "discriminant", "logistic", "centroid", or "auto": nothing, which leaves the choice to Train.
/// Invalid, with a hint: no such method.
arrow::Result<std::optional<LearnMethod>> ParseTrainMethod(std::string_view name);

/// A classifier is learned from a feature table with labels.
struct TrainOptions {
  /// A folder of Parquet files, or one such file, local or a URI, with columns `path` and `label`;
  /// and `views`, if it has turned pictures.
  std::string features;

  /// The file to write, local or a URI.
  std::string output;

  /// A file of `pomona split`: rows of split `train` are learned from, in its folds; those of
  /// `calibration`, if there are any, say how sure the answers are; all others are left out. Empty:
  /// all rows are learned from, and each label's are cut into five folds in the order of their
  /// paths.
  std::string split;

  /// A label map, CSV, local or a URI: what each label (or path) is to be called instead, and which
  /// rows are left out. See docs/guides/learn.md. Empty: the column `label` as it is.
  std::string labels;

  /// The targets of that map to learn, each in a classifier of its own, all in one file: of several,
  /// their names end names of columns, so they are letters, digits and underscores. Empty: its
  /// first.
  std::vector<std::string> targets;

  /// Absent: whichever names more rows rightly that were not learned from, the discriminant of
  /// equals.
  std::optional<LearnMethod> method = LearnMethod::kDiscriminant;

  /// Logistic regression: of the squared weights, in units of the mean variance of the features,
  /// above 0. Absent: what names most rows of folds rightly, of 0.3 to 0.0003.
  std::optional<double> penalty;

  /// Logistic regression: all labels count the same, however many rows they have. The discriminant
  /// always sees them so.
  bool balanced = false;

  /// How far the covariance is drawn towards a ball, above 0 to 1. Absent: what names most rows of
  /// folds rightly that were not learned from.
  std::optional<double> shrinkage;

  /// What is near. Absent: what makes the labels of rows that were not learned from likelier; where
  /// no split keeps groups whole, the angle of ten labels or more, the distance of fewer.
  std::optional<ScoreKind> score;

  /// A feature table of photos like those that will be asked about, without labels: where they are
  /// others than those that are learned from (a shop, not a studio), what all of them have in
  /// common is taken off by their mean, not by that of the rows of training. Twenty will do. They
  /// may have been extracted at another input size, which is then what the classifier asks for.
  /// Empty: none.
  std::string like;

  /// A feature table of labelled photos that resemble the use, where those that are learned from do
  /// not (a studio for shops). It takes the place of the folds: slices, method, penalty, shrinkage
  /// and score are those that name most of its rows rightly, each label counting the same however
  /// many rows it has; probabilities, sets and thresholds are calibrated on it. So the report's
  /// evaluation, which is of these rows, is too kind. Its labels go through the same map; rows whose
  /// label is not learned are left out. It may be of another input size, which is then what the
  /// classifier asks for. Not with a split that has rows of calibration. Empty: none.
  std::string validate;

  /// Rows of training that the file keeps of each label: 0 to 20. See Classifier::prototypes.
  int prototypes = 3;

  /// Learn from the column `views` as well, where the table has one.
  bool views = true;

  /// Sets of labels shall hold the right one in this share of cases; above 0, below 1.
  double coverage = 0.95;

  /// The share of rows of known classes that may be called unknown; above 0, below 1.
  double false_alarms = 0.05;

  /// The column that holds the features.
  std::string column = "features";

  /// Replace a file at `output`.
  bool overwrite = false;

  /// Cores to use. 0: all that this process may use. They do not change the classifier.
  int threads = 0;

  StorageOptions storage;

  /// Ends it with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
  /// Of those that say how to learn alone.
  arrow::Status ValidateLearning() const;
};

/// What was learned, and from what.
struct TrainReport {
  std::string version, features, output;
  std::string target;  ///< of the label map; empty: the column `label` as it is
  std::optional<Classifier> classifier;
  int64_t rows = 0;         ///< learned from
  int64_t views = 0;        ///< turned pictures learned from
  int64_t like = 0;         ///< rows whose mean is taken off in the place of that of training
  int64_t validation = 0;   ///< rows of another table that chose and calibrated, not the folds
  int64_t validation_left_out = 0;  ///< rows of that table without a label that is learned
  int64_t calibration = 0;  ///< rows of the split's part that the probabilities were calibrated on
  int64_t left_out = 0;     ///< rows of other splits, without a label, or without features
  int folds = 0;
  bool honest_folds = false;  ///< groups were kept whole, as a split says
  std::string slices;         ///< of the features, for people: "all", or those that judge best
  int64_t features_used = 0;  ///< of a row
  double shrinkage = 0;
  std::optional<double> penalty;  ///< where the method is logistic
  int64_t principal_axes = 0;     ///< that logistic regression learned in; 0 without it
  int64_t prototypes = 0;         ///< that the file keeps, of all labels
  /// The shares of rows of folds that the tried methods name rightly, or of labels of the other
  /// table, each the same however many rows it has. Absent: not tried.
  std::optional<double> discriminant_accuracy, logistic_accuracy;
  /// How good answers are on rows of each fold, by what the other folds taught and were calibrated
  /// on; or on rows of another table that chose and calibrated. Absent where all folds teach
  /// nothing of each other's labels.
  std::optional<Evaluation> evaluation;
  double seconds = 0;
  int64_t peak_memory_bytes = 0;

  /// Sentences of what people should know: what was chosen for them, what was left out.
  std::vector<std::string> remarks;

  std::string ToJson() const;
};

/// The reports of several targets as one JSON object: {"pomona", "features", "output", "targets":
/// [...]}. Of one target, its own.
std::string TrainReportsJson(const std::vector<TrainReport>& reports);

/// Learns one target. In two passes over the table, which is proved byte for byte before, if it is Pomona's;
/// the file appears at the end, whole. Equal tables and options give equal bytes.
///
/// Cost: count x dim x dim operations for the statistics, and dim^3 / 3 for each of the
/// discriminants that are tried. Logistic regression reads the table once more, and takes 4 * rows
/// * classes * features operations some 50 times for each fold and penalty that is tried, and for
/// all rows. Memory: 8 x dim x (dim + classes) bytes for each fold and two more (67 MB of 2,848
/// features and 81 classes), 4 x classes bytes for each of the 100,000 rows at most that are looked
/// at again; it does not grow with the table but for 8 bytes a row. Logistic regression keeps the
/// rows and their views, too, in 1.5 GiB at most: of more, fewer principal axes.
///
/// Errors: Invalid: an option, several targets, a file that is there, a table without labels, a
/// split of another table; DamagedData: fewer than two classes, a row of another length or that is not finite,
/// classes that nothing tells apart; IOError, OutOfMemory, Cancelled. Then nothing is written.
arrow::Result<TrainReport> Train(const TrainOptions& options);

/// Learns all targets that are named, one after another, and writes one file. A report each, in
/// their order. The table is proved once; each target costs the passes of Train. A row without a
/// value for one target is left out of that target alone. Errors: as Train.
arrow::Result<std::vector<TrainReport>> TrainTargets(const TrainOptions& options);

/// Rows in memory that somebody else keeps.
struct RowsToLearn {
  std::span<const float> values;  ///< [rows, dim], row-major
  int64_t dim = 0;
  std::vector<std::string> labels;  ///< [rows], none empty
  /// [rows], 0 to below the number of rows. Rows of one number look alike, and are kept in one of
  /// five folds (fewer where there are fewer groups). Empty: each label's rows are cut into five
  /// folds in their order.
  std::vector<int32_t> groups;
};

/// Learns from them what it would learn from a table of these rows, and writes nothing. Of the
/// options those of learning count: method, penalty, balanced, shrinkage, score, coverage,
/// false_alarms, threads, stop. Cost: as of a table.
///
/// Errors: Invalid: an option, labels or groups that are not one a row, fewer than two groups;
/// DamagedData: fewer than two labels, a value that is not finite, labels that nothing tells apart;
/// OutOfMemory, Cancelled.
arrow::Result<TrainReport> TrainOnRows(const RowsToLearn& rows, const TrainOptions& options);

}  // namespace pomona
