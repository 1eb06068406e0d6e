#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// A page that shows a feature table: one HTML file, and its data beside it.
struct ReportOptions {
  /// A folder of Parquet files, or one such file, local or a URI. Its columns `path` and `label`
  /// are used where there are such.
  std::string features;

  /// The page to write, local or a URI; its name ends in `.html`.
  std::string output;

  /// What the page is called. Empty: the name of the table.
  std::string title;

  /// The page has so many bytes at most: pictures are shown, evenly of all labels, as far as they
  /// fit. Default 20 MiB, at least kLeastSize.
  int64_t max_size = int64_t{20} << 20;
  static constexpr int64_t kLeastSize = int64_t{1} << 20;

  /// The file of `pomona train` whose answers are shown. Empty: each row is answered by what rows
  /// of other folds teach, as FindIssues does it.
  std::string classifier;

  /// A file of `pomona split`. Empty: the folders of paths that are called training, train,
  /// validation, val or test, in any case.
  std::string split;

  /// A label map, CSV, and its target: see TrainOptions. Empty: the column `label` as it is.
  std::string labels;
  std::string target;

  /// Another feature table to tell this one apart from. Empty: none.
  std::string compare;

  /// The folder of the data files, which is made if it is missing; folders above it are not. Empty:
  /// the page's name without `.html`.
  std::string data;

  /// The column that holds the features.
  std::string column = "features";

  /// Replace the page and the data files that are there.
  bool overwrite = false;

  /// Cores to use. 0: all that this process may use. They do not change the page.
  int threads = 0;

  StorageOptions storage;

  /// Ends it with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// What a page shows.
struct PageReport {
  /// What people should know of a section: what was left out, what could not be shown, and why.
  struct Remark {
    std::string section;  ///< "summary", "classes", "samples", "map", "duplicates", "wrong", ...
    std::string text;
  };

  std::string version, features, output, data;
  int64_t rows = 0;        ///< of the table that have features
  int64_t left_out = 0;    ///< rows without features, or with such as are none
  int64_t classes = 0;     ///< labels
  int64_t points = 0;      ///< rows that the page has
  int64_t thumbnails = 0;  ///< rows of which it has pictures
  int64_t missing = 0;     ///< pictures that could not be read
  int64_t duplicate_sets = 0, label_issues = 0, rejects = 0;
  int64_t page_bytes = 0;
  std::vector<Remark> remarks;

  /// Where the time went.
  double read_seconds = 0, judge_seconds = 0, duplicates_seconds = 0, map_seconds = 0,
         thumbnail_seconds = 0, seconds = 0;
  int cores = 0;
  int64_t peak_memory_bytes = 0;

  std::string ToJson() const;
};

/// Makes the page and its data files: docs/format/report.md. Both are written when all is known,
/// the page last; each file appears whole. A section that cannot be shown does not stop the others:
/// the page says why in its place. Rows whose features are none (a value that is not finite,
/// another length) are left out, and so are pictures that cannot be read; the page counts them.
///
/// The page has 100,000 points at most, evenly of all labels. Same input and options, same bytes,
/// for any number of threads, but for the time when it was made, which is that of
/// SOURCE_DATE_EPOCH where that is set.
///
/// Cost: FindIssues', and ProjectToPlane's of the points; a few milliseconds a picture that is
/// shown. Memory: 4 bytes a feature of the last layer, and FindIssues'.
///
/// Errors: Invalid, before anything is written: an option, a file that is there, a split or a
/// classifier of other rows, a page that is too large even without pictures; DamagedData; IOError:
/// a table or store that cannot be read or written; OutOfMemory; Cancelled.
arrow::Result<PageReport> MakeReport(const ReportOptions& options);

}  // namespace pomona
