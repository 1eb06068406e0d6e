#include "pomona/neighbours/index_file.h"

#include <arrow/array.h>
#include <arrow/array/array_nested.h>
#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/util/key_value_metadata.h>

#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/base/sha256.h"
#include "pomona/error_kind.h"
#include "pomona/features/file_kind.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kRecordKey[] = "pomona.index";
constexpr char kDigestKey[] = "pomona.index.digest";
constexpr int kIndexFormat = 1;

static_assert(std::endian::native == std::endian::little, "files hold numbers as memory does");

/// The columns of an index in their order; `features` is the last.
arrow::FieldVector IndexFields(int64_t dim, bool path, bool label) {
  const auto width = static_cast<int32_t>(dim);
  arrow::FieldVector fields;
  if (path) fields.push_back(arrow::field("path", arrow::utf8()));
  if (label) fields.push_back(arrow::field("label", arrow::utf8()));
  fields.push_back(arrow::field("row", arrow::int64(), false));
  fields.push_back(arrow::field("length", arrow::float64(), false));
  fields.push_back(arrow::field("step", arrow::float32(), false));
  fields.push_back(arrow::field("error", arrow::float32(), false));
  fields.push_back(arrow::field("check", arrow::uint64(), false));
  fields.push_back(arrow::field("sift", arrow::fixed_size_binary(width), false));
  const auto value = arrow::field("item", arrow::float32(), false);
  fields.push_back(arrow::field("features", arrow::fixed_size_list(value, width), false));
  return fields;
}

/// An array of `rows` values that somebody else keeps.
template <class Value>
std::shared_ptr<arrow::Array> ArrayOf(const std::shared_ptr<arrow::DataType>& type, int64_t rows,
                                      const Value* values, int64_t a_row = 1) {
  const auto buffer = std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(values),
                                                      rows * a_row * int64_t{sizeof(Value)});
  return arrow::MakeArray(arrow::ArrayData::Make(type, rows, {nullptr, buffer}, 0));
}

Result<std::shared_ptr<arrow::Array>> TableRows(const FeatureMatrix& matrix) {
  arrow::Int64Builder rows;
  for (int64_t i = 0; i < matrix.rows; ++i) ARROW_RETURN_NOT_OK(rows.Append(matrix.table_row(i)));
  return rows.Finish();
}

Result<std::shared_ptr<arrow::RecordBatch>> BatchOf(const IndexedRows& rows) {
  const FeatureMatrix& matrix = rows.matrix;
  const auto schema =
      arrow::schema(IndexFields(matrix.dim, matrix.path != nullptr, matrix.label != nullptr));
  const int64_t count = matrix.rows;
  const auto of = [&](const char* name, const auto* values, int64_t a_row = 1) {
    return ArrayOf(schema->GetFieldByName(name)->type(), count, values, a_row);
  };
  arrow::ArrayVector columns;
  if (matrix.path != nullptr) columns.push_back(matrix.path);
  if (matrix.label != nullptr) columns.push_back(matrix.label);
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), TableRows(matrix));
  columns.push_back(of("length", rows.copy.length));
  columns.push_back(of("step", rows.copy.step));
  columns.push_back(of("error", rows.copy.error));
  columns.push_back(of("check", rows.checks));
  columns.push_back(of("sift", rows.copy.values, matrix.dim));
  const auto values = ArrayOf(arrow::float32(), count * matrix.dim, matrix.row(0).data());
  columns.push_back(std::make_shared<arrow::FixedSizeListArray>(
      schema->field(schema->num_fields() - 1)->type(), count, values));
  return arrow::RecordBatch::Make(schema, count, std::move(columns));
}

template <class Value>
void HashValue(Value value, Sha256* hash) {
  hash->Update({reinterpret_cast<const uint8_t*>(&value), sizeof(Value)});
}

void HashText(const arrow::StringArray& column, Sha256* hash) {
  for (int64_t i = 0; i < column.length(); ++i) {
    if (column.IsNull(i)) {
      HashValue(std::numeric_limits<uint32_t>::max(), hash);
      continue;
    }
    const std::string_view text = column.GetView(i);
    HashValue(static_cast<uint32_t>(text.size()), hash);
    hash->Update(text);
  }
}

/// Of the record and all columns but the features, which have a check each.
std::string DigestOf(const std::string& record, const arrow::RecordBatch& batch) {
  Sha256 hash;
  hash.Update(record);
  for (int c = 0; c + 1 < batch.num_columns(); ++c) {
    const arrow::Array& column = *batch.column(c);
    if (column.type_id() == arrow::Type::STRING) {
      HashText(static_cast<const arrow::StringArray&>(column), &hash);
      continue;
    }
    const auto width = static_cast<const arrow::FixedWidthType&>(*column.type()).bit_width() / 8;
    hash.Update({column.data()->buffers[1]->data(),
                 static_cast<size_t>(column.length()) * static_cast<size_t>(width)});
  }
  return hash.Hex();
}

std::string RecordText(const IndexedRows& rows) {
  const IndexRecord& record = rows.record;
  return CompactJson({{"format", kIndexFormat},
                      {"pomona", kVersion},
                      {"fingerprint", record.fingerprint},
                      {"column", record.column},
                      {"features", record.made_of.empty() ? Json() : Json(record.made_of)},
                      {"dim", rows.matrix.dim},
                      {"rows", rows.matrix.rows},
                      {"skipped", rows.matrix.skipped}});
}

Status NoIndex(const std::string& why) { return DamagedData("this is no index: ", why); }

/// What the record says, with the sizes in `rows->matrix`.
Status TakeRecord(const std::string& text, IndexedRows* rows) {
  const auto parsed = ParseJson(text);
  const Json none = Json::object();
  const Json& record = parsed.ok() && parsed->is_object() ? *parsed : none;
  const Json format = record.value("format", Json());
  if (!format.is_number_integer()) return NoIndex("its record names no format");
  if (format != kIndexFormat) {
    return DamagedData("this is an index of format ", format.dump(),
                       ", which this version of pomona does not know",
                       "\nhint: remove it, and it is made anew");
  }
  const auto take = [&](const char* key, std::string* value) {
    const Json found = record.value(key, Json());
    if (found.is_string()) *value = found.get<std::string>();
  };
  const auto number = [&](const char* key, int64_t* value) {
    const Json found = record.value(key, Json());
    if (found.is_number_integer()) *value = found.get<int64_t>();
  };
  take("fingerprint", &rows->record.fingerprint);
  take("column", &rows->record.column);
  take("features", &rows->record.made_of);
  number("dim", &rows->matrix.dim);
  number("rows", &rows->matrix.rows);
  number("skipped", &rows->matrix.skipped);
  if (rows->matrix.dim > 0 && rows->matrix.dim < std::numeric_limits<int32_t>::max() &&
      rows->matrix.rows > 0 && rows->matrix.rows < std::numeric_limits<int32_t>::max()) {
    return Status::OK();
  }
  return NoIndex("its record names no rows");
}

template <class Value>
const Value* ValuesOf(const arrow::RecordBatch& batch, const char* name) {
  return reinterpret_cast<const Value*>(batch.GetColumnByName(name)->data()->buffers[1]->data());
}

void TakeColumns(const std::shared_ptr<arrow::RecordBatch>& batch, IndexedRows* rows) {
  FeatureMatrix& matrix = rows->matrix;
  const auto text = [&](const char* name) {
    return std::static_pointer_cast<arrow::StringArray>(batch->GetColumnByName(name));
  };
  matrix.path = text("path");
  matrix.label = text("label");
  const auto* numbers = ValuesOf<int64_t>(*batch, "row");
  if (matrix.skipped > 0) matrix.table_rows.assign(numbers, numbers + matrix.rows);
  const auto& lists =
      static_cast<const arrow::FixedSizeListArray&>(*batch->GetColumnByName("features"));
  matrix.values = lists.values()->data()->buffers[1];
  rows->copy = {.values = ValuesOf<int8_t>(*batch, "sift"),
                .step = ValuesOf<float>(*batch, "step"),
                .error = ValuesOf<float>(*batch, "error"),
                .length = ValuesOf<double>(*batch, "length")};
  rows->checks = ValuesOf<uint64_t>(*batch, "check");
  rows->keeps = batch;
}

/// A batch that is what its schema says, byte for byte within the file.
Result<std::shared_ptr<arrow::RecordBatch>> MapBatch(
    const std::shared_ptr<arrow::io::MemoryMappedFile>& file) {
  auto options = arrow::ipc::IpcReadOptions::Defaults();
  options.use_threads = false;
  ARROW_ASSIGN_OR_RAISE(const auto reader, arrow::ipc::RecordBatchFileReader::Open(file, options));
  if (reader->num_record_batches() != 1) return NoIndex("it has not one batch");
  ARROW_ASSIGN_OR_RAISE(auto batch, reader->ReadRecordBatch(0));
  ARROW_RETURN_NOT_OK(batch->ValidateFull());
  return batch;
}

/// The rows of a batch that was mapped.
Result<IndexedRows> RowsOfIndex(const std::shared_ptr<arrow::RecordBatch>& batch) {
  const auto& metadata = batch->schema()->metadata();
  const auto value = [&](const char* key) {
    const int at = metadata == nullptr ? -1 : metadata->FindKey(key);
    return at < 0 ? std::string() : metadata->value(at);
  };
  IndexedRows rows;
  const std::string record = value(kRecordKey);
  ARROW_RETURN_NOT_OK(TakeRecord(record, &rows));
  const auto expected =
      arrow::schema(IndexFields(rows.matrix.dim, batch->GetColumnByName("path") != nullptr,
                                batch->GetColumnByName("label") != nullptr));
  if (!batch->schema()->Equals(*expected, /*check_metadata=*/false) ||
      batch->num_rows() != rows.matrix.rows) {
    return NoIndex("its columns are not those of one");
  }
  for (const auto& column : batch->columns()) {
    // What was sliced off would lie before the values that are taken.
    if (column->offset() != 0) return NoIndex("its columns are not those of one");
  }
  if (DigestOf(record, *batch) != value(kDigestKey)) {
    return DamagedData("the index is damaged: its digest is another",
                       "\nhint: remove it, and it is made anew");
  }
  TakeColumns(batch, &rows);
  return rows;
}

}  // namespace

uint64_t CheckOfRow(const float* row, int64_t dim) {
  uint64_t sum = 0;
  for (int64_t i = 0; i < dim; ++i) {
    uint32_t word = 0;
    std::memcpy(&word, row + i, sizeof(word));
    sum += word * (2 * static_cast<uint64_t>(i) + 1);
  }
  return sum;
}

IndexedRows IndexRows(FeatureMatrix matrix, IndexRecord record, ThreadTeam& team) {
  struct Owned {
    OwnedSiftingCopy copy;
    std::vector<uint64_t> checks;
  };
  const auto owned = std::make_shared<Owned>();
  const Rows rows = {.values = matrix.row(0).data(), .count = matrix.rows, .dim = matrix.dim};
  owned->copy = MakeSiftingCopy(rows, team);
  owned->checks.reserve(static_cast<size_t>(rows.count));
  for (int64_t i = 0; i < rows.count; ++i) {
    owned->checks.push_back(CheckOfRow(rows.row(i), rows.dim));
  }
  return {.record = std::move(record),
          .matrix = std::move(matrix),
          .copy = owned->copy.view(),
          .checks = owned->checks.data(),
          .keeps = owned};
}

Status WriteIndex(const WholeFile& file, const IndexedRows& rows) {
  ARROW_ASSIGN_OR_RAISE(const auto batch, BatchOf(rows));
  const std::string record = RecordText(rows);
  const auto schema = batch->schema()->WithMetadata(
      arrow::key_value_metadata({kRecordKey, kDigestKey}, {record, DigestOf(record, *batch)}));
  return file.PutBy([&](arrow::io::OutputStream& stream) -> Status {
    auto options = arrow::ipc::IpcWriteOptions::Defaults();
    options.alignment = 64;
    options.use_threads = false;
    ARROW_ASSIGN_OR_RAISE(const auto writer, arrow::ipc::MakeFileWriter(&stream, schema, options));
    ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*batch));
    return writer->Close();
  });
}

Result<IndexedRows> ReadIndex(const std::string& path, const std::string& uri) {
  ARROW_ASSIGN_OR_RAISE(const auto file,
                        arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ));
  const auto batch = MapBatch(file);
  // What Arrow says of a file that is none of its own tells people nothing.
  auto rows = batch.ok() ? RowsOfIndex(*batch) : AsDamagedData(batch.status()).WithMessage("this is no index");
  if (rows.ok()) return rows;
  ARROW_ASSIGN_OR_RAISE(const int64_t size, file->GetSize());
  ARROW_ASSIGN_OR_RAISE(const auto bytes, file->ReadAt(0, size));
  return NotWhatWasNamed(rows.status(), uri, *bytes,
                         "option `index` takes a file that pomona neighbors made, or the name of one "
                         "to make");
}

}  // namespace pomona
