#pragma once

#include <string>

#include "pomona/extract.h"

namespace pomona {

/// "precision: f32 and bf16, ..." for what differs between how features were made (MadeOf) and what
/// an extractor makes here: network, tensors, precision, size, normalisation. How pixels come to
/// the network (their resizing, EXIF) is not looked at. Empty: nothing differs, or how they were
/// made is not known.
std::string DifferingFromHere(const std::string& made_of, const Extractor& extractor);

}  // namespace pomona
