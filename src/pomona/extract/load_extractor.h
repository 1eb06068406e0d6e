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

/// The time for which each of the engine's streams had an image to compute, summed over them, since
/// the extractor was loaded: by LoadExtractor or Extractor::Load, which make all that there are.
/// Thread-safe.
int64_t InferNs(Extractor& extractor);

}  // namespace pomona
