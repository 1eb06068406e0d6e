// Whatever lies in a matrix of comma-separated text is refused as damaged or read as rows of one
// length.

#include <arrow/array.h>
#include <arrow/filesystem/mockfs.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "pomona/error_kind.h"
#include "pomona/features/csv_matrix.h"

namespace {

void Refused(const arrow::Status& status) {
  if (pomona::KindOf(status) != pomona::ErrorKind::kData) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto files = std::make_shared<arrow::fs::internal::MockFileSystem>(arrow::fs::TimePoint{});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!files->CreateFile("matrix.csv", text).ok()) return 0;
  const auto info = files->GetFileInfo("matrix.csv").ValueOrDie();
  const auto matrix = pomona::OpenCsvMatrix(files, info, "features");
  if (!matrix.ok()) {
    Refused(matrix.status());
    return 0;
  }
  auto batches = (*matrix)->Read({});
  if (!batches.ok()) {
    Refused(batches.status());
    return 0;
  }
  while (true) {
    const auto next = (*batches)->Next();
    if (!next.ok()) {
      Refused(next.status());
      return 0;
    }
    if (!*next) return 0;
    if (!(*next)->batch->ValidateFull().ok()) std::abort();
  }
}
