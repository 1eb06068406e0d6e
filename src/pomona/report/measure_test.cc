#include <fmt/format.h>

#include <algorithm>

#include "pomona/report/judgement.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Of the rows of `test` that `keep` takes; nothing where none has a label that was learned.
Result<std::optional<PageAccuracy>> Measure(const JudgingRows& test,
                                            const std::vector<std::string>& classes,
                                            const ReportRows& rows, const std::vector<bool>& keep,
                                            std::string how) {
  const size_t width = classes.size();
  std::vector<int32_t> labels, groups;
  std::vector<float> probabilities;
  for (size_t i = 0; i < test.rows.size(); ++i) {
    if (!keep[i] || test.labels[i] < 0) continue;
    labels.push_back(test.labels[i]);
    const auto row = static_cast<size_t>(test.rows[i]);
    groups.push_back(rows.split_file ? rows.split_file->group[row] : static_cast<int32_t>(row));
    const auto first = test.probabilities.begin() + static_cast<int64_t>(i * width);
    probabilities.insert(probabilities.end(), first, first + static_cast<int64_t>(width));
  }
  if (labels.empty()) return std::nullopt;
  EvaluationInput input;
  input.name = "test";
  input.classes = classes;
  input.labels = labels;
  input.probabilities = probabilities;
  input.groups = groups;
  ARROW_ASSIGN_OR_RAISE(const Evaluation evaluation, EvaluateScores(input));
  return PageAccuracy{
      .estimate = evaluation.accuracy, .rows = evaluation.rows, .how = std::move(how)};
}

}  // namespace

Status MeasureTest(const JudgingRows& test, const std::vector<std::string>& classes,
                   const ReportRows& rows, Judgement* judgement, Remarks* remarks) {
  const std::vector<bool> all(test.rows.size(), true);
  if (!rows.split_file) {
    ARROW_ASSIGN_OR_RAISE(judgement->official,
                          Measure(test, classes, rows, all, "rows of the folder Test"));
    remarks->push_back(
        {"summary",
         "how good answers are on what was not seen is not known: a file of pomona split with "
         "groups tells rows of the test that look like learned ones from others"});
    return Status::OK();
  }
  const SplitRows& split = *rows.split_file;
  std::vector<bool> learned(split.groups.size(), false);
  for (size_t r = 0; r < split.part.size(); ++r) {
    if (split.part[r] == SplitPart::kTrain) learned[static_cast<size_t>(split.group[r])] = true;
  }
  std::vector<bool> apart;
  for (const int64_t row : test.rows) {
    apart.push_back(!learned[static_cast<size_t>(split.group[static_cast<size_t>(row)])]);
  }
  const auto kind = std::ranges::count(apart, false);
  const bool grouped = split.groups.size() < split.part.size();
  if (kind == 0 && grouped) {
    return Measure(test, classes, rows, all, "rows of the split's test: of groups not learned from")
        .Value(&judgement->honest);
  }
  ARROW_ASSIGN_OR_RAISE(
      judgement->official,
      Measure(test, classes, rows, all,
              grouped
                  ? fmt::format("rows of the split's test, {} of {} of groups that were learned "
                                "from",
                                kind, apart.size())
                  : "rows of the split's test; the split has no groups"));
  if (!grouped) {
    remarks->push_back({"summary",
                        "the split has no groups: whether rows of its test look like learned ones "
                        "is not known"});
    return Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(judgement->honest, Measure(test, classes, rows, apart,
                                                   "of them rows of groups not learned from"));
  if (!judgement->honest) {
    remarks->push_back({"summary",
                        "no row of the test is of a group that was not learned from: nothing says "
                        "how good answers are on what was not seen"});
  }
  return Status::OK();
}

}  // namespace pomona
