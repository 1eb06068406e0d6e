#include "pomona/classify/train_tables.h"

#include "pomona/features/made_of.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

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

}  // namespace pomona
