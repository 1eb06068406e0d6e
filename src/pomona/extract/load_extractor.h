#pragma once

#include "pomona/extract.h"

namespace pomona {

/// What an extractor gives of each image.
enum class ExtractorGives {
  kFeatures,
  kRanges,  ///< of the tensors that the network's layers read: see EngineOptions::ranges
};

/// Extractor::Load of a `model` that was found already.
arrow::Result<std::shared_ptr<Extractor>> LoadExtractor(
    Model model, const ExtractOptions& options, ExtractorGives gives = ExtractorGives::kFeatures);

}  // namespace pomona
