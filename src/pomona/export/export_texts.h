#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pomona/classifier.h"
#include "pomona/extract.h"
#include "pomona/model.h"

namespace pomona {

/// What a file says of itself besides its graph: keys and texts, docs/format/export.md.
using ExportTexts = std::vector<std::pair<std::string, std::string>>;

/// Those of `classifier`, whose file has the SHA-256 `digest`, with the network `model` computing
/// in `precision`. `image`: how the images were read that it learned from.
ExportTexts TextsOf(const Classifier& classifier, const std::string& digest, const Model& model,
                    Precision precision, const ImageOptions& image);

}  // namespace pomona
