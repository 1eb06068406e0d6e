#include "pomona/train.h"

#include <arrow/array/array_nested.h>
#include <arrow/array/array_primitive.h>
#include <arrow/builder.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/json.h"
#include "pomona/base/peak_memory.h"
#include "pomona/classify/calibration.h"
#include "pomona/classify/classifier_fields.h"
#include "pomona/classify/discriminant_choice.h"
#include "pomona/classify/fold_evaluation.h"
#include "pomona/classify/fold_statistics.h"
#include "pomona/classify/held_out.h"
#include "pomona/classify/learned_folds.h"
#include "pomona/classify/logistic_choice.h"
#include "pomona/classify/slice_sets.h"
#include "pomona/classify/target_mean.h"
#include "pomona/error_kind.h"
#include "pomona/features/memory_table.h"
#include "pomona/shown_text.h"
#include "pomona/storage/whole_file.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int kFolds = 5;
/// Of logistic regression: 40 times so many doubles are held.
constexpr int64_t kMostWeights = int64_t{1} << 22;
/// Fewer axes than these say too little, where there are more.
constexpr int64_t kFewAxes = 64;
/// How far the objective of logistic regression is from its minimum, of itself.
constexpr double kTolerance = 1e-6;

/// One call of Train: its state between the steps.
class TrainRun {
 public:
  TrainRun(const TrainOptions& options, int threads)
      : options_(options), threads_(threads), team_(threads) {}

  Result<TrainReport> Execute() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(const auto file, WholeFile::At(options_.output, options_.storage));
    ARROW_RETURN_NOT_OK(file.CheckCanPut(options_.overwrite));
    ARROW_RETURN_NOT_OK(Open());
    ARROW_RETURN_NOT_OK(Learn());
    ARROW_ASSIGN_OR_RAISE(const auto bytes, report_.classifier->ToBytes());
    ARROW_RETURN_NOT_OK(file.Put(std::string_view(*bytes)));
    report_.features = options_.features;
    report_.output = options_.output;
    return Finished(start);
  }

  /// The same of rows in memory, without a file.
  Result<TrainReport> ExecuteOn(std::unique_ptr<FeatureTable> table, LearningRows which) {
    const auto start = Clock::now();
    table_ = std::move(table);
    which_ = std::move(which);
    ARROW_RETURN_NOT_OK(Learn());
    return Finished(start);
  }

  /// What Execute learns before it puts all rows together.
  Result<LearnedFolds> ExecuteFolds() {
    ARROW_RETURN_NOT_OK(Open());
    ARROW_ASSIGN_OR_RAISE(const auto statistics, Read(nullptr));
    LearnedFolds learned;
    ARROW_ASSIGN_OR_RAISE(learned.held_out, CrossValidate(statistics));
    if (!learned.held_out.labels.empty()) {
      ARROW_ASSIGN_OR_RAISE(learned.evaluation,
                            EvaluateFolds(learned.held_out, which_, options_.coverage,
                                          options_.false_alarms, threads_));
    }
    for (int fold = 0; fold <= which_.folds; ++fold) {
      const DiscriminantFamily others(statistics.AllBut(fold < which_.folds ? fold : -1), slices_);
      learned.by_fold.push_back(others.Solve(set_, report_.shrinkage));
      ARROW_RETURN_NOT_OK(options_.stop.Poll());
    }
    if (learned.by_fold.back().rank == 0) {
      return DamagedData("nothing in the features tells the labels apart");
    }
    learned.table = std::move(table_);
    learned.which = std::move(which_);
    learned.score = score_;
    learned.shrinkage = report_.shrinkage;
    learned.slices = report_.slices;
    return learned;
  }

 private:
  TrainReport Finished(Clock::time_point start) {
    report_.version = kVersion;
    report_.peak_memory_bytes = PeakMemoryBytes();
    report_.seconds = SecondsSince(start);
    return report_;
  }

  Result<std::unique_ptr<FeatureTable>> OpenTable(const std::string& uri) const {
    return FeatureTable::Open({.uri = uri,
                               .column = options_.column,
                               .prove = true,
                               .threads = threads_,
                               .storage = options_.storage});
  }

  Status Open() {
    ARROW_ASSIGN_OR_RAISE(table_, OpenTable(options_.features));
    if (!options_.like.empty()) ARROW_RETURN_NOT_OK(OpenTable(options_.like).Value(&like_));
    return ReadLearningRows(*table_, Source(), options_.storage, options_.stop).Value(&which_);
  }

  LearningSource Source() const {
    return {.split = options_.split,
            .label_map = options_.labels,
            .target = options_.target,
            .folds = kFolds};
  }

  Result<LabelledBatches> Pass(bool views) const {
    return LabelledBatches::Open(*table_, which_, options_.column, views);
  }

  /// Statistics of all folds, and what is where in a row. `skipped`: rows without features.
  Result<FoldStatistics> Read(int64_t* skipped) {
    ARROW_ASSIGN_OR_RAISE(auto batches, Pass(options_.views));
    ARROW_ASSIGN_OR_RAISE(auto statistics, FoldStatistics::Read(batches, which_, threads_,
                                                                options_.stop, &report_.views));
    ARROW_ASSIGN_OR_RAISE(slices_, FeatureSlicesOf(table_->made_of(), batches.dim()));
    if (skipped != nullptr) *skipped = batches.skipped();
    return statistics;
  }

  Status Learn() {
    int64_t skipped = 0;
    ARROW_ASSIGN_OR_RAISE(const auto statistics, Read(&skipped));
    report_.folds = which_.folds;
    const bool centroid = options_.method == LearnMethod::kCentroid;
    ARROW_ASSIGN_OR_RAISE(HeldOut held_out,
                          centroid ? JudgeCentroids(statistics) : CrossValidate(statistics));
    const DiscriminantFamily all(statistics.AllBut(-1), slices_);
    Discriminant discriminant =
        centroid ? CentroidsOf(all.moments()) : all.Solve(set_, report_.shrinkage);
    if (discriminant.rank == 0) {
      return DamagedData("nothing in the features tells the labels apart");
    }
    report_.rows = all.moments().rows - report_.views;
    report_.calibration = which_.Calibrating();
    report_.honest_folds = which_.folds_of_groups;
    report_.left_out =
        static_cast<int64_t>(which_.fold.size()) - report_.rows - report_.calibration;
    Remark(skipped);
    Classifier::Fields fields;
    fields.score_kind = score_;
    fields.labels = which_.labels;
    fields.counts = all.moments().counts;
    fields.mean = std::move(discriminant.mean);
    fields.projection = std::move(discriminant.projection);
    fields.class_means = std::move(discriminant.class_means);
    if (centroid) {
      fields.method = LearnMethod::kCentroid;
    } else if (options_.method != LearnMethod::kDiscriminant) {
      ARROW_RETURN_NOT_OK(TryLogistic(all, &held_out, &fields));
    }
    if (!held_out.labels.empty()) {
      ARROW_ASSIGN_OR_RAISE(report_.evaluation, EvaluateFolds(held_out, which_, options_.coverage,
                                                              options_.false_alarms, threads_));
    }
    if (report_.calibration > 0) {
      ARROW_ASSIGN_OR_RAISE(auto pass, Pass(false));
      const RowScores scores(fields.Scoring());
      ARROW_ASSIGN_OR_RAISE(
          held_out, ScoreCalibration(std::move(pass), which_, scores, team_, options_.stop));
    }
    fields.features = table_->made_of();
    if (like_ != nullptr) ARROW_RETURN_NOT_OK(MoveTo(&fields));
    return Finish(std::move(fields), held_out);
  }

  /// Takes the mean of the photos that will be asked about for that of the rows of training.
  Status MoveTo(Classifier::Fields* fields) {
    ARROW_ASSIGN_OR_RAISE(TargetMean target,
                          ReadTargetMean(*like_, options_.column, fields->features,
                                         static_cast<int64_t>(fields->mean.size()), options_.stop));
    fields->mean = std::move(target.mean);
    fields->features = std::move(target.made_of);
    report_.like = target.rows;
    report_.remarks.push_back(fmt::format(
        "rows are seen from the mean of {} photos without labels: how right and how sure answers "
        "are, is of the rows of training, and too kind for photos of another kind",
        target.rows));
    return Status::OK();
  }

  /// What the means of the other folds' classes say of the rows of each.
  Result<HeldOut> JudgeCentroids(const FoldStatistics& statistics) {
    std::vector<std::vector<Discriminant>> by_fold;
    by_fold.reserve(static_cast<size_t>(which_.folds));
    for (int fold = 0; fold < which_.folds; ++fold) {
      by_fold.push_back({CentroidsOf(statistics.AllBut(fold))});
    }
    score_ = options_.score.value_or(ScoreKind::kCosine);
    report_.slices = "all";
    report_.features_used = statistics.dim();
    ARROW_ASSIGN_OR_RAISE(auto pass, Pass(false));
    ARROW_ASSIGN_OR_RAISE(auto held_out,
                          ScoreFolds(std::move(pass), which_, by_fold, std::span(&score_, 1),
                                     ScoredRows::kEnough, team_, options_.stop));
    return std::move(held_out.front());
  }

  /// Learns by logistic regression from the chosen slices. Where that is to be, or is better, its
  /// scores of held-out rows and its weights take the place of the discriminant's.
  Status TryLogistic(const DiscriminantFamily& all, HeldOut* held_out, Classifier::Fields* fields) {
    const std::vector<int64_t> features = FeaturesOf(slices_, set_);
    const int64_t rows = all.moments().rows;
    const int64_t classes = all.moments().classes();
    const int64_t most = std::min({static_cast<int64_t>(features.size()),
                                   LogisticRows::MostAxes(rows), kMostWeights / classes});
    if (most < std::min<int64_t>(kFewAxes, static_cast<int64_t>(features.size()))) {
      const auto why =
          fmt::format("{} labels and {} rows are too many for logistic regression", classes, rows);
      if (options_.method) return DamagedData(why, "\nhint: method discriminant takes them");
      report_.remarks.push_back(why);
      return Status::OK();
    }
    const PrincipalAxes axes(all.moments(), features, all.factors(), most);
    ARROW_ASSIGN_OR_RAISE(auto pass, Pass(options_.views));
    ARROW_ASSIGN_OR_RAISE(const auto logistic, LogisticRows::Read(std::move(pass), which_, axes,
                                                                  team_, threads_, options_.stop));
    const std::vector<double> weights = ClassWeights(all.moments());
    ARROW_ASSIGN_OR_RAISE(
        LogisticChoice choice,
        ChoosePenalty(logistic, which_.folds, held_out->rows, held_out->labels, weights,
                      axes.mean_variance(), options_.penalty, options_.stop));
    report_.discriminant_accuracy = held_out->Accuracy(classes);
    report_.logistic_accuracy = choice.accuracy;
    if (!options_.method && choice.accuracy <= *report_.discriminant_accuracy) return Status::OK();
    LogisticPath path;
    const LogisticFit& fit = logistic.FitAllBut(-1, weights, choice.penalty * axes.mean_variance(),
                                                kTolerance, &path, options_.stop);
    ARROW_RETURN_NOT_OK(options_.stop.Poll());
    report_.penalty = choice.penalty;
    report_.principal_axes = axes.count();
    if (axes.count() < static_cast<int64_t>(features.size())) {
      report_.remarks.push_back(fmt::format(
          "logistic regression learned in the first {} principal axes of {}, which hold {:.4g} % "
          "of the variance: all of them are more than it holds",
          axes.count(), features.size(), 100 * axes.explained()));
    }
    if (options_.method && choice.accuracy < *report_.discriminant_accuracy) {
      report_.remarks.push_back(
          fmt::format("the discriminant names more rows of the folds rightly, {:.3f} instead of "
                      "{:.3f}: method auto takes it",
                      *report_.discriminant_accuracy, choice.accuracy));
    }
    held_out->scores = std::move(choice.scores);
    fields->method = LearnMethod::kLogistic;
    fields->weights = axes.WeightsOfFeatures(fit.weights);
    fields->bias = fit.weights.bias;
    return Status::OK();
  }

  std::vector<double> ClassWeights(const ClassMoments& moments) const {
    std::vector<double> weights(moments.counts.size(), 1.0);
    if (!options_.balanced) return weights;
    const auto mean = static_cast<double>(moments.rows) / static_cast<double>(weights.size());
    for (size_t c = 0; c < weights.size(); ++c) {
      weights[c] = mean / static_cast<double>(std::max<int64_t>(moments.counts[c], 1));
    }
    return weights;
  }

  /// Chooses slices, score and shrinkage, and returns what they say of rows that they have not
  /// seen.
  Result<HeldOut> CrossValidate(const FoldStatistics& statistics) {
    ARROW_ASSIGN_OR_RAISE(DiscriminantChoice choice,
                          ChooseDiscriminant({.statistics = statistics,
                                              .which = which_,
                                              .slices = slices_,
                                              .shrinkage = options_.shrinkage,
                                              .score = options_.score,
                                              .pass = [this] { return Pass(false); }},
                                             team_, threads_, options_.stop));
    set_ = std::move(choice.set);
    score_ = choice.score;
    report_.shrinkage = choice.shrinkage;
    report_.slices = set_.name;
    report_.features_used = static_cast<int64_t>(FeaturesOf(slices_, set_).size());
    return std::move(choice.held_out);
  }

  /// What people should know of what was chosen and left out.
  void Remark(int64_t without_features) {
    const auto say = [&](int64_t rows, const char* what) {
      if (rows > 0) report_.remarks.push_back(fmt::format("{} rows {}", rows, what));
    };
    report_.remarks = which_.remarks;
    say(which_.of_other_splits, "are kept for other uses by the split");
    say(which_.unlabelled, "have no label and are left out");
    say(which_.of_unlearned_labels, "to calibrate on have labels that are not learned");
    say(without_features, "have no features and are left out");
    if (which_.labels_of_one_fold > 0) {
      report_.remarks.push_back(fmt::format(
          "{} labels are in one fold alone: nothing here says how good answers to them are",
          which_.labels_of_one_fold));
    }
    if (which_.folds_of_groups) return;
    report_.remarks.emplace_back(
        "the folds do not keep groups whole: where photos of one fruit, visit or movie are alike, "
        "the share that is right is too kind, and so is what says how sure answers are (pomona "
        "split --group ... --folds 5 makes honest ones)");
  }

  Status Finish(Classifier::Fields fields, const HeldOut& held_out) {
    fields.coverage = options_.coverage;
    fields.false_alarms = options_.false_alarms;
    const Calibration calibration = Calibrate(held_out.scores, held_out.unknown, held_out.labels,
                                              options_.coverage, options_.false_alarms, threads_);
    fields.temperature = calibration.sureness.temperature;
    fields.doubt = calibration.sureness.doubt;
    fields.set_quantile = calibration.set_quantile;
    fields.unknown_threshold = calibration.unknown_threshold;
    fields.training = TrainingRecord(static_cast<int64_t>(held_out.labels.size()));
    report_.classifier.emplace(std::move(fields));
    return Status::OK();
  }

  /// How it was learned. Without times and paths of the machine: equal tables give equal bytes.
  std::string TrainingRecord(int64_t calibrated_on) const {
    return CompactJson(
        {{"split", which_.split_digest.empty() ? Json() : Json(which_.split_digest)},
         {"rows", report_.rows},
         {"target", options_.target.empty() ? Json() : Json(options_.target)},
         {"views", report_.views},
         {"left_out", report_.left_out},
         {"folds", report_.folds},
         {"honest_folds", report_.honest_folds},
         {"accuracy", report_.evaluation ? Json(report_.evaluation->accuracy.value) : Json()},
         {"slices", report_.slices},
         {"shrinkage", report_.shrinkage},
         {"penalty", report_.penalty ? Json(*report_.penalty) : Json()},
         {"balanced", options_.balanced},
         {"like", report_.like},
         {"calibrated_on", calibrated_on}});
  }

  const TrainOptions& options_;
  const int threads_;
  ThreadTeam team_;
  std::unique_ptr<FeatureTable> table_;
  std::unique_ptr<FeatureTable> like_;  ///< of photos without labels; null: none
  LearningRows which_;
  std::vector<FeatureSlice> slices_;
  SliceSet set_;
  ScoreKind score_ = ScoreKind::kCosine;
  TrainReport report_;
};

/// A table that views them.
Result<std::unique_ptr<FeatureTable>> TableOf(const RowsToLearn& rows, const std::string& column) {
  const auto count = static_cast<int64_t>(rows.labels.size());
  const auto whole = count * rows.dim == static_cast<int64_t>(rows.values.size());
  if (rows.dim < 1 || rows.dim > std::numeric_limits<int32_t>::max() || !whole) {
    return Status::Invalid("there are ", rows.values.size(), " features, and ", count,
                           " labels of rows of ", rows.dim);
  }
  const auto buffer =
      std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(rows.values.data()),
                                      static_cast<int64_t>(rows.values.size_bytes()));
  const auto values =
      std::make_shared<arrow::FloatArray>(static_cast<int64_t>(rows.values.size()), buffer);
  ARROW_ASSIGN_OR_RAISE(const auto features, arrow::FixedSizeListArray::FromArrays(
                                                 values, static_cast<int32_t>(rows.dim)));
  arrow::StringBuilder text;
  ARROW_RETURN_NOT_OK(text.AppendValues(rows.labels));
  ARROW_ASSIGN_OR_RAISE(const auto labels, text.Finish());
  const auto schema =
      arrow::schema({arrow::field("label", arrow::utf8()), arrow::field(column, features->type())});
  return TableInMemory(arrow::RecordBatch::Make(schema, count, {labels, features}));
}

}  // namespace

Result<LearnedFolds> LearnFolds(const TrainOptions& options) {
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  return TrainRun(options, threads).ExecuteFolds();
}

Result<TrainReport> TrainOnRows(const RowsToLearn& rows, const TrainOptions& options) {
  ARROW_RETURN_NOT_OK(options.ValidateLearning());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  try {
    ARROW_ASSIGN_OR_RAISE(auto table, TableOf(rows, options.column));
    ARROW_ASSIGN_OR_RAISE(auto which, LearnAllRows(*table, rows.groups, kFolds, options.stop));
    return TrainRun(options, threads).ExecuteOn(std::move(table), std::move(which));
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the statistics of the rows",
                               "\nhint: PcaStatistics makes fewer features of many");
  }
}

Result<TrainReport> Train(const TrainOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  try {
    return TrainRun(options, threads).Execute();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the statistics of ",
                               ShownUri(options.features),
                               "\nhint: pomona pca makes fewer features of many");
  }
}

}  // namespace pomona
