#include "pomona/run/repair.h"

#include <arrow/array.h>

#include <utility>

#include "pomona/error_kind.h"
#include "pomona/list.h"
#include "pomona/table/part_reader.h"

namespace pomona {
namespace {

/// A file of a table; nullptr if it is missing, or not the one that was recorded.
arrow::Result<std::shared_ptr<arrow::RecordBatch>> Proved(const OutputStore& store,
                                                          const FileRecord& file) {
  auto batch = ReadTableFile(store, file);
  if (KindOf(batch.status()) == ErrorKind::kData) return nullptr;
  return batch;
}

std::vector<std::string> PathsOf(const arrow::RecordBatch& rows, const char* column) {
  const auto& paths = static_cast<const arrow::StringArray&>(*rows.GetColumnByName(column));
  std::vector<std::string> texts;
  for (int64_t row = 0; row < paths.length(); ++row) texts.push_back(paths.GetString(row));
  return texts;
}

}  // namespace

arrow::Result<std::vector<DamagedPart>> FindDamage(const OutputStore& store,
                                                   const Manifest& manifest,
                                                   const arrow::StopToken& stop) {
  std::vector<DamagedPart> damaged;
  for (const PartRecord& part : manifest.parts()) {
    ARROW_RETURN_NOT_OK(stop.Poll());
    if (!part.references) continue;
    DamagedPart found{.index = part.id.index, .references = nullptr, .paths = {}};
    ARROW_ASSIGN_OR_RAISE(const auto data, Proved(store, part.data));
    ARROW_ASSIGN_OR_RAISE(found.references, Proved(store, *part.references));
    bool is_whole = data != nullptr && found.references != nullptr;
    if (part.rejects) {
      ARROW_ASSIGN_OR_RAISE(const auto rejects, Proved(store, *part.rejects));
      is_whole = is_whole && rejects != nullptr;
    }
    if (is_whole) continue;
    if (data != nullptr) {
      found.paths = PathsOf(*data, "path");
    } else if (found.references != nullptr) {
      found.paths = PathsOf(*found.references, "uri");
    }
    damaged.push_back(std::move(found));
  }
  return damaged;
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> AsListing(
    const arrow::RecordBatch& references) {
  constexpr int64_t kRows = 256;
  const auto schema = ReferenceSchema();
  arrow::ArrayVector columns;
  for (const auto& field : schema->fields()) {
    columns.push_back(references.GetColumnByName(field->name()));
  }
  const auto all = arrow::RecordBatch::Make(schema, references.num_rows(), std::move(columns));
  arrow::RecordBatchVector batches;
  for (int64_t row = 0; row < all->num_rows(); row += kRows) {
    batches.push_back(all->Slice(row, kRows));
  }
  return arrow::RecordBatchReader::Make(std::move(batches), schema);
}

}  // namespace pomona
