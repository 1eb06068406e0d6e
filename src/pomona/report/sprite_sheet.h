#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pomona {

/// How pictures lie on a sheet: row by row, in square cells.
struct SpriteLayout {
  static constexpr int kSide = 96;       ///< of a cell, in pixels
  static constexpr int kColumns = 16;    ///< of a sheet
  static constexpr int kPerSheet = 256;  ///< cells
};

/// The pixels of one cell: [kSide, kSide, 3], uint8, RGB.
using SpriteCell = std::vector<uint8_t>;

/// A picture of [height, width, 3], no larger than a cell, in the middle of a white one.
SpriteCell CentredCell(const uint8_t* pixels, int width, int height);

/// These cells, 1 to kPerSheet of them, as one WebP file; rows of the sheet that have no cell are
/// not there. The same bytes wherever libwebp is the same. Cost: about a millisecond a cell.
/// OutOfMemory.
arrow::Result<std::string> EncodeSheet(std::span<const SpriteCell> cells);

}  // namespace pomona
