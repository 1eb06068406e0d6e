#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/base/sha256.h"
#include "pomona/classifier.h"
#include "pomona/classify/classifier_fields.h"
#include "pomona/classify/row_labels.h"
#include "pomona/error_kind.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kKey[] = "pomona.classifier";
constexpr int kFormat = 1;
/// A squared distance that no row has.
constexpr double kFar = 1e300;

std::shared_ptr<arrow::DataType> Doubles() {
  return arrow::list(arrow::field("element", arrow::float64(), false));
}

/// docs/format/classifier.md. Row i is of class i, and has direction i of the projection.
std::shared_ptr<arrow::Schema> ClassifierSchema() {
  return arrow::schema({
      arrow::field("label", arrow::utf8(), false),
      arrow::field("count", arrow::int64(), false),
      arrow::field("class_mean", Doubles(), false),
      arrow::field("direction", Doubles()),
      arrow::field("mean", Doubles()),
      arrow::field("weights", Doubles()),
      arrow::field("bias", arrow::float64()),
  });
}

Status NoClassifier(const std::string& why) { return DamagedData("this is no classifier: ", why); }

/// `vectors`: [n][length], as the first n of `rows` lists.
Result<std::shared_ptr<arrow::Array>> Lists(std::span<const double> vectors, int64_t length,
                                            int64_t rows) {
  const auto items = std::make_shared<arrow::DoubleBuilder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), items, Doubles());
  const int64_t count = static_cast<int64_t>(vectors.size()) / length;
  for (int64_t i = 0; i < count; ++i) {
    ARROW_RETURN_NOT_OK(lists.Append());
    ARROW_RETURN_NOT_OK(items->AppendValues(vectors.data() + i * length, length));
  }
  ARROW_RETURN_NOT_OK(lists.AppendNulls(rows - count));
  return lists.Finish();
}

/// The first `count` lists of a column, of one length, end to end; all others are null.
Result<std::vector<double>> Vectors(const arrow::Table& table, const char* name, int64_t count) {
  const auto column = table.GetColumnByName(name);
  if (column == nullptr || column->type()->id() != arrow::Type::LIST ||
      column->type()->field(0)->type()->id() != arrow::Type::DOUBLE) {
    return NoClassifier(std::string("column ") + name + " is missing or no list of double");
  }
  std::vector<double> values;
  int64_t row = 0;
  int64_t length = -1;
  for (const auto& chunk : column->chunks()) {
    const auto& lists = static_cast<const arrow::ListArray&>(*chunk);
    const auto& items = static_cast<const arrow::DoubleArray&>(*lists.values());
    for (int64_t r = 0; r < lists.length() && row < count; ++r, ++row) {
      if (length < 0) length = lists.value_length(r);
      if (lists.IsNull(r) || lists.value_length(r) != length || length == 0 ||
          items.null_count() > 0) {
        return NoClassifier(std::string(name) + " " + std::to_string(row) + " has another length");
      }
      const double* from = items.raw_values() + lists.value_offset(r);
      values.insert(values.end(), from, from + length);
    }
  }
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) {
    return NoClassifier(std::string(name) + " has values that are not finite");
  }
  return values;
}

Json RecordOf(const Classifier& classifier) {
  Json record = {{"format", kFormat},
                 {"pomona", kVersion},
                 {"method", LearnMethodName(classifier.method())},
                 {"score", ScoreKindName(classifier.score_kind())},
                 {"dim", classifier.dim()},
                 {"classes", classifier.classes()},
                 {"rank", classifier.rank()},
                 {"temperature", classifier.temperature()},
                 {"doubt", classifier.doubt()},
                 {"coverage", classifier.coverage()},
                 {"set_quantile", classifier.set_quantile()},
                 {"unknown_threshold", classifier.unknown_threshold()},
                 {"false_alarms", classifier.false_alarms()}};
  if (!classifier.features().empty()) record["features"] = classifier.features();
  if (!classifier.training().empty()) record["training"] = classifier.training();
  return record;
}

/// SHA-256, as 64 hexadecimal digits, of all that a classifier is: its record as one line without
/// spaces, each label and its count a line, then the doubles of mean, projection and class means as
/// they lie in memory (little-endian), and of weights and bias, where there are some.
std::string DigestOf(const Classifier& classifier) {
  Sha256 hash;
  Json record = RecordOf(classifier);
  // A classifier that is read by a newer version is the same one.
  record.erase("pomona");
  hash.Update(CompactJson(record));
  for (int64_t c = 0; c < classifier.classes(); ++c) {
    const auto at = static_cast<size_t>(c);
    hash.Update("\n" + classifier.labels()[at] + "\n" + std::to_string(classifier.counts()[at]));
  }
  for (const auto& numbers : {classifier.mean(), classifier.projection(), classifier.class_means(),
                              classifier.weights(), classifier.bias()}) {
    hash.Update({reinterpret_cast<const uint8_t*>(numbers.data()), numbers.size_bytes()});
  }
  return hash.Hex();
}

Result<std::shared_ptr<arrow::Table>> ReadTable(const std::shared_ptr<arrow::Buffer>& bytes) {
  auto read = [&]() -> Result<std::shared_ptr<arrow::Table>> {
    try {
      ARROW_ASSIGN_OR_RAISE(
          auto reader, parquet::arrow::OpenFile(std::make_shared<arrow::io::BufferReader>(bytes),
                                                arrow::default_memory_pool()));
      // A row a class: memory is taken for as many as the file says.
      const auto& metadata = *reader->parquet_reader()->metadata();
      for (int group = 0; group < metadata.num_row_groups(); ++group) {
        const int64_t rows = metadata.RowGroup(group)->num_rows();
        if (rows < 0 || rows > kMostLabels) {
          return Status::Invalid("it claims to have ", rows, " rows");
        }
      }
      ARROW_ASSIGN_OR_RAISE(auto table, reader->ReadTable());
      ARROW_RETURN_NOT_OK(table->ValidateFull());
      return table;
    } catch (const parquet::ParquetException& error) {
      return Status::IOError(error.what());
    }
  }();
  if (read.ok() || read.status().IsOutOfMemory()) return read;
  return NoClassifier(read.status().message());
}

Status ReadLabels(const arrow::Table& table, Classifier::Fields* fields) {
  const auto labels = table.GetColumnByName("label");
  const auto counts = table.GetColumnByName("count");
  if (labels == nullptr || labels->type()->id() != arrow::Type::STRING || counts == nullptr ||
      counts->type()->id() != arrow::Type::INT64 ||
      labels->null_count() + counts->null_count() > 0) {
    return NoClassifier("column label or count is missing, or of another type");
  }
  for (const auto& chunk : labels->chunks()) {
    const auto& text = static_cast<const arrow::StringArray&>(*chunk);
    for (int64_t i = 0; i < text.length(); ++i) fields->labels.push_back(text.GetString(i));
  }
  for (const auto& chunk : counts->chunks()) {
    const auto& numbers = static_cast<const arrow::Int64Array&>(*chunk);
    fields->counts.insert(fields->counts.end(), numbers.raw_values(),
                          numbers.raw_values() + numbers.length());
  }
  if (!std::is_sorted(fields->labels.begin(), fields->labels.end(), std::less_equal<>())) {
    return NoClassifier("its labels are not in order");
  }
  return Status::OK();
}

/// The weights and the bias of a method that has them.
Status ReadWeights(const arrow::Table& table, Classifier::Fields* fields) {
  const auto classes = static_cast<int64_t>(fields->labels.size());
  ARROW_ASSIGN_OR_RAISE(fields->weights, Vectors(table, "weights", classes));
  const auto bias = table.GetColumnByName("bias");
  if (bias == nullptr || bias->type()->id() != arrow::Type::DOUBLE || bias->null_count() > 0) {
    return NoClassifier("column bias is missing, or of another type");
  }
  for (const auto& chunk : bias->chunks()) {
    const auto& numbers = static_cast<const arrow::DoubleArray&>(*chunk);
    fields->bias.insert(fields->bias.end(), numbers.raw_values(),
                        numbers.raw_values() + numbers.length());
  }
  if (!std::ranges::all_of(fields->bias, [](double v) { return std::isfinite(v); })) {
    return NoClassifier("bias has values that are not finite");
  }
  if (fields->weights.size() == fields->mean.size() * static_cast<size_t>(classes)) {
    return Status::OK();
  }
  return NoClassifier("mean and weights do not go together");
}

/// A number of the record that is finite and within its bounds.
Result<double> Number(const Json& record, const char* name, double least, double most) {
  const Json value = record.value(name, Json());
  if (value.is_number() && value.get<double>() >= least && value.get<double>() <= most) {
    return value.get<double>();
  }
  return NoClassifier(std::string(name) + " is " + CompactJson(value));
}

}  // namespace

Result<std::shared_ptr<arrow::Buffer>> Classifier::ToBytes() const {
  arrow::StringBuilder label_builder;
  arrow::Int64Builder count_builder;
  ARROW_RETURN_NOT_OK(label_builder.AppendValues(labels()));
  ARROW_RETURN_NOT_OK(count_builder.AppendValues(counts().data(), classes()));
  arrow::ArrayVector columns(7);
  ARROW_RETURN_NOT_OK(label_builder.Finish(&columns[0]));
  ARROW_RETURN_NOT_OK(count_builder.Finish(&columns[1]));
  ARROW_ASSIGN_OR_RAISE(columns[2], Lists(class_means(), rank(), classes()));
  ARROW_ASSIGN_OR_RAISE(columns[3], Lists(projection(), dim(), classes()));
  ARROW_ASSIGN_OR_RAISE(columns[4], Lists(mean(), dim(), classes()));
  ARROW_ASSIGN_OR_RAISE(columns[5], Lists(weights(), dim(), classes()));
  arrow::DoubleBuilder bias_builder;
  if (bias().empty()) {
    ARROW_RETURN_NOT_OK(bias_builder.AppendNulls(classes()));
  } else {
    ARROW_RETURN_NOT_OK(bias_builder.AppendValues(bias().data(), classes()));
  }
  ARROW_RETURN_NOT_OK(bias_builder.Finish(&columns[6]));

  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create());
  const auto properties = parquet::WriterProperties::Builder()
                              .compression(parquet::Compression::SNAPPY)
                              ->disable_dictionary()
                              ->created_by(std::string("pomona version ") + kVersion)
                              ->build();
  const auto schema = ClassifierSchema();
  ARROW_ASSIGN_OR_RAISE(auto writer, parquet::arrow::FileWriter::Open(
                                         *schema, arrow::default_memory_pool(), sink, properties));
  Json record = RecordOf(*this);
  record["sha256"] = DigestOf(*this);
  ARROW_RETURN_NOT_OK(
      writer->AddKeyValueMetadata(arrow::key_value_metadata({kKey}, {CompactJson(record)})));
  ARROW_RETURN_NOT_OK(writer->WriteTable(*arrow::Table::Make(schema, columns), classes()));
  ARROW_RETURN_NOT_OK(writer->Close());
  return sink->Finish();
}

Result<Classifier> Classifier::FromBytes(const std::shared_ptr<arrow::Buffer>& bytes) {
  ARROW_ASSIGN_OR_RAISE(const auto table, ReadTable(bytes));
  const auto metadata = table->schema()->metadata();
  if (metadata == nullptr || !metadata->Contains(kKey)) {
    return NoClassifier(std::string("there is no key ") + kKey);
  }
  ARROW_ASSIGN_OR_RAISE(const std::string text, metadata->Get(kKey));
  const auto parsed = ParseJson(text);
  if (!parsed.ok() || !parsed->is_object()) return NoClassifier(std::string("bad key ") + kKey);
  const Json& record = *parsed;
  Fields fields;
  std::string sha256;
  try {
    if (record.at("format") != kFormat) {
      return NoClassifier("format " + CompactJson(record.at("format")) +
                          " is not known to pomona " + kVersion);
    }
    auto method = ParseLearnMethod(record.at("method").get<std::string>());
    if (!method.ok()) return NoClassifier(method.status().message());
    fields.method = *method;
    auto kind = ParseScoreKind(record.at("score").get<std::string>());
    if (!kind.ok()) return NoClassifier(kind.status().message());
    fields.score_kind = *kind;
    fields.features = record.value("features", "");
    fields.training = record.value("training", "");
    sha256 = record.at("sha256");
  } catch (const Json::exception& error) {
    return NoClassifier(error.what());
  }
  ARROW_ASSIGN_OR_RAISE(fields.temperature, Number(record, "temperature", 1e-9, 1e9));
  ARROW_ASSIGN_OR_RAISE(fields.doubt, Number(record, "doubt", 0, 1));
  ARROW_ASSIGN_OR_RAISE(fields.coverage, Number(record, "coverage", 0, 1));
  ARROW_ASSIGN_OR_RAISE(fields.set_quantile, Number(record, "set_quantile", 0, 1));
  ARROW_ASSIGN_OR_RAISE(fields.unknown_threshold, Number(record, "unknown_threshold", 0, kFar));
  ARROW_ASSIGN_OR_RAISE(fields.false_alarms, Number(record, "false_alarms", 0, 1));
  ARROW_RETURN_NOT_OK(ReadLabels(*table, &fields));
  const auto classes = static_cast<int64_t>(fields.labels.size());
  const int64_t rank =
      record.value("rank", Json()).is_number_integer() ? record.at("rank").get<int64_t>() : 0;
  const bool centroid = fields.method == LearnMethod::kCentroid;
  if (classes < 2 || rank < 1 || (rank >= classes && !centroid)) {
    return NoClassifier("rank " + std::to_string(rank) + " does not go with " +
                        std::to_string(classes) + " classes");
  }
  ARROW_ASSIGN_OR_RAISE(fields.mean, Vectors(*table, "mean", 1));
  if (!centroid) {
    ARROW_ASSIGN_OR_RAISE(fields.projection, Vectors(*table, "direction", rank));
  }
  ARROW_ASSIGN_OR_RAISE(fields.class_means, Vectors(*table, "class_mean", classes));
  if ((centroid ? fields.mean.size() != static_cast<size_t>(rank)
                : fields.projection.size() != fields.mean.size() * static_cast<size_t>(rank)) ||
      fields.class_means.size() != static_cast<size_t>(classes * rank)) {
    return NoClassifier("mean, direction and class_mean do not go together");
  }
  if (fields.method == LearnMethod::kLogistic) {
    ARROW_RETURN_NOT_OK(ReadWeights(*table, &fields));
  }
  Classifier classifier(std::move(fields));
  if (DigestOf(classifier) != sha256) {
    return NoClassifier("its numbers are not those that were written");
  }
  return classifier;
}

}  // namespace pomona
