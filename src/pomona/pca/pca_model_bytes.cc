#include <arrow/array.h>
#include <arrow/array/builder_nested.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/base/sha256.h"
#include "pomona/error_kind.h"
#include "pomona/pca.h"
#include "pomona/pca/pca_model_fields.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kKey[] = "pomona.pca";
constexpr int kFormat = 1;

/// docs/format/pca.md. Row i is feature i (mean, scale) and component i (variance, ratio,
/// component).
std::shared_ptr<arrow::Schema> ModelSchema() {
  return arrow::schema({
      arrow::field("mean", arrow::float64(), false),
      arrow::field("scale", arrow::float64()),
      arrow::field("variance", arrow::float64(), false),
      arrow::field("ratio", arrow::float64(), false),
      arrow::field("component", arrow::list(arrow::field("element", arrow::float64(), false))),
  });
}

Status NoModel(const std::string& why) { return DamagedData("this is no PCA model: ", why); }

/// The column's values as they are; DamagedData if it is another type or has nulls.
Result<std::vector<double>> Doubles(const arrow::Table& table, const std::string& name) {
  const auto column = table.GetColumnByName(name);
  if (column == nullptr || column->type()->id() != arrow::Type::DOUBLE ||
      column->null_count() > 0) {
    return NoModel("column " + name + " is missing or no double");
  }
  std::vector<double> values;
  for (const auto& chunk : column->chunks()) {
    const auto& doubles = static_cast<const arrow::DoubleArray&>(*chunk);
    values.insert(values.end(), doubles.raw_values(), doubles.raw_values() + doubles.length());
  }
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) {
    return NoModel("column " + name + " has values that are not finite");
  }
  return values;
}

Result<std::vector<double>> Components(const arrow::Table& table, int64_t dim, int64_t k) {
  const auto column = table.GetColumnByName("component");
  if (column == nullptr || column->type()->id() != arrow::Type::LIST ||
      column->type()->field(0)->type()->id() != arrow::Type::DOUBLE) {
    return NoModel("column component is missing or no list of double");
  }
  std::vector<double> values;
  values.reserve(static_cast<size_t>(dim * k));
  int64_t row = 0;
  for (const auto& chunk : column->chunks()) {
    const auto& lists = static_cast<const arrow::ListArray&>(*chunk);
    const auto& items = static_cast<const arrow::DoubleArray&>(*lists.values());
    for (int64_t r = 0; r < lists.length() && row < k; ++r, ++row) {
      if (lists.IsNull(r) || lists.value_length(r) != dim) {
        return NoModel("component " + std::to_string(row) + " has another length");
      }
      const double* from = items.raw_values() + lists.value_offset(r);
      values.insert(values.end(), from, from + dim);
    }
  }
  return values;
}

/// SHA-256, as 64 hexadecimal digits, of all that a model is: the record's numbers as text, what
/// its features were, then the doubles of mean, scale, variance and components, as they lie in
/// memory (little-endian).
std::string DigestOf(const PcaModel& model) {
  Sha256 hash;
  hash.Update(
      CompactJson({model.dim(), model.k(), model.rows(), model.center(), model.standardize()}));
  hash.Update(model.features());
  for (const auto& numbers : {model.mean(), model.scale(), model.variance(), model.components()}) {
    hash.Update({reinterpret_cast<const uint8_t*>(numbers.data()), numbers.size_bytes()});
  }
  return hash.Hex();
}

Result<std::shared_ptr<arrow::Table>> ReadTable(const std::shared_ptr<arrow::Buffer>& bytes) {
  auto read = [&]() -> Result<std::shared_ptr<arrow::Table>> {
    ARROW_ASSIGN_OR_RAISE(auto reader,
                          parquet::arrow::OpenFile(std::make_shared<arrow::io::BufferReader>(bytes),
                                                   arrow::default_memory_pool()));
    // A row a feature: memory is taken for as many as the file says.
    const auto& metadata = *reader->parquet_reader()->metadata();
    for (int group = 0; group < metadata.num_row_groups(); ++group) {
      const int64_t rows = metadata.RowGroup(group)->num_rows();
      if (rows < 0 || rows > PcaStatistics::kMaxDim) {
        return Status::Invalid("it claims to have ", rows, " rows");
      }
    }
    return reader->ReadTable();
  }();
  if (read.ok() || read.status().IsOutOfMemory()) return read;
  return NoModel(read.status().message());
}

}  // namespace

Result<std::shared_ptr<arrow::Buffer>> PcaModel::ToBytes() const {
  arrow::DoubleBuilder mean_builder, scale_builder, variance_builder, ratio_builder;
  ARROW_RETURN_NOT_OK(mean_builder.AppendValues(mean().data(), dim()));
  if (scale().empty()) {
    ARROW_RETURN_NOT_OK(scale_builder.AppendNulls(dim()));
  } else {
    ARROW_RETURN_NOT_OK(scale_builder.AppendValues(scale().data(), dim()));
  }
  ARROW_RETURN_NOT_OK(variance_builder.AppendValues(variance().data(), dim()));
  ARROW_RETURN_NOT_OK(ratio_builder.AppendValues(ratio().data(), dim()));
  const auto schema = ModelSchema();
  const auto items = std::make_shared<arrow::DoubleBuilder>();
  arrow::ListBuilder component_builder(arrow::default_memory_pool(), items,
                                       schema->field(4)->type());
  for (int64_t c = 0; c < k(); ++c) {
    ARROW_RETURN_NOT_OK(component_builder.Append());
    ARROW_RETURN_NOT_OK(items->AppendValues(components().data() + c * dim(), dim()));
  }
  ARROW_RETURN_NOT_OK(component_builder.AppendNulls(dim() - k()));
  arrow::ArrayVector columns(5);
  ARROW_RETURN_NOT_OK(mean_builder.Finish(&columns[0]));
  ARROW_RETURN_NOT_OK(scale_builder.Finish(&columns[1]));
  ARROW_RETURN_NOT_OK(variance_builder.Finish(&columns[2]));
  ARROW_RETURN_NOT_OK(ratio_builder.Finish(&columns[3]));
  ARROW_RETURN_NOT_OK(component_builder.Finish(&columns[4]));

  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create());
  const auto properties = parquet::WriterProperties::Builder()
                              .compression(parquet::Compression::SNAPPY)
                              ->disable_dictionary()
                              ->created_by(std::string("pomona version ") + kVersion)
                              ->build();
  ARROW_ASSIGN_OR_RAISE(auto writer, parquet::arrow::FileWriter::Open(
                                         *schema, arrow::default_memory_pool(), sink, properties));
  Json record = {{"format", kFormat},  {"dim", dim()},
                 {"k", k()},           {"rows", rows()},
                 {"center", center()}, {"standardize", standardize()},
                 {"pomona", kVersion}, {"sha256", DigestOf(*this)}};
  if (!features().empty()) record["features"] = features();
  ARROW_RETURN_NOT_OK(
      writer->AddKeyValueMetadata(arrow::key_value_metadata({kKey}, {CompactJson(record)})));
  ARROW_RETURN_NOT_OK(writer->WriteTable(*arrow::Table::Make(schema, columns), dim()));
  ARROW_RETURN_NOT_OK(writer->Close());
  return sink->Finish();
}

Result<PcaModel> PcaModel::FromBytes(const std::shared_ptr<arrow::Buffer>& bytes) {
  ARROW_ASSIGN_OR_RAISE(const auto table, ReadTable(bytes));
  const auto metadata = table->schema()->metadata();
  if (metadata == nullptr || !metadata->Contains(kKey)) {
    return NoModel(std::string("there is no key ") + kKey);
  }
  ARROW_ASSIGN_OR_RAISE(const std::string text, metadata->Get(kKey));
  Fields fields;
  const auto parsed = ParseJson(text);
  if (!parsed.ok()) return NoModel(std::string("key ") + kKey + " " + parsed.status().message());
  const Json& record = *parsed;
  try {
    if (record.at("format") != kFormat) {
      return NoModel("format " + CompactJson(record.at("format")) + " is not known to pomona " +
                     kVersion);
    }
    fields.dim = record.at("dim");
    fields.k = record.at("k");
    fields.rows = record.at("rows");
    fields.center = record.at("center");
    fields.standardize = record.at("standardize");
    fields.features = record.value("features", "");
  } catch (const Json::exception& error) {
    return NoModel(error.what());
  }
  if (fields.dim != table->num_rows() || fields.dim > PcaStatistics::kMaxDim || fields.k < 1 ||
      fields.k > fields.dim) {
    return NoModel("dim " + std::to_string(fields.dim) + ", k " + std::to_string(fields.k) +
                   " and " + std::to_string(table->num_rows()) + " rows do not go together");
  }
  ARROW_ASSIGN_OR_RAISE(fields.mean, Doubles(*table, "mean"));
  ARROW_ASSIGN_OR_RAISE(fields.variance, Doubles(*table, "variance"));
  if (fields.standardize) {
    ARROW_ASSIGN_OR_RAISE(fields.scale, Doubles(*table, "scale"));
  }
  ARROW_ASSIGN_OR_RAISE(fields.components, Components(*table, fields.dim, fields.k));
  PcaModel model(std::move(fields));
  // A model of an older version has none.
  if (record.contains("sha256") && record.at("sha256") != DigestOf(model)) {
    return NoModel("its numbers are not those that were written");
  }
  return model;
}

}  // namespace pomona
