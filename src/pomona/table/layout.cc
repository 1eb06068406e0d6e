#include "pomona/table/layout.h"

#include <fmt/format.h>

namespace pomona {

std::string PartFileName(const PartId& id, const std::string& uuid) {
  return fmt::format("part-{:05}-{}-c{:03}.snappy.parquet", id.index, uuid, id.revision);
}

std::string ReferencesFileName(const PartId& id) {
  return fmt::format("{}/part-{:05}-c{:03}.parquet", kReferencesFolder, id.index, id.revision);
}

std::string RejectsFileName(const PartId& id) {
  return fmt::format("{}/part-{:05}-c{:03}.parquet", kRejectsFolder, id.index, id.revision);
}

std::string PartEntryName(const PartId& id) {
  return fmt::format("{}/part-{:05}-c{:03}.json", kManifestFolder, id.index, id.revision);
}

arrow::Status CheckRowsPerFile(int64_t rows) {
  constexpr int64_t kMost = 1 << 20;
  if (rows >= 1 && rows <= kMost) return arrow::Status::OK();
  return arrow::Status::Invalid("option `rows_per_file` must be 1 to ", kMost, ", got ", rows);
}

bool IsPartFile(const std::string& name) {
  return name.starts_with("part-") && name.ends_with(".parquet");
}

bool IsPartFileOf(const std::string& name, const std::string& uuid) {
  return IsPartFile(name) && name.find("-" + uuid + "-") != std::string::npos;
}

}  // namespace pomona
