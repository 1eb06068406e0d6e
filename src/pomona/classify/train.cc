#include "pomona/train.h"

#include <new>
#include <optional>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/peak_memory.h"
#include "pomona/classify/row_labels.h"
#include "pomona/classify/train_target.h"
#include "pomona/shown_text.h"
#include "pomona/storage/whole_file.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Reads the rows of one target, and learns it.
Result<TrainReport> TrainOne(const TrainTables& tables, const std::string& target,
                             const TrainOptions& options, int threads) {
  const auto start = Clock::now();
  const LearningSource source = LearningSourceOf(options, target);
  ARROW_ASSIGN_OR_RAISE(LearningRows which, ReadLearningRows(*tables.features, source,
                                                             options.storage, options.stop));
  std::optional<LearningRows> validation;
  if (tables.validate != nullptr) {
    if (which.Calibrating() > 0) {
      return Status::Invalid("validate: the split has rows to calibrate on as well",
                             "\nhint: one of both says how sure answers are: make a split without");
    }
    auto rows = ReadValidationRows(*tables.validate, which, source, options.storage, options.stop);
    if (!rows.ok()) return rows.status().WithMessage("validate: ", rows.status().message());
    validation = *std::move(rows);
    which.JoinFolds();
  }
  ARROW_ASSIGN_OR_RAISE(
      TrainReport report,
      LearnTarget(tables, std::move(which), std::move(validation), options, threads));
  if (options.prototypes > 0 && !HasText(*tables.features->schema(), "path")) {
    report.remarks.emplace_back("the table has no column of paths: no prototypes are kept");
  }
  report.version = kVersion;
  report.features = options.features;
  report.output = options.output;
  report.peak_memory_bytes = PeakMemoryBytes();
  report.seconds = SecondsSince(start);
  return report;
}

Result<std::vector<TrainReport>> TrainAll(const TrainOptions& options, int threads) {
  ARROW_ASSIGN_OR_RAISE(const auto file, WholeFile::At(options.output, options.storage));
  ARROW_RETURN_NOT_OK(file.CheckCanPut(options.overwrite));
  ARROW_ASSIGN_OR_RAISE(const TrainTables tables, TrainTables::Open(options, threads));
  std::vector<std::string> targets = options.targets;
  if (targets.empty()) targets.emplace_back();
  std::vector<TrainReport> reports;
  std::vector<Classifier> classifiers;
  for (const std::string& target : targets) {
    auto report = TrainOne(tables, target, options, threads);
    if (!report.ok()) {
      if (targets.size() == 1) return report.status();
      return report.status().WithMessage("target `", ShownText(target),
                                         "`: ", report.status().message());
    }
    classifiers.push_back(*report->classifier);
    reports.push_back(*std::move(report));
  }
  ARROW_ASSIGN_OR_RAISE(const auto bytes, ClassifiersToBytes(classifiers));
  ARROW_RETURN_NOT_OK(file.Put(std::string_view(*bytes)));
  return reports;
}

}  // namespace

Result<std::vector<TrainReport>> TrainTargets(const TrainOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  try {
    return TrainAll(options, threads);
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the statistics of ",
                               ShownUri(options.features),
                               "\nhint: pomona pca makes fewer features of many");
  }
}

Result<TrainReport> Train(const TrainOptions& options) {
  if (options.targets.size() > 1) {
    return Status::Invalid("target: there are ", options.targets.size(),
                           ", Train learns one\nhint: TrainTargets learns several");
  }
  ARROW_ASSIGN_OR_RAISE(auto reports, TrainTargets(options));
  return std::move(reports.front());
}

}  // namespace pomona
