#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pomona/image/image_budget.h"

namespace pomona::image {

/// An item of a HEIF. What it refers to lies in the file.
struct HeifItem {
  std::string_view type;  ///< as `infe` says: av01, hvc1, grid
  /// What `av1C` or `hvcC` says; empty where there is none.
  std::span<const uint8_t> configuration;
  /// The item's bytes, in pieces.
  std::vector<std::span<const uint8_t>> pieces;
  /// Of a larger picture, as a tile of a grid is.
  bool is_part = false;
};

/// The items that are decoded where the primary image is: itself, what it is made of, and the alpha
/// of each. What is damaged is as if it were not there. Rejected where looking takes more than the
/// budget has.
arrow::Result<std::vector<HeifItem>> HeifItemsOf(std::span<const uint8_t> file,
                                                 ImageBudget& budget);

}  // namespace pomona::image
