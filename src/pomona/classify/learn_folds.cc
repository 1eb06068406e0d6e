#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/thread_team.h"
#include "pomona/classify/discriminant_choice.h"
#include "pomona/classify/fold_evaluation.h"
#include "pomona/classify/fold_statistics.h"
#include "pomona/classify/judged_rows.h"
#include "pomona/classify/learned_folds.h"
#include "pomona/classify/train_target.h"
#include "pomona/error_kind.h"

namespace pomona {

arrow::Result<LearnedFolds> LearnFolds(const TrainOptions& options) {
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  ARROW_ASSIGN_OR_RAISE(TrainTables tables, TrainTables::Open(options, threads));
  LearnedFolds learned;
  learned.table = std::move(tables.features);
  const std::string target = options.targets.empty() ? "" : options.targets.front();
  ARROW_ASSIGN_OR_RAISE(learned.which,
                        ReadLearningRows(*learned.table, LearningSourceOf(options, target),
                                         options.storage, options.stop));
  const LearningRows& which = learned.which;
  ARROW_ASSIGN_OR_RAISE(
      auto batches, LabelledBatches::Open(*learned.table, which,
                                          {.features = options.column, .views = options.views}));
  int64_t views = 0;
  ARROW_ASSIGN_OR_RAISE(const auto statistics,
                        FoldStatistics::Read(batches, which, threads, options.stop, &views));
  ARROW_ASSIGN_OR_RAISE(const auto slices,
                        FeatureSlicesOf(learned.table->made_of(), statistics.dim()));
  const JudgedRows judges = {.table = *learned.table,
                             .which = which,
                             .column = options.column,
                             .dim = statistics.dim()};
  ThreadTeam team(threads);
  ARROW_ASSIGN_OR_RAISE(DiscriminantChoice choice,
                        ChooseDiscriminant({.statistics = statistics,
                                            .judged = judges,
                                            .slices = slices,
                                            .shrinkage = options.shrinkage,
                                            .score = options.score},
                                           team, threads, options.stop));
  learned.held_out = std::move(choice.held_out);
  if (!learned.held_out.labels.empty()) {
    ARROW_ASSIGN_OR_RAISE(learned.evaluation, EvaluateFolds(learned.held_out, which,
                                                            options.coverage, options.false_alarms,
                                                            threads));
  }
  for (int fold = 0; fold <= which.folds; ++fold) {
    const DiscriminantFamily others(statistics.AllBut(fold < which.folds ? fold : -1), slices);
    learned.by_fold.push_back(others.Solve(choice.set, choice.shrinkage));
    ARROW_RETURN_NOT_OK(options.stop.Poll());
  }
  if (learned.by_fold.back().rank == 0) {
    return DamagedData("nothing in the features tells the labels apart");
  }
  learned.score = choice.score;
  learned.shrinkage = choice.shrinkage;
  learned.slices = choice.set.name;
  return learned;
}

}  // namespace pomona
