#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "pomona/base/json.h"
#include "pomona/base/sha256.h"
#include "pomona/classify/classifier_file.h"
#include "pomona/classify/target_names.h"
#include "pomona/classify/table_for_classifier.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_rows.h"
#include "pomona/features/unusable_rows.h"
#include "pomona/report/judgement.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Which rows judge: not whether their labels were learned.
class TestRows {
 public:
  explicit TestRows(const ReportRows& rows) : rows_(rows) {
    const auto test = std::ranges::find(rows.splits, "test");
    if (!rows.split_file && test != rows.splits.end()) {
      test_ = static_cast<int32_t>(test - rows.splits.begin());
    }
  }

  bool all() const { return !rows_.split_file && test_ < 0; }
  bool Has(int64_t row) const {
    const auto at = static_cast<size_t>(row);
    if (rows_.split_file) {
      const SplitPart part = rows_.split_file->part[at];
      return part == SplitPart::kTest || part == SplitPart::kHeldOut;
    }
    return all() || rows_.split[at] == test_;
  }

 private:
  const ReportRows& rows_;
  int32_t test_ = -1;
};

/// Answers to all rows as they are read, and the probabilities of those that judge.
struct Answered {
  std::vector<int32_t> predicted;  ///< a class
  std::vector<float> probability, unknown;
  JudgingRows test;
};

Status AnswerBatch(const Classifier& classifier, const FeatureRows& features,
                   const std::vector<int32_t>& class_of_label, const TestRows& test,
                   const ReportRows& rows, int threads, Answered* answered) {
  std::vector<float> values;
  features.AppendTo(&values);
  const auto answers = classifier.Answer(values.data(), features.rows(), threads);
  const auto classes = static_cast<size_t>(classifier.classes());
  for (size_t r = 0; r < answers.unknown.size(); ++r) {
    const auto of_row = std::span(answers.probabilities).subspan(r * classes, classes);
    const auto best = std::ranges::max_element(of_row);
    const auto row = static_cast<int64_t>(answered->predicted.size());
    answered->predicted.push_back(static_cast<int32_t>(best - of_row.begin()));
    answered->probability.push_back(*best);
    answered->unknown.push_back(answers.unknown[r]);
    const int32_t label = rows.label[static_cast<size_t>(row)];
    if (label < 0 || !test.Has(row)) continue;
    JudgingRows& judging = answered->test;
    judging.rows.push_back(row);
    judging.labels.push_back(class_of_label[static_cast<size_t>(label)]);
    judging.probabilities.insert(judging.probabilities.end(), of_row.begin(), of_row.end());
  }
  return Status::OK();
}

Result<Answered> AnswerRows(const Classifier& classifier, const ReportOptions& options,
                            const ReportRows& rows, const TestRows& test, int threads) {
  ARROW_ASSIGN_OR_RAISE(const auto table, OpenTableFor(classifier, options.classifier,
                                                       {.uri = options.features,
                                                        .column = options.column,
                                                        .threads = threads,
                                                        .storage = options.storage}));
  std::vector<int32_t> class_of_label;
  const auto& classes = classifier.labels();
  for (const std::string& label : rows.labels) {
    const auto found = std::ranges::lower_bound(classes, label);
    const bool known = found != classes.end() && *found == label;
    class_of_label.push_back(known ? static_cast<int32_t>(found - classes.begin()) : -1);
  }
  Answered answered;
  ARROW_ASSIGN_OR_RAISE(const auto batches, table->Read({options.column}));
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
    if (!next) break;
    ARROW_RETURN_NOT_OK(options.stop.Poll());
    int64_t unusable = 0;
    ARROW_ASSIGN_OR_RAISE(const auto usable,
                          NullUnusableRows(next->batch->GetColumnByName(options.column),
                                           classifier.dim(), &unusable));
    ARROW_ASSIGN_OR_RAISE(const auto features,
                          FeatureRows::Make(*usable, classifier.dim(), next->first_row));
    ARROW_RETURN_NOT_OK(
        AnswerBatch(classifier, features, class_of_label, test, rows, threads, &answered));
  }
  if (static_cast<int64_t>(answered.predicted.size()) == rows.rows()) return answered;
  return DamagedData(ShownUri(options.features), " changed while it was read");
}

/// From a class to an index of the rows' labels, of which those that were predicted become some.
void NamePredictions(const std::vector<std::string>& classes, ReportRows* rows,
                     std::vector<int32_t>* predicted) {
  std::vector<int32_t> used = *predicted;
  std::ranges::sort(used);
  used.erase(std::unique(used.begin(), used.end()), used.end());
  std::vector<std::string> names;
  for (const int32_t one : used) names.push_back(classes[static_cast<size_t>(one)]);
  const auto label_of = rows->TakeLabels(names);
  for (int32_t& one : *predicted) {
    const auto at = std::ranges::lower_bound(used, one) - used.begin();
    one = label_of[static_cast<size_t>(at)];
  }
}

/// A test is only one for the classifier that was trained by it.
void CheckSplit(const Classifier& classifier, const ReportRows& rows, Remarks* remarks) {
  const Json training = ParseJson(classifier.training()).ValueOr(Json::object());
  const Json of_training = training.is_object() ? training.value("split", Json()) : Json();
  if (of_training == rows.split_file->digest) return;
  remarks->push_back(
      {"wrong", fmt::format("the classifier was trained {}: rows that judge here may "
                            "have been learned from",
                            of_training.is_null() ? "without a split" : "by another split")});
}

}  // namespace

Result<Judgement> JudgeByClassifier(const ReportOptions& options, int threads, ReportRows* rows,
                                    Remarks* remarks) {
  ARROW_ASSIGN_OR_RAISE(const ClassifierFile file,
                        ReadClassifierFile(options.classifier, options.storage));
  ARROW_ASSIGN_OR_RAISE(const Classifier classifier, PickTarget(file.classifiers, options.target));
  if (rows->rows() > 0 && rows->matrix.row_dim != classifier.dim()) {
    return Status::Invalid("the classifier ", ShownUri(options.classifier),
                           " learned from rows of ", classifier.dim(), " features, those of ",
                           ShownUri(options.features), " have ", rows->matrix.row_dim);
  }
  const TestRows test(*rows);
  ARROW_ASSIGN_OR_RAISE(Answered answered, AnswerRows(classifier, options, *rows, test, threads));
  Judgement judgement;
  judgement.by = "classifier " + ShownUri(options.classifier);
  judgement.digest = "sha256:" + ToHex(Sha256Of(std::string_view(*file.bytes)));
  judgement.unknown_threshold = classifier.unknown_threshold();
  judgement.judges.assign(answered.predicted.size(), 0);
  int64_t strangers = 0;
  for (size_t i = 0; i < answered.test.rows.size(); ++i) {
    const bool learned = answered.test.labels[i] >= 0;
    judgement.judges[static_cast<size_t>(answered.test.rows[i])] = learned ? 1 : 0;
    strangers += learned ? 0 : 1;
  }
  if (rows->split_file) CheckSplit(classifier, *rows, remarks);
  if (test.all()) {
    remarks->push_back({"wrong",
                        "all rows judge, as there is no split: where the classifier learned from "
                        "them, what is shown here means nothing"});
  } else {
    ARROW_RETURN_NOT_OK(
        MeasureTest(answered.test, classifier.labels(), *rows, &judgement, remarks));
  }
  if (strangers > 0) {
    remarks->push_back({"wrong", fmt::format("{} rows of labels that the classifier did not learn "
                                             "are no mistakes, and are not shown here",
                                             strangers)});
  }
  remarks->push_back({"wrong",
                      "labels that are likely to be wrong are looked for without a classifier "
                      "alone, by what other rows teach"});
  NamePredictions(classifier.labels(), rows, &answered.predicted);
  judgement.predicted = std::move(answered.predicted);
  judgement.probability = std::move(answered.probability);
  judgement.unknown = std::move(answered.unknown);
  return judgement;
}

}  // namespace pomona
