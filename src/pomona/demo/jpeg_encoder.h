#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>
#include <vector>

namespace pomona {

/// `rgb`: [height, width, 3] uint8, row-major. `quality`: 1 to 100.
arrow::Result<std::string> EncodeJpeg(const std::vector<uint8_t>& rgb, int width, int height,
                                      int quality);

}  // namespace pomona
