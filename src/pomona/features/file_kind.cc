#include "pomona/features/file_kind.h"

#include <arrow/io/memory.h>
#include <arrow/util/key_value_metadata.h>
#include <arrow/util/utf8.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "pomona/error_kind.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

/// Text is told by so many bytes.
constexpr size_t kLooked = 512;

using Words = std::pair<std::string_view, const char*>;

constexpr std::array<Words, 6> kBeginnings = {{
    {"\xFF\xD8\xFF", "an image"},
    {"\x89PNG", "an image"},
    {"GIF8", "an image"},
    {"RIFF", "an image"},
    {"ARROW1", "an Arrow file, such as an index of pomona neighbors"},
    {"PK\x03\x04", "an archive"},
}};

constexpr std::array<Words, 5> kFooters = {{
    {"pomona.classifier", "a classifier"},
    {"pomona.pca", "a PCA model"},
    {"pomona.split", "a split"},
    {"pomona.features", "a feature table"},
    {"pomona.suggest", "a list of suggestions"},
}};

std::string ParquetKind(std::string_view text) {
  std::shared_ptr<parquet::FileMetaData> metadata;
  try {
    const auto file = std::make_shared<arrow::io::BufferReader>(
        arrow::Buffer::Wrap(text.data(), text.size()));
    metadata = parquet::ParquetFileReader::Open(file)->metadata();
  } catch (const parquet::ParquetException&) {
    return "a damaged Parquet file";
  }
  const auto& keys = metadata->key_value_metadata();
  for (const auto& [key, kind] : kFooters) {
    if (keys != nullptr && keys->Contains(std::string(key))) return kind;
  }
  const auto* columns = metadata->schema()->group_node();
  return columns->FieldIndex("features") >= 0 ? "a feature table" : "another Parquet file";
}

bool IsText(std::string_view text) {
  text = text.substr(0, kLooked);
  // A character may be cut in two.
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) {
    text.remove_suffix(1);
  }
  const auto controls = [](char c) { return c >= 0 && c < ' ' && c != '\n' && c != '\r' && c != '\t'; };
  return !text.empty() && std::none_of(text.begin(), text.end(), controls) &&
         arrow::util::ValidateUTF8(text);
}

}  // namespace

std::string FileKindOf(const arrow::Buffer& bytes) {
  const std::string_view text(bytes);
  if (text.starts_with("PAR1")) return ParquetKind(text);
  for (const auto& [beginning, kind] : kBeginnings) {
    if (text.starts_with(beginning)) return kind;
  }
  return IsText(text) ? "text" : "";
}

arrow::Status NotWhatWasNamed(const arrow::Status& status, const std::string& uri,
                              const arrow::Buffer& bytes, const std::string& hint) {
  std::string message = ShownUri(uri) + ": " + status.message();
  if (KindOf(status) == ErrorKind::kData && message.find("\nhint: ") == std::string::npos) {
    const std::string kind = FileKindOf(bytes);
    message += "\nhint: " + (kind.empty() ? "" : "it looks like " + kind + "; ") + hint;
  }
  return status.WithMessage(message);
}

}  // namespace pomona
