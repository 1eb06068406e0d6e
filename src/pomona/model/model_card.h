#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>

#include "pomona/model.h"

namespace pomona {

/// Reads a card (docs/format/model-card.md). DamagedData names `path` and the key that is
/// unknown, of the wrong type, or out of range.
arrow::Result<ModelCard> ParseModelCard(std::string_view json, const std::string& path);

/// ParseModelCard of a file. IOError if it cannot be read.
arrow::Result<ModelCard> ReadModelCard(const std::string& path);

}  // namespace pomona
