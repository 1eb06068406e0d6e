#include "pomona/neighbours/row_splits.h"

#include <arrow/compute/cast.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <parquet/arrow/reader.h>

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "pomona/base/work_memory.h"
#include "pomona/error_kind.h"
#include "pomona/features/file_kind.h"
#include "pomona/shown_text.h"
#include "pomona/storage/whole_file.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int64_t kMostSplitBytes = int64_t{4} << 30;
constexpr char kSplitHint[] = "pomona split FEATURES SPLIT makes a split";

Result<std::shared_ptr<arrow::Table>> ReadTable(const std::shared_ptr<arrow::Buffer>& bytes) {
  ARROW_ASSIGN_OR_RAISE(
      auto reader,
      parquet::arrow::OpenFile(std::make_shared<arrow::io::BufferReader>(bytes), WorkMemory()));
  return reader->ReadTable();
}

Result<std::vector<std::shared_ptr<arrow::Array>>> TextColumn(const arrow::Table& table,
                                                              const std::string& name,
                                                              const std::string& file) {
  const auto column = table.GetColumnByName(name);
  if (column == nullptr) {
    return Status::Invalid("option `split`: ", ShownUri(file), " has no column ", name);
  }
  std::vector<std::shared_ptr<arrow::Array>> chunks;
  for (const auto& chunk : column->chunks()) {
    auto text = arrow::compute::Cast(*chunk, arrow::utf8());
    if (!text.ok()) {
      return Status::Invalid("option `split`: column ", name, " of ", ShownUri(file),
                             " is no text");
    }
    chunks.push_back(*std::move(text));
  }
  return chunks;
}

}  // namespace

std::string SplitOfPath(std::string_view path) {
  size_t first = 0;
  for (size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', first)) {
    std::string folder(path.substr(first, slash - first));
    std::ranges::transform(folder, folder.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (folder == "train" || folder == "training") return "training";
    if (folder == "val" || folder == "validation") return "validation";
    if (folder == "test") return "test";
    first = slash + 1;
  }
  return "";
}

Result<std::vector<std::string>> ReadSplits(const std::string& file, const arrow::StringArray& path,
                                            const StorageOptions& storage) {
  ARROW_ASSIGN_OR_RAISE(const auto whole, WholeFile::At(file, storage));
  ARROW_ASSIGN_OR_RAISE(const auto bytes, whole.Get(kMostSplitBytes, kSplitHint));
  const auto read = ReadTable(bytes);
  if (!read.ok()) {
    return NotWhatWasNamed(AsDamagedData(read.status()), file, *bytes, kSplitHint);
  }
  ARROW_ASSIGN_OR_RAISE(const auto paths, TextColumn(**read, "path", file));
  ARROW_ASSIGN_OR_RAISE(const auto splits, TextColumn(**read, "split", file));
  std::vector<std::string> split_of_row;
  for (const auto& chunk : splits) {
    const auto& text = static_cast<const arrow::StringArray&>(*chunk);
    for (int64_t i = 0; i < text.length(); ++i) {
      split_of_row.push_back(text.IsNull(i) ? "" : text.GetString(i));
    }
  }
  std::unordered_map<std::string_view, size_t> row_of_path;
  size_t row = 0;
  for (const auto& chunk : paths) {
    const auto& text = static_cast<const arrow::StringArray&>(*chunk);
    for (int64_t i = 0; i < text.length(); ++i, ++row) {
      if (text.IsNull(i) || row_of_path.emplace(text.GetView(i), row).second) continue;
      return Status::Invalid("option `split`: ", ShownUri(file), " names ",
                             ShownUri(text.GetView(i)), " twice");
    }
  }
  std::vector<std::string> found;
  for (int64_t i = 0; i < path.length(); ++i) {
    const auto at = path.IsNull(i) ? row_of_path.end() : row_of_path.find(path.GetView(i));
    if (at == row_of_path.end()) {
      return Status::Invalid("option `split`: ", ShownUri(file), " has no row for ",
                             path.IsNull(i) ? "a null path" : ShownUri(path.GetView(i)));
    }
    found.push_back(split_of_row[at->second]);
  }
  return found;
}

}  // namespace pomona
