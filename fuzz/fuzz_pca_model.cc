// Whatever lies in a PCA model, or in statistics, is refused as damaged or read; what is read can
// be used, and written again.

#include <arrow/buffer.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "pomona/error_kind.h"
#include "pomona/pca.h"

namespace {

/// Damage, or a size that there is no memory for.
void Refused(const arrow::Status& status) {
  if (pomona::KindOf(status) != pomona::ErrorKind::kData && !status.IsOutOfMemory()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::make_shared<arrow::Buffer>(data, static_cast<int64_t>(size));
  const auto model = pomona::PcaModel::FromBytes(bytes);
  if (model.ok()) {
    const std::vector<double> row(static_cast<size_t>(model->dim()));
    std::vector<double> out(static_cast<size_t>(model->k()));
    model->Transform(row.data(), 1, out.data());
    if (!model->ToBytes().ok()) std::abort();
  } else {
    Refused(model.status());
  }
  auto statistics = pomona::PcaStatistics::FromBytes({data, size});
  if (!statistics.ok()) {
    Refused(statistics.status());
  } else if (!statistics->ToBytes().ok()) {
    std::abort();
  }
  return 0;
}
