#include "pomona/classify/train_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/classify/calibration.h"
#include "pomona/classify/classifier_fields.h"
#include "pomona/classify/discriminant_choice.h"
#include "pomona/classify/fold_evaluation.h"
#include "pomona/classify/fold_statistics.h"
#include "pomona/classify/held_out.h"
#include "pomona/classify/judged_rows.h"
#include "pomona/classify/logistic_training.h"
#include "pomona/classify/prototype_candidates.h"
#include "pomona/classify/slice_sets.h"
#include "pomona/classify/target_mean.h"
#include "pomona/classify/train_remarks.h"
#include "pomona/error_kind.h"
#include "pomona/features/made_of.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// One call of LearnTarget: its state between the steps.
class TargetTraining {
 public:
  TargetTraining(const TrainTables& tables, LearningRows which,
                 std::optional<LearningRows> validation, const TrainOptions& options, int threads)
      : options_(options),
        tables_(tables),
        threads_(threads),
        team_(threads),
        which_(std::move(which)),
        validation_(std::move(validation)),
        candidates_(which_, options.prototypes) {}

  Result<TrainReport> Learn() {
    ARROW_ASSIGN_OR_RAISE(const auto statistics, Read());
    ARROW_RETURN_NOT_OK(ReadWhatIsAsked(statistics.dim()));
    const JudgedRows judges = Judges(statistics.dim());
    const bool centroid = options_.method == LearnMethod::kCentroid;
    ARROW_ASSIGN_OR_RAISE(HeldOut held_out,
                          centroid ? JudgeCentroids(statistics, judges)
                                   : ChooseByDiscriminant(statistics, judges));
    const DiscriminantFamily all(statistics.AllBut(-1), slices_);
    Discriminant discriminant =
        centroid ? CentroidsOf(all.moments()) : all.Solve(set_, report_.shrinkage);
    if (discriminant.rank == 0) {
      return DamagedData("nothing in the features tells the labels apart");
    }
    Count(all.moments());
    Classifier::Fields fields;
    fields.target = which_.target;
    fields.score_kind = score_;
    fields.labels = which_.labels;
    fields.counts = all.moments().counts;
    fields.mean = std::move(discriminant.mean);
    fields.projection = std::move(discriminant.projection);
    fields.class_means = std::move(discriminant.class_means);
    fields.prototypes = candidates_.Choose(fields.Scoring(), team_);
    for (const auto& of_class : fields.prototypes) report_.prototypes += std::ssize(of_class);
    if (centroid) {
      fields.method = LearnMethod::kCentroid;
    } else if (options_.method != LearnMethod::kDiscriminant) {
      ARROW_RETURN_NOT_OK(TryLogistic(all, judges, &held_out, &fields));
    }
    ARROW_RETURN_NOT_OK(Calibrate(&held_out, &fields));
    if (target_mean_) fields.mean = target_mean_->mean;
    fields.features = made_of_;
    report_.classifier.emplace(std::move(fields));
    return std::move(report_);
  }

 private:
  LabelledColumns Columns() const {
    return {.features = options_.column, .views = options_.views, .paths = options_.prototypes > 0};
  }

  /// Statistics of all folds, what is where in a row, and out of what prototypes are chosen.
  Result<FoldStatistics> Read() {
    ARROW_ASSIGN_OR_RAISE(auto batches,
                          LabelledBatches::Open(*tables_.features, which_, Columns()));
    const auto also = [&](const LabelledBatch& batch) { candidates_.Take(batch); };
    ARROW_ASSIGN_OR_RAISE(auto statistics,
                          FoldStatistics::Read(batches, which_, threads_, options_.stop,
                                               &report_.views, also));
    ARROW_ASSIGN_OR_RAISE(slices_,
                          FeatureSlicesOf(tables_.features->made_of(), batches.dim()));
    skipped_ = batches.skipped();
    return statistics;
  }

  /// The mean of the photos that will be asked about, and how their features are made.
  Status ReadWhatIsAsked(int64_t dim) {
    made_of_ = tables_.features->made_of();
    if (tables_.validate != nullptr) {
      const std::string& validate = tables_.validate->made_of();
      const std::string differing = DifferingTensors(made_of_, validate);
      if (!differing.empty()) {
        return Status::Invalid(
            "validate: its features are of another kind than those that are learned from: ",
            differing);
      }
      if (!validate.empty()) made_of_ = validate;
    }
    if (tables_.like == nullptr) return Status::OK();
    ARROW_ASSIGN_OR_RAISE(target_mean_,
                          ReadTargetMean(*tables_.like, options_.column,
                                         tables_.features->made_of(), dim, options_.stop));
    made_of_ = target_mean_->made_of;
    report_.like = target_mean_->rows;
    return Status::OK();
  }

  JudgedRows Judges(int64_t dim) const {
    if (!validation_) {
      return {.table = *tables_.features, .which = which_, .column = options_.column, .dim = dim};
    }
    return {.table = *tables_.validate,
            .which = *validation_,
            .column = options_.column,
            .dim = dim,
            .of_training = false,
            .mean = target_mean_ ? std::span<const double>(target_mean_->mean)
                                 : std::span<const double>()};
  }

  /// Chooses slices, score and shrinkage, and returns what they say of rows that they have not
  /// seen.
  Result<HeldOut> ChooseByDiscriminant(const FoldStatistics& statistics, const JudgedRows& judges) {
    ARROW_ASSIGN_OR_RAISE(DiscriminantChoice choice,
                          ChooseDiscriminant({.statistics = statistics,
                                              .judged = judges,
                                              .slices = slices_,
                                              .shrinkage = options_.shrinkage,
                                              .score = options_.score},
                                             team_, threads_, options_.stop));
    set_ = std::move(choice.set);
    score_ = choice.score;
    report_.shrinkage = choice.shrinkage;
    report_.slices = set_.name;
    report_.features_used = static_cast<int64_t>(FeaturesOf(slices_, set_).size());
    return std::move(choice.held_out);
  }

  /// What the means of the classes say of the judged rows.
  Result<HeldOut> JudgeCentroids(const FoldStatistics& statistics, const JudgedRows& judges) {
    std::vector<std::vector<Discriminant>> by_fold;
    for (int fold = 0; fold < judges.which.folds; ++fold) {
      by_fold.push_back({CentroidsOf(statistics.AllBut(judges.Without(fold)))});
      auto& mean = by_fold.back().front().mean;
      if (!judges.mean.empty()) mean.assign(judges.mean.begin(), judges.mean.end());
    }
    std::vector<ScoreKind> kinds = {options_.score.value_or(ScoreKind::kCosine)};
    if (!options_.score && !judges.of_training) kinds.push_back(ScoreKind::kDistance);
    report_.slices = "all";
    report_.features_used = statistics.dim();
    ARROW_ASSIGN_OR_RAISE(auto pass, judges.Pass());
    ARROW_ASSIGN_OR_RAISE(auto held_out, ScoreFolds(std::move(pass), judges.which, by_fold, kinds,
                                                    ScoredRows::kEnough, team_, options_.stop));
    const auto right = [&](const HeldOut& rows) {
      return rows.Right(static_cast<int64_t>(which_.labels.size()), judges.share());
    };
    const auto best = std::ranges::max_element(held_out, {}, right);
    score_ = kinds[static_cast<size_t>(best - held_out.begin())];
    return std::move(*best);
  }

  /// Learns by logistic regression from the chosen slices. Where that is to be, or is better, its
  /// scores of judged rows and its weights take the place of the discriminant's.
  Status TryLogistic(const DiscriminantFamily& all, const JudgedRows& judges, HeldOut* held_out,
                     Classifier::Fields* fields) {
    const std::vector<int64_t> features = FeaturesOf(slices_, set_);
    const LabelledColumns columns = {.features = options_.column, .views = options_.views};
    const double right = held_out->Right(all.moments().classes(), judges.share());
    const LogisticTraining training = {
        .all = all,
        .features = features,
        .table = *tables_.features,
        .which = which_,
        .columns = columns,
        .judges = judges,
        .held_out = *held_out,
        .penalty = options_.penalty,
        .balanced = options_.balanced,
        .better_than = options_.method ? std::nullopt : std::optional(right)};
    if (const std::string why = TooMuchForLogistic(training); !why.empty()) {
      if (options_.method) return DamagedData(why, "\nhint: method discriminant takes them");
      report_.remarks.push_back(why);
      return Status::OK();
    }
    ARROW_ASSIGN_OR_RAISE(LearnedLogistic learned,
                          LearnLogistic(training, team_, threads_, options_.stop));
    report_.discriminant_accuracy = right;
    report_.logistic_accuracy = learned.right;
    if (learned.weights.empty()) return Status::OK();
    report_.penalty = learned.penalty;
    report_.principal_axes = learned.axes;
    RemarkOnLogistic(learned, features.size(), right, &report_);
    held_out->scores = std::move(learned.scores);
    fields->method = LearnMethod::kLogistic;
    fields->weights = std::move(learned.weights);
    fields->bias = std::move(learned.bias);
    return Status::OK();
  }

  /// What was learned from, and what people should know of it.
  void Count(const ClassMoments& moments) {
    report_.target = which_.target;
    report_.folds = validation_ ? 0 : which_.folds;
    report_.rows = moments.rows - report_.views;
    report_.calibration = which_.Calibrating();
    report_.honest_folds = which_.folds_of_groups;
    report_.left_out =
        static_cast<int64_t>(which_.fold.size()) - report_.rows - report_.calibration;
    if (validation_) {
      report_.validation = validation_->Learned();
      report_.validation_left_out =
          static_cast<int64_t>(validation_->fold.size()) - report_.validation;
    }
    RemarkOnRows(which_, validation_ ? &*validation_ : nullptr, skipped_, &report_);
  }

  /// How sure answers are, by what was not learned from.
  Status Calibrate(HeldOut* held_out, Classifier::Fields* fields) {
    if (!validation_ && !held_out->labels.empty()) {
      ARROW_ASSIGN_OR_RAISE(report_.evaluation, EvaluateFolds(*held_out, which_, options_.coverage,
                                                              options_.false_alarms, threads_));
    }
    if (report_.calibration > 0) {
      ARROW_ASSIGN_OR_RAISE(auto pass, LabelledBatches::Open(*tables_.features, which_,
                                                             {.features = options_.column}));
      const RowScores scores(fields->Scoring());
      ARROW_ASSIGN_OR_RAISE(
          *held_out, ScoreCalibration(std::move(pass), which_, scores, team_, options_.stop));
    }
    const Calibration calibration =
        pomona::Calibrate(held_out->scores, held_out->unknown, held_out->labels, options_.coverage,
                          options_.false_alarms, threads_);
    if (validation_) {
      ARROW_ASSIGN_OR_RAISE(report_.evaluation, EvaluateValidation(*held_out, *validation_,
                                                                   calibration, options_.coverage));
    }
    fields->coverage = options_.coverage;
    fields->false_alarms = options_.false_alarms;
    fields->temperature = calibration.sureness.temperature;
    fields->doubt = calibration.sureness.doubt;
    fields->set_quantile = calibration.set_quantile;
    fields->unknown_threshold = calibration.unknown_threshold;
    fields->training = TrainingRecord(std::ssize(held_out->labels));
    return Status::OK();
  }

  /// How it was learned. Without times and paths of the machine: equal tables give equal bytes.
  std::string TrainingRecord(int64_t calibrated_on) const {
    return CompactJson(
        {{"split", which_.split_digest.empty() ? Json() : Json(which_.split_digest)},
         {"rows", report_.rows},
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
         {"validation", report_.validation},
         {"calibrated_on", calibrated_on}});
  }

  const TrainOptions& options_;
  const TrainTables& tables_;
  const int threads_;
  ThreadTeam team_;
  const LearningRows which_;
  const std::optional<LearningRows> validation_;
  PrototypeCandidates candidates_;
  std::vector<FeatureSlice> slices_;
  int64_t skipped_ = 0;  ///< rows without features
  std::optional<TargetMean> target_mean_;
  std::string made_of_;  ///< of the features that will be asked about
  SliceSet set_;
  ScoreKind score_ = ScoreKind::kCosine;
  TrainReport report_;
};

}  // namespace

Result<TrainTables> TrainTables::Open(const TrainOptions& options, int threads) {
  TrainTables tables;
  const auto open = [&](const std::string& uri, const char* option) {
    return FeatureTable::Open({.uri = uri,
                               .column = options.column,
                               .option = option,
                               .prove = true,
                               .threads = threads,
                               .storage = options.storage});
  };
  ARROW_ASSIGN_OR_RAISE(tables.features, open(options.features, ""));
  if (!options.like.empty()) {
    ARROW_ASSIGN_OR_RAISE(tables.like, open(options.like, "like"));
  }
  if (options.validate.empty()) return tables;
  ARROW_ASSIGN_OR_RAISE(tables.validate, open(options.validate, "validate"));
  if (tables.like == nullptr) return tables;
  const std::string differing =
      DifferingFeatures(tables.like->made_of(), tables.validate->made_of());
  if (differing.empty()) return tables;
  return Status::Invalid("like and validate have features of different kinds: ", differing);
}

LearningSource LearningSourceOf(const TrainOptions& options, const std::string& target) {
  return {.split = options.split, .label_map = options.labels, .target = target};
}

Result<TrainReport> LearnTarget(const TrainTables& tables, LearningRows which,
                                std::optional<LearningRows> validation,
                                const TrainOptions& options, int threads) {
  return TargetTraining(tables, std::move(which), std::move(validation), options, threads).Learn();
}

}  // namespace pomona
