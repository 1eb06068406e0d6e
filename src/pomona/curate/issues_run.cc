#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <new>
#include <set>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/json.h"
#include "pomona/base/peak_memory.h"
#include "pomona/curate/distance_scores.h"
#include "pomona/curate/issue_table.h"
#include "pomona/curate/out_of_fold.h"
#include "pomona/duplicates.h"
#include "pomona/features/feature_matrix.h"
#include "pomona/features/feature_table.h"
#include "pomona/issues.h"
#include "pomona/neighbors.h"
#include "pomona/neighbours/answer_file.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Datalab's, as far as there are so many others.
constexpr int64_t kNeighbors = 10;
/// A class is small below this share of the rows that it would have if all had the same: Datalab's.
constexpr double kSmallClass = 0.1;

/// One call of FindIssues: its state between the steps.
class IssuesRun {
 public:
  IssuesRun(const IssuesOptions& options, int threads) : options_(options), threads_(threads) {}

  Result<IssuesReport> Execute() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(const auto file,
                          AnswerFile::At(options_.output, options_.overwrite, options_.storage));
    ARROW_RETURN_NOT_OK(JudgeLabels());
    ARROW_RETURN_NOT_OK(ReadRows());
    TakeLabels();
    ARROW_RETURN_NOT_OK(MeasureDistances());
    FindSmallClasses();
    const std::vector<int64_t> order = issues_.WorstFirst();
    ARROW_ASSIGN_OR_RAISE(const auto batches, IssueBatches(issues_, order));
    FillReport(order);
    ARROW_RETURN_NOT_OK(
        file.PutTable(IssuesSchema(options_.probabilities), batches, "issues", FooterRecord()));
    report_.peak_memory_bytes = PeakMemoryBytes();
    report_.seconds = SecondsSince(start);
    return std::move(report_);
  }

 private:
  Status JudgeLabels() {
    const TrainOptions training = JudgingOptions(options_, threads_);
    ARROW_ASSIGN_OR_RAISE(LearnedFolds learned, LearnFolds(training));
    report_.folds = learned.which.folds;
    report_.honest_folds = learned.which.folds_of_groups;
    report_.slices = learned.slices;
    if (learned.evaluation) report_.accuracy = learned.evaluation->accuracy;
    ARROW_ASSIGN_OR_RAISE(judged_, JudgeAllRows(learned, training, threads_));
    const auto classes = static_cast<int64_t>(learned.which.labels.size());
    ARROW_ASSIGN_OR_RAISE(
        found_, FindLabelIssues(judged_.probabilities, judged_.labels, classes, kLeastRowsOfLabel));
    report_.judged = static_cast<int64_t>(judged_.rows.size());
    report_.classes = classes;
    table_ = std::move(learned.table);
    which_ = std::move(learned.which);
    return Status::OK();
  }

  Status ReadRows() {
    ARROW_ASSIGN_OR_RAISE(matrix_, ReadFeatureMatrix(*table_, options_.features, options_.column,
                                                     options_.stop, FeaturePart::kLastLayer));
    ARROW_RETURN_NOT_OK(matrix_.CheckHasPaths(options_.features));
    issues_.path = matrix_.path;
    for (int64_t i = 0; i < matrix_.rows; ++i) issues_.table_row.push_back(matrix_.table_row(i));
    return Status::OK();
  }

  /// The label of a row that is given: as it is learned, or what the table says where it is not.
  std::string_view GivenLabel(int64_t row) const {
    const int32_t label = which_.label[static_cast<size_t>(matrix_.table_row(row))];
    if (label >= 0) return which_.labels[static_cast<size_t>(label)];
    if (!options_.labels.empty() || matrix_.label == nullptr || matrix_.label->IsNull(row))
      return {};
    return matrix_.label->GetView(row);
  }

  void TakeLabels() {
    const auto rows = static_cast<size_t>(matrix_.rows);
    issues_.names = which_.labels;
    issues_.predicted.assign(rows, -1);
    issues_.is_label_issue.assign(rows, 0);
    issues_.label_score.assign(rows, 1);
    if (options_.probabilities) {
      issues_.judged.assign(rows, -1);
      issues_.probabilities = judged_.probabilities;
    } else {
      judged_.probabilities = {};
    }
    issues_.classes = report_.classes;
    std::map<std::string_view, int32_t> others;
    size_t at = 0;
    for (size_t row = 0; row < rows; ++row) {
      const auto table_row = static_cast<size_t>(issues_.table_row[row]);
      const std::string_view name = GivenLabel(static_cast<int64_t>(row));
      int32_t given = which_.label[table_row];
      if (given < 0 && !name.empty()) {
        const auto number = static_cast<int32_t>(which_.labels.size() + others.size());
        const auto [known, added] = others.emplace(name, number);
        if (added) issues_.names.emplace_back(name);
        given = known->second;
      }
      issues_.given.push_back(given);
      report_.unlabelled += given < 0 ? 1 : 0;
      if (at == judged_.rows.size() || judged_.rows[at] != table_row) continue;
      issues_.predicted[row] = found_.predicted[at];
      issues_.is_label_issue[row] = found_.is_issue[at];
      issues_.label_score[row] = found_.score[at];
      if (options_.probabilities) issues_.judged[row] = static_cast<int64_t>(at);
      ++at;
    }
  }

  Status MeasureDistances() {
    const FeatureView view = {.values = {reinterpret_cast<const float*>(matrix_.values->data()),
                                         static_cast<size_t>(matrix_.rows * matrix_.dim)},
                              .dim = matrix_.dim};
    report_.neighbors = std::min(kNeighbors, matrix_.rows - 1);
    ARROW_ASSIGN_OR_RAISE(
        const Neighbors near,
        FindNeighbors(view, {.k = report_.neighbors, .threads = threads_, .stop = options_.stop}));
    OutlierScores outliers = ScoreOutliers(near.distances, near.k);
    report_.outlier_threshold = outliers.threshold;
    issues_.is_outlier = std::move(outliers.is_outlier);
    issues_.outlier_score = std::move(outliers.score);
    NearDuplicateScores duplicates = ScoreNearDuplicates(near.distances, near.k);
    report_.threshold = options_.threshold.value_or(duplicates.threshold);
    issues_.duplicate_score = std::move(duplicates.score);
    ARROW_ASSIGN_OR_RAISE(DuplicateSets sets, FindDuplicates(view, {.threshold = report_.threshold,
                                                                    .threads = threads_,
                                                                    .stop = options_.stop}));
    report_.near_duplicate_sets = sets.sets;
    std::vector<std::set<int32_t>> labels(static_cast<size_t>(sets.sets));
    const auto of_set = [&](size_t row) { return static_cast<size_t>(sets.set[row]); };
    for (size_t row = 0; row < sets.set.size(); ++row) {
      if (sets.set[row] >= 0 && issues_.given[row] >= 0) {
        labels[of_set(row)].insert(issues_.given[row]);
      }
    }
    for (const auto& one : labels) report_.sets_across_labels += one.size() > 1 ? 1 : 0;
    for (size_t row = 0; row < sets.set.size(); ++row) {
      const bool differ = sets.set[row] >= 0 && labels[of_set(row)].size() > 1;
      issues_.labels_differ.push_back(differ ? 1 : 0);
    }
    issues_.duplicate_set = std::move(sets.set);
    return Status::OK();
  }

  void FindSmallClasses() {
    std::vector<int64_t> counts(issues_.names.size(), 0);
    int64_t labelled = 0;
    for (const int32_t given : issues_.given) {
      if (given < 0) continue;
      ++counts[static_cast<size_t>(given)];
      ++labelled;
    }
    const auto present = static_cast<double>(
        std::count_if(counts.begin(), counts.end(), [](int64_t n) { return n > 0; }));
    const double mean = static_cast<double>(labelled) / present;
    for (const int32_t given : issues_.given) {
      const double share =
          given < 0 ? 1 : static_cast<double>(counts[static_cast<size_t>(given)]) / mean;
      issues_.class_score.push_back(std::min(share, 1.0));
      issues_.is_small_class.push_back(share < kSmallClass ? 1 : 0);
    }
    for (size_t c = 0; c < counts.size(); ++c) {
      few_rows_ += counts[c] > 0 && counts[c] <= kLeastRowsOfLabel ? 1 : 0;
      if (counts[c] == 0 || static_cast<double>(counts[c]) / mean >= kSmallClass) continue;
      report_.small_classes.push_back({.label = issues_.names[c], .rows = counts[c]});
    }
    std::ranges::stable_sort(report_.small_classes, {}, &IssuesReport::SmallClass::rows);
  }

  void FillReport(const std::vector<int64_t>& order) {
    const auto count = [](const std::vector<uint8_t>& flags) {
      return static_cast<int64_t>(std::ranges::count(flags, 1));
    };
    report_.version = kVersion;
    report_.features = options_.features;
    report_.output = options_.output;
    report_.rows = matrix_.rows;
    report_.dim = matrix_.dim;
    report_.skipped = matrix_.skipped;
    report_.unjudged = matrix_.rows - report_.unlabelled - report_.judged;
    report_.label_issues = count(issues_.is_label_issue);
    report_.outlier_issues = count(issues_.is_outlier);
    report_.near_duplicate_issues =
        matrix_.rows - static_cast<int64_t>(std::ranges::count(issues_.duplicate_set, -1));
    report_.rows_across_labels = count(issues_.labels_differ);
    report_.class_imbalance_issues = count(issues_.is_small_class);
    report_.cores = threads_;
    for (const int64_t row : order) {
      if (report_.shown.size() == IssuesReport::kShown) break;
      if (issues_.KindOf(row) == IssueKind::kNone) break;
      report_.shown.push_back(issues_.Show(row));
    }
    Remark();
  }

  void Remark() {
    const auto say = [&](int64_t count, const char* what) {
      if (count > 0) report_.remarks.push_back(fmt::format("{} {}", count, what));
    };
    report_.remarks = which_.remarks;
    say(report_.skipped, "rows have no features and are left out");
    say(report_.unlabelled, "rows have no label that could be wrong");
    say(report_.unjudged,
        "rows have labels that no rows of another fold have: their labels are not judged");
    say(judged_.outside, "rows that the split keeps for other uses are judged by all of train");
    say(few_rows_,
        "labels have 10 rows or fewer: too few to call one of them wrong, but their scores tell");
    if (matrix_.dim < matrix_.row_dim) {
      report_.remarks.push_back(
          fmt::format("outliers and near duplicates are told by the last layer: {} of {} features",
                      matrix_.dim, matrix_.row_dim));
    }
    if (report_.honest_folds) return;
    report_.remarks.emplace_back(
        "the folds do not keep groups whole: single wrong labels show well, but where all photos "
        "of one fruit, visit or movie have the same wrong label, they teach it to each other and "
        "look right (pomona split --group ... --folds 5 makes folds that show them)");
  }

  /// What the answer is of. Nothing that another run would say otherwise.
  std::string FooterRecord() const {
    const auto or_null = [](const std::string& text) {
      return text.empty() ? Json() : Json(ShownUri(text));
    };
    return CompactJson({{"pomona", kVersion},
                        {"features", ShownUri(options_.features)},
                        {"fingerprint", table_->fingerprint()},
                        {"split", or_null(which_.split_digest)},
                        {"labels", or_null(options_.labels)},
                        {"target", or_null(options_.target)},
                        {"threshold", report_.threshold},
                        {"classes", which_.labels}});
  }

  const IssuesOptions& options_;
  const int threads_;
  OutOfFold judged_;
  LabelIssues found_;
  std::unique_ptr<FeatureTable> table_;
  LearningRows which_;
  FeatureMatrix matrix_;
  RowIssues issues_;
  int64_t few_rows_ = 0;  ///< labels of kLeastRowsOfLabel or fewer
  IssuesReport report_;
};

}  // namespace

Result<IssuesReport> FindIssues(const IssuesOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  try {
    return IssuesRun(options, threads).Execute();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the rows of ",
                               ShownUri(options.features),
                               "\nhint: pomona pca makes fewer features of many");
  }
}

Status IssuesOptions::Validate() const {
  ARROW_RETURN_NOT_OK(CheckTableOptions(features, column, storage));
  ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  if (!target.empty() && labels.empty()) {
    return Status::Invalid(
        "option `target`: there is no label map\nhint: option `labels` names one");
  }
  return DuplicateOptions{.threshold = threshold.value_or(0), .threads = threads}.Validate();
}

}  // namespace pomona
