#pragma once

#include <arrow/result.h>

#include <optional>

#include "pomona/extract.h"

namespace pomona {

/// `options`, complete as far as their preset goes: what is not given in them is what it says.
/// `source_side`: the typical shorter side in pixels of the source's images; absent: not known.
/// Cost: for `fast`, reading the network, and a look at what the CPU can do.
arrow::Result<ExtractOptions> WithPreset(const ExtractOptions& options,
                                         std::optional<int> source_side);

/// The side of the network's image that pictures of `source_side` pixels justify, at most `own`,
/// the network's. They are made larger by 1.6 at most: more pixels than the picture has tell the
/// network nothing, but some are needed, as its first layers look at every other one.
int JustifiedSize(int source_side, int own);

}  // namespace pomona
