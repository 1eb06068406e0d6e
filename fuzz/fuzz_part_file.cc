// Whatever lies in a file of an output, its rows, its references or its rejects, is refused as
// damaged or read as exactly the columns that we write.

#include <arrow/api.h>
#include <arrow/filesystem/mockfs.h>
#include <arrow/io/memory.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "pomona/base/sha256.h"
#include "pomona/error_kind.h"
#include "pomona/table/part_reader.h"

namespace {

/// Else every input is refused for its number of rows alone.
int64_t RowsOf(const uint8_t* data, size_t size) try {
  const auto file = std::make_shared<arrow::io::BufferReader>(
      std::make_shared<arrow::Buffer>(data, static_cast<int64_t>(size)));
  return parquet::ParquetFileReader::Open(file)->metadata()->num_rows();
} catch (const parquet::ParquetException&) {
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto files = std::make_shared<arrow::fs::internal::MockFileSystem>(arrow::fs::TimePoint{});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto owned = pomona::OutputStore::Make(files, "out", "out");
  const pomona::OutputStore& store = *owned;
  pomona::FileRecord record;
  record.rows = RowsOf(data, size);
  record.bytes = static_cast<int64_t>(size);
  record.sha256 = pomona::ToHex(pomona::Sha256Of(text));
  for (const char* name :
       {"part-0.parquet", "_pomona/references/part-0.parquet", "_pomona/rejects/part-0.parquet"}) {
    record.name = name;
    if (!files->CreateFile("out/" + record.name, text).ok()) return 0;
    const auto batch = pomona::ReadTableFile(store, record);
    if (!batch.ok()) {
      const auto kind = pomona::KindOf(batch.status());
      if (kind != pomona::ErrorKind::kData && !batch.status().IsOutOfMemory()) std::abort();
    } else if ((*batch)->num_rows() != record.rows) {
      std::abort();
    }
  }
  return 0;
}
