#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// What to label next.
struct SuggestOptions {
  /// A folder of Parquet files, or one such file, local or a URI, with a column `path`. Its rows
  /// without a label may be suggested; all rows, where each has one or there is no such column.
  std::string features;

  /// Rows to suggest, 1 or more.
  int64_t budget = 0;

  /// A file of `pomona train`: rows count by how unsure it is of them. Empty: by where they lie
  /// alone.
  std::string classifier;

  /// The target of the classifier that is unsure, where its file has several. Empty: it has one.
  std::string target;

  /// A Parquet file to write. Empty: none.
  std::string output;

  /// The column that holds the features.
  std::string column = "features";

  /// Replace a file at `output`.
  bool overwrite = false;

  /// Cores to use. 0: all that this process may use. The answer is the same for any number.
  int threads = 0;

  StorageOptions storage;

  /// Ends it with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// A row to label.
struct SuggestedRow {
  int64_t row = 0;  ///< of the table
  std::string path;
  /// 1 less how far the likeliest label's probability is above the next one's, 0 to 1. Absent
  /// without a classifier, and so is the label.
  std::optional<double> uncertainty;
  std::string predicted_label;
  /// Cosine distance to the nearest row that was suggested before it, or that was known. Absent of
  /// the first where nothing was known.
  std::optional<double> distance;
};

/// What was suggested.
struct SuggestReport {
  std::string version, features, classifier, output;
  int64_t rows = 0, dim = 0;
  int64_t skipped = 0;     ///< rows without features, which are left out
  int64_t candidates = 0;  ///< rows that could be suggested
  int64_t labelled = 0;    ///< rows with a label; where they are no candidates, they are known
  int64_t known = 0;  ///< places that were known before: labelled rows, or a classifier's means
  int64_t budget = 0;
  std::vector<SuggestedRow> suggested;  ///< the most useful first
  double seconds = 0;
  int cores = 0;
  int64_t peak_memory_bytes = 0;

  /// Sentences of what people should know.
  std::vector<std::string> remarks;

  std::string ToJson() const;
};

/// Suggests rows that are unsure and unlike each other. Again and again the row with the largest
///
///   (1 + uncertainty) x (1 - cosine to the nearest place that is known, or was suggested)
///
/// is next, of equals the first: the farthest-first traversal of Gonzalez ("Clustering to minimize
/// the maximum intercluster distance", 1985), which Sener and Savarese ("Active Learning for
/// Convolutional Neural Networks: A Core-Set Approach", 2018) label by, with weights. With a
/// classifier a row is at its place in discriminant directions, its uncertainty is SuggestedRow's
/// (the margin of Scheffer, Decomain and Wrobel, 2001), and the means of the labels are known.
/// Without one a row is at its features, no row is unsure, and labelled rows are known. That unsure
/// rows count twice at most keeps rows apart where a classifier of few rows is sure of everything.
///
/// Exact and without chance: same input, same answer. Cost: budget x candidates x rank (dim,
/// without a classifier) multiply-adds. Memory: the table whole, 4 bytes a feature, and 4 bytes a
/// direction.
///
/// Errors: Invalid: an option, a file that is there, a table without paths or of another kind of
/// features than the classifier's, a path with a line break; DamagedData, IOError, OutOfMemory,
/// Cancelled. Then nothing is written.
arrow::Result<SuggestReport> Suggest(const SuggestOptions& options);

/// The schema of SuggestOptions::output: order int64, row int64, path utf8, uncertainty double?,
/// predicted_label utf8?, distance double?
std::shared_ptr<arrow::Schema> SuggestSchema();

}  // namespace pomona
