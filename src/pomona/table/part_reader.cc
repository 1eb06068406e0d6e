#include "pomona/table/part_reader.h"

#include <arrow/compute/api_vector.h>
#include <parquet/arrow/reader.h>

#include <algorithm>
#include <utility>

namespace pomona {

arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReadTableFile(
    const OutputStore& store, const FileRecord& file, const std::vector<std::string>& columns) {
  ARROW_ASSIGN_OR_RAISE(auto input, store.Open(file.name));
  ARROW_ASSIGN_OR_RAISE(auto reader, parquet::arrow::OpenFile(input, arrow::default_memory_pool()));
  std::shared_ptr<arrow::Schema> schema;
  ARROW_RETURN_NOT_OK(reader->GetSchema(&schema));
  std::vector<int> indices;
  for (const auto& column : columns) indices.push_back(schema->GetFieldIndex(column));
  std::shared_ptr<arrow::Table> table;
  if (columns.empty()) {
    ARROW_ASSIGN_OR_RAISE(table, reader->ReadTable());
  } else {
    ARROW_ASSIGN_OR_RAISE(table, reader->ReadTable(indices));
  }
  if (table->num_rows() != file.rows) {
    return arrow::Status::Invalid(file.name, " has ", table->num_rows(),
                                  " rows, the manifest says ", file.rows,
                                  "\nhint: pomona verify tells what is damaged");
  }
  return table->CombineChunksToBatch();
}

arrow::Result<PartRecord> RewriteWithout(OutputStore& store, const PartRecord& part,
                                         const std::vector<int64_t>& dropped,
                                         PartWriter::Options options) {
  ARROW_ASSIGN_OR_RAISE(auto references, ReadTableFile(store, part.references));
  ARROW_ASSIGN_OR_RAISE(auto data, ReadTableFile(store, part.data));

  // Rows of the data file follow the references that are not rejects.
  const auto rejects = references->GetColumnByName("reject");
  arrow::Int64Builder kept_references;
  arrow::Int64Builder kept_rows;
  int64_t row = 0;
  for (int64_t i = 0; i < references->num_rows(); ++i) {
    const bool has_features = rejects->IsNull(i);
    if (!std::binary_search(dropped.begin(), dropped.end(), i)) {
      ARROW_RETURN_NOT_OK(kept_references.Append(i));
      ARROW_RETURN_NOT_OK(has_features ? kept_rows.Append(row) : kept_rows.AppendNull());
    }
    row += has_features ? 1 : 0;
  }
  ARROW_ASSIGN_OR_RAISE(auto reference_indices, kept_references.Finish());
  ARROW_ASSIGN_OR_RAISE(auto row_indices, kept_rows.Finish());
  ARROW_ASSIGN_OR_RAISE(auto taken, arrow::compute::Take(references, reference_indices));
  ARROW_ASSIGN_OR_RAISE(auto features,
                        arrow::compute::Take(*data->GetColumnByName("features"), *row_indices));
  const auto kept = taken.record_batch();
  ARROW_ASSIGN_OR_RAISE(auto batch,
                        kept->AddColumn(kept->num_columns(), "features", std::move(features)));

  options.id = {.index = part.id.index, .revision = part.id.revision + 1};
  options.generation = part.generation;
  ARROW_ASSIGN_OR_RAISE(auto writer, PartWriter::Open(store, std::move(options)));
  ARROW_RETURN_NOT_OK(writer->Append(*batch));
  return writer->Commit();
}

}  // namespace pomona
