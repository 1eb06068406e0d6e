// Whatever lies in a classifier's file is refused as damaged or read; what is read answers, and is
// written again as it was.

#include <arrow/buffer.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "pomona/classifier.h"
#include "pomona/error_kind.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::make_shared<arrow::Buffer>(data, static_cast<int64_t>(size));
  const auto read = pomona::ClassifiersFromBytes(bytes);
  if (!read.ok()) {
    const auto kind = pomona::KindOf(read.status());
    if (kind != pomona::ErrorKind::kData && !read.status().IsOutOfMemory()) std::abort();
    return 0;
  }
  for (const auto& one : *read) {
    const std::vector<float> row(static_cast<size_t>(one.dim()), 1.0F);
    const auto answers = one.Answer(row.data(), 1, /*threads=*/1, /*nearest=*/3);
    double sum = 0;
    for (const float probability : answers.probabilities) sum += probability;
    if (!(std::abs(sum - 1) < 1e-3)) std::abort();
  }
  const auto written = pomona::ClassifiersToBytes(*read);
  if (!written.ok() || !pomona::ClassifiersFromBytes(*written).ok()) std::abort();
  return 0;
}
