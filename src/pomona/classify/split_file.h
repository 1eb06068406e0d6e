#pragma once

#include <arrow/buffer.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/classify/split_table.h"
#include "pomona/split.h"

namespace pomona {

/// The bytes of a split: docs/format/split.md. part: [rows]; fold: [rows], -1 where there is none;
/// record: what the footer says of how it was made, a JSON object.
arrow::Result<std::shared_ptr<arrow::Buffer>> EncodeSplit(const SplitTable& table,
                                                          const std::vector<SplitPart>& part,
                                                          const std::vector<int32_t>& fold,
                                                          const std::string& record);

}  // namespace pomona
