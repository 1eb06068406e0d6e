#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <tuple>

#include "pomona/curate/out_of_fold.h"
#include "pomona/issues.h"
#include "pomona/report/judgement.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Probabilities of all rows together, and numbers of all classes' means: half a gigabyte each.
constexpr int64_t kMostScores = int64_t{1} << 27;

/// What is judged is told by rows of the table; here by rows that have features.
std::vector<int64_t> RowsOfMatrix(const FeatureMatrix& matrix, const std::vector<size_t>& judged) {
  std::vector<int64_t> rows;
  int64_t row = 0;
  for (const size_t one : judged) {
    while (matrix.table_row(row) < static_cast<int64_t>(one)) ++row;
    rows.push_back(row);
  }
  return rows;
}

/// Those that the split keeps to judge by.
JudgingRows TestOf(const OutOfFold& judged, const std::vector<int64_t>& at, const SplitRows& split,
                   size_t classes) {
  JudgingRows test;
  for (size_t i = 0; i < at.size(); ++i) {
    const SplitPart part = split.part[static_cast<size_t>(at[i])];
    if (part != SplitPart::kTest && part != SplitPart::kHeldOut) continue;
    test.rows.push_back(at[i]);
    test.labels.push_back(judged.labels[i]);
    const auto first = judged.probabilities.begin() + static_cast<int64_t>(i * classes);
    test.probabilities.insert(test.probabilities.end(), first,
                              first + static_cast<int64_t>(classes));
  }
  return test;
}

Status MeasureFolds(const LearnedFolds& learned, Judgement* judgement, Remarks* remarks) {
  if (!learned.evaluation) return Status::OK();
  const Evaluation& of_folds = *learned.evaluation;
  PageAccuracy accuracy = {.estimate = of_folds.accuracy, .rows = of_folds.rows, .how = ""};
  if (learned.which.folds_of_groups) {
    accuracy.how = "rows of each fold, by what the others taught; groups are kept whole";
    if (!judgement->honest) judgement->honest = accuracy;
    return Status::OK();
  }
  accuracy.how = "rows of each fold, by what the others taught; folds cut through groups: too kind";
  if (!judgement->official) judgement->official = accuracy;
  if (judgement->honest) return Status::OK();
  remarks->push_back(
      {"summary",
       "how good answers are on what was not seen is not known, as folds cut through groups of "
       "photos that look alike: a file of pomona split with groups and folds keeps them whole"});
  return Status::OK();
}

}  // namespace

Result<std::optional<Judgement>> JudgeOutOfFold(const ReportOptions& options, int threads,
                                                ReportRows* rows, Remarks* remarks) {
  const auto labels = static_cast<int64_t>(rows->labels.size());
  if (rows->matrix.label == nullptr && options.labels.empty()) {
    remarks->push_back({"wrong", "without labels nothing can be wrong"});
    return std::nullopt;
  }
  if (labels * std::max(rows->rows(), rows->matrix.row_dim) > kMostScores) {
    remarks->push_back(
        {"wrong", fmt::format("{} labels are too many to judge {} rows by", labels, rows->rows())});
    return std::nullopt;
  }
  const TrainOptions training = JudgingOptions(options, threads);
  auto learned = LearnFolds(training);
  ARROW_ASSIGN_OR_RAISE(bool shows, Shows(learned.status(), "wrong", remarks));
  if (!shows) return std::nullopt;
  auto tried = JudgeAllRows(*learned, training, threads);
  ARROW_ASSIGN_OR_RAISE(shows, Shows(tried.status(), "wrong", remarks));
  if (!shows) return std::nullopt;
  const OutOfFold& judged = *tried;
  const std::vector<std::string>& names = learned->which.labels;
  const std::vector<int64_t> at = RowsOfMatrix(rows->matrix, judged.rows);
  ARROW_ASSIGN_OR_RAISE(const LabelIssues found,
                        FindLabelIssues(judged.probabilities, judged.labels,
                                        static_cast<int64_t>(names.size()), kLeastRowsOfLabel));
  Judgement judgement;
  judgement.by = "out of fold: each row by what the rows of other folds teach";
  if (rows->split_file) {
    const JudgingRows test = TestOf(judged, at, *rows->split_file, names.size());
    if (!test.rows.empty()) {
      ARROW_RETURN_NOT_OK(MeasureTest(test, names, *rows, &judgement, remarks));
    }
  }
  ARROW_RETURN_NOT_OK(MeasureFolds(*learned, &judgement, remarks));
  const auto unjudged = rows->rows() - static_cast<int64_t>(at.size());
  if (unjudged > 0) {
    remarks->push_back({"wrong", fmt::format("{} rows are not judged: they have no label, or one "
                                             "that no row of another fold has",
                                             unjudged)});
  }
  const auto of_class = rows->TakeLabels(names);
  const auto count = static_cast<size_t>(rows->rows());
  judgement.predicted.assign(count, -1);
  judgement.probability.assign(count, 0);
  judgement.judges.assign(count, 0);
  for (size_t i = 0; i < at.size(); ++i) {
    const auto row = static_cast<size_t>(at[i]);
    const auto predicted = static_cast<size_t>(found.predicted[i]);
    judgement.predicted[row] = of_class[predicted];
    judgement.probability[row] = judged.probabilities[i * names.size() + predicted];
    judgement.judges[row] = 1;
    if (found.is_issue[i] == 0) continue;
    judgement.issues.push_back(
        {.row = at[i], .score = found.score[i], .suggested = of_class[predicted]});
  }
  std::ranges::sort(judgement.issues, {}, [](const Judgement::LabelIssue& issue) {
    return std::tuple(issue.score, issue.row);
  });
  return judgement;
}

}  // namespace pomona
