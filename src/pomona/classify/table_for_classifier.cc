#include "pomona/classify/table_for_classifier.h"

#include "pomona/features/made_of.h"
#include "pomona/shown_text.h"

namespace pomona {

arrow::Result<std::unique_ptr<FeatureTable>> OpenTableFor(const Classifier& classifier,
                                                          const std::string& named,
                                                          const FeatureTable::Options& options) {
  ARROW_ASSIGN_OR_RAISE(auto table, FeatureTable::Open(options));
  const auto differing = DifferingFeatures(classifier.features(), table->made_of());
  if (differing.empty()) return table;
  return arrow::Status::Invalid("the classifier ", ShownUri(named),
                                " learned from features of another kind than those of ",
                                ShownUri(options.uri), ": ", differing);
}

}  // namespace pomona
