#include <arrow/builder.h>

#include <algorithm>
#include <new>
#include <set>
#include <tuple>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/json.h"
#include "pomona/base/peak_memory.h"
#include "pomona/duplicates.h"
#include "pomona/features/feature_matrix.h"
#include "pomona/features/feature_table.h"
#include "pomona/neighbours/answer_file.h"
#include "pomona/neighbours/row_splits.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr size_t kShownPaths = 5;

/// One call of RunDuplicates: its state between the steps.
class DuplicatesRun {
 public:
  explicit DuplicatesRun(const DuplicatesRunOptions& options)
      : options_(options), duplicates_(options.duplicates) {
    if (duplicates_.threads == 0) duplicates_.threads = AvailableCores();
  }

  Result<DuplicatesRunReport> Execute() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(const auto table_file,
                          AnswerFile::At(options_.output, options_.overwrite, options_.storage));
    ARROW_ASSIGN_OR_RAISE(const auto keep_file,
                          AnswerFile::At(options_.keep, options_.overwrite, options_.storage));
    ARROW_RETURN_NOT_OK(ReadTable());
    ARROW_RETURN_NOT_OK(FindSplits());
    report_.read_seconds = SecondsSince(start);
    const auto searching = Clock::now();
    const FeatureView view = {.values = {reinterpret_cast<const float*>(matrix_.values->data()),
                                         static_cast<size_t>(matrix_.rows * matrix_.dim)},
                              .dim = matrix_.dim};
    ARROW_ASSIGN_OR_RAISE(found_, FindDuplicates(view, duplicates_));
    report_.search_seconds = SecondsSince(searching);
    Count();
    ARROW_RETURN_NOT_OK(CheckKeepList());
    ARROW_RETURN_NOT_OK(MakeBatches());
    FillReport();
    ARROW_RETURN_NOT_OK(
        table_file.PutTable(DuplicatesSchema(), report_.batches, "duplicates", FooterRecord()));
    ARROW_RETURN_NOT_OK(keep_file.PutText(KeepList()));
    report_.peak_memory_bytes = PeakMemoryBytes();
    report_.seconds = SecondsSince(start);
    return std::move(report_);
  }

 private:
  Status ReadTable() {
    ARROW_ASSIGN_OR_RAISE(const auto table, FeatureTable::Open({.uri = options_.features,
                                                                .column = options_.column,
                                                                .threads = duplicates_.threads,
                                                                .storage = options_.storage}));
    fingerprint_ = table->fingerprint();
    ARROW_ASSIGN_OR_RAISE(matrix_, ReadFeatureMatrix(*table, options_.features, options_.column,
                                                     duplicates_.stop, FeaturePart::kLastLayer));
    return matrix_.CheckHasPaths(options_.features);
  }

  Status FindSplits() {
    if (!options_.split.empty()) {
      return ReadSplits(options_.split, *matrix_.path, options_.storage).Value(&splits_);
    }
    for (int64_t i = 0; i < matrix_.rows; ++i) {
      splits_.push_back(matrix_.path->IsNull(i) ? "" : SplitOfPath(matrix_.path->GetView(i)));
    }
    return Status::OK();
  }

  /// A line break in a name would be two lines of the list.
  Status CheckKeepList() const {
    if (options_.keep.empty()) return Status::OK();
    for (int64_t i = 0; i < matrix_.rows; ++i) {
      if (matrix_.path->IsNull(i)) {
        return Status::Invalid("option `keep`: row ", matrix_.table_row(i), " has no path");
      }
      if (matrix_.path->GetView(i).find_first_of("\r\n") != std::string_view::npos) {
        return Status::Invalid("option `keep`: there is a line break in ",
                               ShownUri(matrix_.path->GetView(i)));
      }
    }
    return Status::OK();
  }

  void Count() {
    struct Seen {
      int64_t rows = 0;
      std::set<std::string_view> labels, splits;
      std::vector<int64_t> first;
    };
    std::vector<Seen> sets(static_cast<size_t>(found_.sets));
    keep_.assign(static_cast<size_t>(matrix_.rows), true);
    for (int64_t i = 0; i < matrix_.rows; ++i) {
      const std::string& split = splits_[static_cast<size_t>(i)];
      report_.rows_with_split += split.empty() ? 0 : 1;
      const int64_t set = found_.set[static_cast<size_t>(i)];
      if (set < 0) continue;
      Seen& seen = sets[static_cast<size_t>(set)];
      keep_[static_cast<size_t>(i)] = seen.rows++ == 0;
      if (seen.first.size() < kShownPaths) seen.first.push_back(i);
      if (matrix_.label != nullptr && matrix_.label->IsValid(i)) {
        seen.labels.insert(matrix_.label->GetView(i));
      }
      if (!split.empty()) seen.splits.insert(split);
    }
    std::vector<ShownDuplicates> shown;
    for (size_t s = 0; s < sets.size(); ++s) {
      ShownDuplicates set = {.set = static_cast<int64_t>(s),
                             .paths = {},
                             .rows = sets[s].rows,
                             .across_labels = sets[s].labels.size() > 1,
                             .across_splits = sets[s].splits.size() > 1};
      report_.rows_in_sets += set.rows;
      report_.sets_across_labels += set.across_labels ? 1 : 0;
      report_.sets_across_splits += set.across_splits ? 1 : 0;
      shown.push_back(std::move(set));
    }
    const auto order = [](const ShownDuplicates& set) {
      return std::tuple(!set.across_labels, !set.across_splits, -set.rows, set.set);
    };
    std::ranges::sort(shown, {}, order);
    shown.resize(std::min(shown.size(), DuplicatesRunReport::kShownSets));
    for (ShownDuplicates& set : shown) {
      for (const int64_t row : sets[static_cast<size_t>(set.set)].first) {
        set.paths.push_back(matrix_.path->IsNull(row) ? "" : matrix_.path->GetString(row));
      }
    }
    report_.shown = std::move(shown);
  }

  Status MakeBatches() {
    for (int64_t first = 0; first < matrix_.rows; first += kAnswerRows) {
      const int64_t count = std::min(kAnswerRows, matrix_.rows - first);
      arrow::Int64Builder set;
      arrow::BooleanBuilder keep;
      for (int64_t i = first; i < first + count; ++i) {
        const int64_t number = found_.set[static_cast<size_t>(i)];
        ARROW_RETURN_NOT_OK(number < 0 ? set.AppendNull() : set.Append(number));
        ARROW_RETURN_NOT_OK(keep.Append(keep_[static_cast<size_t>(i)]));
      }
      std::shared_ptr<arrow::Array> label;
      if (matrix_.label != nullptr) {
        label = matrix_.label->Slice(first, count);
      } else {
        arrow::StringBuilder none;
        ARROW_RETURN_NOT_OK(none.AppendNulls(count));
        ARROW_ASSIGN_OR_RAISE(label, none.Finish());
      }
      ARROW_ASSIGN_OR_RAISE(const auto sets, set.Finish());
      ARROW_ASSIGN_OR_RAISE(const auto keeps, keep.Finish());
      report_.batches.push_back(arrow::RecordBatch::Make(
          DuplicatesSchema(), count, {matrix_.path->Slice(first, count), sets, label, keeps}));
    }
    return Status::OK();
  }

  std::string KeepList() const {
    std::string text;
    if (options_.keep.empty()) return text;
    for (int64_t i = 0; i < matrix_.rows; ++i) {
      if (keep_[static_cast<size_t>(i)]) text.append(matrix_.path->GetView(i)).append("\n");
    }
    return text;
  }

  void FillReport() {
    report_.version = kVersion;
    report_.features = options_.features;
    report_.output = options_.output;
    report_.keep = options_.keep;
    report_.rows = matrix_.rows;
    report_.dim = matrix_.row_dim;
    report_.compared = matrix_.dim;
    report_.skipped = matrix_.skipped;
    report_.threshold = duplicates_.threshold;
    report_.sets = found_.sets;
    report_.exact_sets = found_.exact_sets;
    report_.exact_rows = found_.exact_rows;
    report_.kept = std::ranges::count(keep_, true);
    report_.labels_known = matrix_.label != nullptr;
    report_.cores = duplicates_.threads;
  }

  /// What the answer is of. Nothing that another run would say otherwise.
  std::string FooterRecord() const {
    return CompactJson({{"pomona", kVersion},
                        {"features", ShownUri(options_.features)},
                        {"fingerprint", fingerprint_},
                        {"split", options_.split.empty() ? Json() : Json(ShownUri(options_.split))},
                        {"threshold", duplicates_.threshold}});
  }

  const DuplicatesRunOptions& options_;
  DuplicateOptions duplicates_;
  std::string fingerprint_;
  FeatureMatrix matrix_;
  std::vector<std::string> splits_;
  DuplicateSets found_;
  std::vector<bool> keep_;
  DuplicatesRunReport report_;
};

}  // namespace

std::shared_ptr<arrow::Schema> DuplicatesSchema() {
  return arrow::schema({arrow::field("path", arrow::utf8()), arrow::field("set", arrow::int64()),
                        arrow::field("label", arrow::utf8()),
                        arrow::field("keep", arrow::boolean(), false)});
}

Status DuplicatesRunOptions::Validate() const {
  ARROW_RETURN_NOT_OK(CheckTableOptions(features, column, storage));
  ARROW_RETURN_NOT_OK(duplicates.Validate());
  for (const std::string* file : {&split, &output, &keep}) {
    if (!file->empty()) ARROW_RETURN_NOT_OK(Uri::Parse(*file).status());
  }
  if (!output.empty() && output == keep) {
    return Status::Invalid("option `keep` and the output are the same file");
  }
  return Status::OK();
}

Result<DuplicatesRunReport> RunDuplicates(const DuplicatesRunOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  try {
    return DuplicatesRun(options).Execute();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the rows of ",
                               ShownUri(options.features));
  }
}

}  // namespace pomona
