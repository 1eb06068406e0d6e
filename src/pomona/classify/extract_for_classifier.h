#pragma once

#include <arrow/result.h>

#include <string>

#include "pomona/classifier.h"
#include "pomona/extract.h"

namespace pomona {

/// The options by which images get the features that `classifier` learned from. `path`: where it
/// lies, for messages. `model`: its network's path; empty: by its name in the catalogue. KeyError:
/// that network is not here. Invalid: the classifier does not say how its features were made, or
/// this version cannot make them. Costs reading the network's files.
arrow::Result<ExtractOptions> ExtractForClassifier(const Classifier& classifier,
                                                   const std::string& path,
                                                   const std::string& model);

}  // namespace pomona
