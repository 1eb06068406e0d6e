#pragma once

#include <arrow/result.h>
#include <arrow/util/key_value_metadata.h>

#include <memory>
#include <string>

#include "pomona/extract.h"

namespace pomona {

/// What the footer of a table's file says of how its features were made, a JSON object: network,
/// tensors, precision, size, pooling. Empty: it does not say.
std::string MadeOf(const arrow::KeyValueMetadata& footer);

/// The entries of a footer that MadeOf reads, for the footer of a table that keeps the features.
std::shared_ptr<arrow::KeyValueMetadata> MadeOfEntries(const arrow::KeyValueMetadata& footer);

/// "precision: f32 and bf16, ..." for what differs in two of these; empty where nothing does, or
/// one of them is not known.
std::string DifferingFeatures(const std::string& one, const std::string& other);

/// The same, but for size and precision: how large a fruit is in the picture decides which size
/// serves best, so photos of another place may be seen at another.
std::string DifferingTensors(const std::string& one, const std::string& other);

/// The options by which features were made that MadeOf tells of. `model`: where that network is;
/// empty: by its name in the catalogue. Whoever extracts by them compares MadeOf again: a network
/// of this name may be another one. KeyError: there is no such network. Invalid: the record holds
/// what this version does not know.
arrow::Result<ExtractOptions> ExtractOptionsOf(const std::string& made_of,
                                               const std::string& model);

}  // namespace pomona
