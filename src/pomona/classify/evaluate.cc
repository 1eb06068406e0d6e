#include "pomona/evaluate.h"

#include <arrow/array.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/json.h"
#include "pomona/classifier.h"
#include "pomona/classify/row_labels.h"
#include "pomona/classify/table_for_classifier.h"
#include "pomona/classify/target_names.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_rows.h"
#include "pomona/features/feature_table.h"
#include "pomona/shown_text.h"
#include "pomona/split.h"
#include "pomona/storage/uri.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Rows that judge, with what the classifier says of them.
struct Judged {
  std::vector<int32_t> labels;  ///< -1: of a label that was not learned
  std::vector<int32_t> groups;
  std::vector<float> probabilities;
  std::vector<float> unknown;

  /// Those of which `keep` is true.
  Judged Only(const std::vector<bool>& keep) const {
    Judged some;
    const size_t classes = probabilities.size() / labels.size();
    for (size_t r = 0; r < labels.size(); ++r) {
      if (!keep[r]) continue;
      some.labels.push_back(labels[r]);
      some.groups.push_back(groups[r]);
      some.unknown.push_back(unknown[r]);
      const auto first = probabilities.begin() + static_cast<int64_t>(r * classes);
      some.probabilities.insert(some.probabilities.end(), first,
                                first + static_cast<int64_t>(classes));
    }
    return some;
  }
};

/// Judges the classifier of one target: its state between the steps.
class TargetEvaluation {
 public:
  /// `target`: of the label map; empty: its first.
  TargetEvaluation(const EvaluateOptions& options, FeatureTable& table,
                   const Classifier& classifier, std::string target, int threads)
      : options_(options),
        table_(table),
        classifier_(classifier),
        target_(std::move(target)),
        threads_(threads) {}

  Result<EvaluateReport> Execute() {
    const LabelSource source{
        .map = options_.labels, .target = target_, .paths = !options_.split.empty()};
    ARROW_ASSIGN_OR_RAISE(labels_, ReadRowLabels(table_, source, options_.storage, options_.stop));
    report_.remarks = labels_.remarks;
    for (const auto& name : labels_.names) classes_.push_back(ClassOf(name));
    if (!options_.split.empty()) {
      ARROW_RETURN_NOT_OK(ReadParts());
      CheckSplit();
    }
    ARROW_RETURN_NOT_OK(Judge());
    ARROW_RETURN_NOT_OK(Compare());
    report_.version = kVersion;
    report_.features = options_.features;
    report_.classifier = options_.classifier;
    report_.target = classifier_.target();
    return report_;
  }

 private:
  Status ReadParts() {
    ARROW_ASSIGN_OR_RAISE(split_, ReadSplit(options_.split, *labels_.paths, options_.storage));
    learned_groups_.assign(split_->groups.size(), false);
    for (size_t r = 0; r < split_->part.size(); ++r) {
      if (split_->part[r] == SplitPart::kTrain) {
        learned_groups_[static_cast<size_t>(split_->group[r])] = true;
      }
    }
    return Status::OK();
  }

  bool Judges(size_t row) const {
    if (!split_) return true;
    return split_->part[row] == SplitPart::kTest || split_->part[row] == SplitPart::kHeldOut;
  }

  int32_t ClassOf(std::string_view label) const {
    const auto& labels = classifier_.labels();
    const auto found = std::lower_bound(labels.begin(), labels.end(), label);
    if (found == labels.end() || *found != label) return -1;
    return static_cast<int32_t>(found - labels.begin());
  }

  Status Judge() {
    ARROW_ASSIGN_OR_RAISE(const auto batches, table_.Read({options_.column}));
    size_t row = 0;
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
      if (!next) return Status::OK();
      ARROW_RETURN_NOT_OK(options_.stop.Poll());
      const auto features = next->batch->GetColumnByName(options_.column);
      const auto rows = FeatureRows::Make(*features, classifier_.dim(), next->first_row);
      if (!rows.ok()) {
        return AsDamagedData(rows.status()).WithMessage(next->file, ": ", rows.status().message());
      }
      std::vector<float> values;
      rows->AppendTo(&values);
      int64_t at = 0;
      std::vector<float> chosen;
      for (int64_t r = 0; r < features->length(); ++r, ++row) {
        const bool has_features = features->IsValid(r);
        const int32_t label = labels_.label[row];
        if (!has_features || label < 0 || !Judges(row)) {
          ++report_.left_out;
        } else {
          judged_.labels.push_back(classes_[static_cast<size_t>(label)]);
          judged_.groups.push_back(split_ ? split_->group[row] : static_cast<int32_t>(row));
          const auto first = values.begin() + at * rows->dim();
          chosen.insert(chosen.end(), first, first + rows->dim());
        }
        at += has_features ? 1 : 0;
      }
      const auto answers = classifier_.Answer(
          chosen.data(), static_cast<int64_t>(chosen.size()) / classifier_.dim(), threads_);
      judged_.probabilities.insert(judged_.probabilities.end(), answers.probabilities.begin(),
                                   answers.probabilities.end());
      judged_.unknown.insert(judged_.unknown.end(), answers.unknown.begin(), answers.unknown.end());
    }
  }

  /// Its test is only one for the classifier that was trained by it.
  void CheckSplit() {
    const Json training = ParseJson(classifier_.training()).ValueOr(Json::object());
    const Json of_training = training.is_object() ? training.value("split", Json()) : Json();
    if (of_training == split_->digest) return;
    report_.remarks.push_back(fmt::format(
        "the classifier was trained {}: rows that judge here may have been learned from",
        of_training.is_null() ? "without a split" : "by another split"));
  }

  Status Compare() {
    if (judged_.labels.empty()) {
      return Status::Invalid(
          "there is no row to judge by",
          split_
              ? "\nhint: rows of the split's parts test and held-out judge; a split of folds alone "
                "has none: what they say, `pomona train` said"
              : "");
    }
    ARROW_RETURN_NOT_OK(Add("test", judged_));
    if (!split_) {
      report_.remarks.emplace_back(
          "all rows judge: where some of them were learned from, these numbers mean nothing");
      return Status::OK();
    }
    std::vector<bool> apart;
    for (const int32_t group : judged_.groups) {
      apart.push_back(!learned_groups_[static_cast<size_t>(group)]);
    }
    const auto kind = std::count(apart.begin(), apart.end(), false);
    if (kind == 0) return Status::OK();
    report_.remarks.push_back(fmt::format(
        "{} of {} rows are of groups that were learned from: what is measured on them is too kind",
        kind, apart.size()));
    const Judged others = judged_.Only(apart);
    if (std::any_of(others.labels.begin(), others.labels.end(), [](int one) { return one >= 0; })) {
      return Add("other groups", others);
    }
    report_.remarks.emplace_back(
        "no row is of another group: nothing here says how good the classifier is on what it has "
        "not seen");
    return Status::OK();
  }

  Status Add(const char* name, const Judged& judged) {
    EvaluationInput input;
    input.name = name;
    input.classes = classifier_.labels();
    input.labels = judged.labels;
    input.probabilities = judged.probabilities;
    input.unknown_scores = judged.unknown;
    input.groups = judged.groups;
    input.conformal_quantile = classifier_.set_quantile();
    input.conformal_level = classifier_.coverage();
    input.draws = options_.draws;
    ARROW_ASSIGN_OR_RAISE(auto evaluation, EvaluateScores(input));
    report_.evaluations.push_back(std::move(evaluation));
    return Status::OK();
  }

  const EvaluateOptions& options_;
  FeatureTable& table_;
  const Classifier& classifier_;
  const std::string target_;
  const int threads_;
  RowLabels labels_;
  std::vector<int32_t> classes_;  ///< of each label the classifier's number, -1: not learned
  std::optional<SplitRows> split_;
  std::vector<bool> learned_groups_;
  Judged judged_;
  EvaluateReport report_;
};

Status NoMemoryFor(const EvaluateOptions& options) {
  return Status::OutOfMemory("there is not enough memory for the answers to the rows of ",
                             ShownUri(options.features));
}

/// Of a file of several targets the one that is asked for, or all.
Result<std::vector<Classifier>> ChooseTargets(const EvaluateOptions& options) {
  ARROW_ASSIGN_OR_RAISE(auto classifiers, LoadClassifiers(options.classifier, options.storage));
  // The labels of one may have another name in this map.
  if (classifiers.size() == 1) return classifiers;
  if (options.labels.empty()) {
    return Status::Invalid("the classifier ", ShownUri(options.classifier), " has ",
                           classifiers.size(), " targets, and the column `label` is one",
                           "\nhint: option `labels` names the map that it was trained by");
  }
  if (options.target.empty()) return classifiers;
  ARROW_ASSIGN_OR_RAISE(auto one, PickTarget(classifiers, options.target));
  return std::vector{std::move(one)};
}

/// `several`: of all targets, where the file has more than one.
Result<std::vector<EvaluateReport>> EvaluateAll(const EvaluateOptions& options, bool several) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  ARROW_ASSIGN_OR_RAISE(const auto classifiers, ChooseTargets(options));
  if (!several) ARROW_RETURN_NOT_OK(PickTarget(classifiers, "").status());
  ARROW_ASSIGN_OR_RAISE(const auto table, OpenTableFor(classifiers.front(), options.classifier,
                                                       {.uri = options.features,
                                                        .column = options.column,
                                                        .prove = true,
                                                        .threads = threads,
                                                        .storage = options.storage}));
  std::vector<EvaluateReport> reports;
  for (const Classifier& one : classifiers) {
    const bool named = options.labels.empty() || !options.target.empty();
    ARROW_ASSIGN_OR_RAISE(auto report,
                          TargetEvaluation(options, *table, one,
                                           named ? options.target : one.target(), threads)
                              .Execute());
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace

Result<std::vector<EvaluateReport>> EvaluateTargets(const EvaluateOptions& options) {
  try {
    return EvaluateAll(options, /*several=*/true);
  } catch (const std::bad_alloc&) {
    return NoMemoryFor(options);
  }
}

Result<EvaluateReport> Evaluate(const EvaluateOptions& options) {
  try {
    ARROW_ASSIGN_OR_RAISE(auto reports, EvaluateAll(options, /*several=*/false));
    return std::move(reports.front());
  } catch (const std::bad_alloc&) {
    return NoMemoryFor(options);
  }
}

Status EvaluateOptions::Validate() const {
  ARROW_RETURN_NOT_OK(CheckTableOptions(features, column, storage));
  ARROW_RETURN_NOT_OK(Uri::Parse(classifier).status());
  if (!target.empty() && labels.empty()) {
    return Status::Invalid(
        "option `target`: there is no label map\nhint: option `labels` names one");
  }
  if (draws < 0 || draws > 1'000'000)
    return Status::Invalid("option `draws` must be 0 to 1,000,000, not ", draws);
  return CheckThreads(threads);
}

std::string EvaluateReport::ToJson() const {
  Json json = {{"pomona", version},
               {"features", ShownUri(features)},
               {"classifier", ShownUri(classifier)},
               {"target", target.empty() ? Json() : Json(target)},
               {"left_out", left_out},
               {"evaluations", Json::array()},
               {"remarks", remarks}};
  for (const auto& evaluation : evaluations) {
    json["evaluations"].push_back(ParseJson(evaluation.ToJson()).ValueOrDie());
  }
  return JsonDocument(json);
}

std::string EvaluateReportsJson(const std::vector<EvaluateReport>& reports) {
  if (reports.size() == 1) return reports.front().ToJson();
  Json targets = Json::array();
  for (const EvaluateReport& one : reports) {
    targets.push_back(ParseJson(one.ToJson()).ValueOrDie());
    for (const char* shared : {"pomona", "features", "classifier"}) targets.back().erase(shared);
  }
  const EvaluateReport& first = reports.front();
  return JsonDocument({{"pomona", first.version},
                       {"features", ShownUri(first.features)},
                       {"classifier", ShownUri(first.classifier)},
                       {"targets", std::move(targets)}});
}

}  // namespace pomona
