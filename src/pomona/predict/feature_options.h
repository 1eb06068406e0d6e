#pragma once

#include <arrow/result.h>

#include <string>

#include "pomona/classifier.h"
#include "pomona/extract.h"

namespace pomona {

/// `here` with all that makes features as those were made that the classifier learned from; how
/// they are computed, and what an image may cost, stays as it is. `named`: the classifier's file,
/// for messages. `model`: where its network is; empty: by its name in the catalogue.
/// KeyError: there is no such network. Invalid: the classifier does not say how its features were
/// made, or what this CPU cannot compute.
arrow::Result<ExtractOptions> FeatureOptionsFor(const Classifier& classifier,
                                                const std::string& named, const std::string& model,
                                                const ExtractOptions& here);

}  // namespace pomona
