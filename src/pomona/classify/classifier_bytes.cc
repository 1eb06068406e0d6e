#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include <string>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/base/sha256.h"
#include "pomona/classifier.h"
#include "pomona/classify/classifier_columns.h"
#include "pomona/classify/classifier_record.h"
#include "pomona/classify/row_labels.h"
#include "pomona/classify/target_names.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kKey[] = "pomona.classifier";
constexpr int kFormat = 2;
/// One target, whose record is that of the file; no prototypes.
constexpr int kFirstFormat = 1;

template <class T>
void Hash(std::span<const T> numbers, Sha256* hash) {
  hash->Update({reinterpret_cast<const uint8_t*>(numbers.data()), numbers.size_bytes()});
}

/// SHA-256, as 64 hexadecimal digits, of all that a file says: docs/format/classifier.md.
std::string DigestOf(Json record, std::span<const Classifier> classifiers) {
  // A classifier that is read by a newer version is the same one.
  record.erase("pomona");
  record.erase("sha256");
  Sha256 hash;
  hash.Update(CompactJson(record));
  for (const Classifier& classifier : classifiers) {
    for (int64_t c = 0; c < classifier.classes(); ++c) {
      const auto at = static_cast<size_t>(c);
      hash.Update("\n" + classifier.labels()[at] + "\n" + std::to_string(classifier.counts()[at]));
    }
    for (const auto& numbers : {classifier.mean(), classifier.projection(),
                                classifier.class_means(), classifier.weights(), classifier.bias()}) {
      Hash(numbers, &hash);
    }
    for (const auto& of_class : classifier.prototypes()) {
      for (const Prototype& one : of_class) {
        hash.Update("\n" + one.path + "\n");
        Hash(std::span(one.position), &hash);
      }
    }
  }
  return hash.Hex();
}

Status CheckTogether(std::span<const Classifier> classifiers) {
  if (classifiers.empty()) return Status::Invalid("there is no classifier to keep");
  std::vector<std::string> targets;
  for (const Classifier& one : classifiers) {
    targets.push_back(one.target());
    if (one.dim() == classifiers.front().dim() && one.features() == classifiers.front().features()) {
      continue;
    }
    return Status::Invalid("the classifiers learned from features of different kinds");
  }
  return CheckTargetNames(targets);
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

Result<Json> ReadFileRecord(const arrow::Table& table) {
  const auto metadata = table.schema()->metadata();
  if (metadata == nullptr || !metadata->Contains(kKey)) {
    return NoClassifier(std::string("there is no key ") + kKey);
  }
  ARROW_ASSIGN_OR_RAISE(const std::string text, metadata->Get(kKey));
  auto record = ParseJson(text);
  if (!record.ok() || !record->is_object()) return NoClassifier(std::string("bad key ") + kKey);
  const Json format = record->value("format", Json());
  if (format == kFormat || format == kFirstFormat) return record;
  return NoClassifier("format " + CompactJson(format) + " is not known to pomona " + kVersion);
}

/// One record a target.
Result<std::vector<Json>> TargetRecords(const Json& record) {
  if (record.at("format") == kFirstFormat) {
    Json one = record;
    one.erase("target");
    return std::vector{std::move(one)};
  }
  const Json targets = record.value("targets", Json());
  if (!targets.is_array() || targets.empty()) return NoClassifier("it has no targets");
  return std::vector<Json>(targets.begin(), targets.end());
}

}  // namespace

Result<std::shared_ptr<arrow::Buffer>> ClassifiersToBytes(std::span<const Classifier> classifiers) {
  ARROW_RETURN_NOT_OK(CheckTogether(classifiers));
  const Classifier& first = classifiers.front();
  Json record = {{"format", kFormat}, {"pomona", kVersion}, {"dim", first.dim()}};
  if (!first.features().empty()) record["features"] = first.features();
  for (const Classifier& one : classifiers) record["targets"].push_back(RecordOf(one));
  record["sha256"] = DigestOf(record, classifiers);
  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create());
  const auto properties = parquet::WriterProperties::Builder()
                              .compression(parquet::Compression::SNAPPY)
                              ->disable_dictionary()
                              ->created_by(std::string("pomona version ") + kVersion)
                              ->build();
  ARROW_ASSIGN_OR_RAISE(auto writer, parquet::arrow::FileWriter::Open(
                                         *ClassifierSchema(), arrow::default_memory_pool(), sink,
                                         properties));
  ARROW_RETURN_NOT_OK(
      writer->AddKeyValueMetadata(arrow::key_value_metadata({kKey}, {CompactJson(record)})));
  for (const Classifier& one : classifiers) {
    ARROW_ASSIGN_OR_RAISE(const auto rows, RowsOf(one));
    ARROW_RETURN_NOT_OK(writer->WriteTable(*rows, one.classes()));
  }
  ARROW_RETURN_NOT_OK(writer->Close());
  return sink->Finish();
}

Result<std::vector<Classifier>> ClassifiersFromBytes(const std::shared_ptr<arrow::Buffer>& bytes) {
  ARROW_ASSIGN_OR_RAISE(const auto table, ReadTable(bytes));
  ARROW_ASSIGN_OR_RAISE(const Json record, ReadFileRecord(*table));
  ARROW_ASSIGN_OR_RAISE(const auto targets, TargetRecords(record));
  const Json features = record.value("features", Json(""));
  if (!features.is_string()) return NoClassifier("features is no text");
  std::vector<Classifier> classifiers;
  int64_t row = 0;
  for (const Json& target : targets) {
    if (!target.is_object()) return NoClassifier("a target is no object");
    ARROW_ASSIGN_OR_RAISE(ReadRecord read, FieldsOf(target));
    if (read.classes > table->num_rows() - row) return NoClassifier("rows are missing");
    read.fields.features = features.get<std::string>();
    ARROW_RETURN_NOT_OK(ReadRows(*table->Slice(row, read.classes), read.rank, &read.fields));
    row += read.classes;
    classifiers.emplace_back(std::move(read.fields));
  }
  if (row != table->num_rows()) return NoClassifier("there are more rows than classes");
  const Status together = CheckTogether(classifiers);
  if (!together.ok()) return NoClassifier(together.message());
  if (record.value("sha256", Json()) != DigestOf(record, classifiers)) {
    return NoClassifier("its numbers are not those that were written");
  }
  return classifiers;
}

Result<std::shared_ptr<arrow::Buffer>> Classifier::ToBytes() const {
  return ClassifiersToBytes({this, 1});
}

Result<Classifier> Classifier::FromBytes(const std::shared_ptr<arrow::Buffer>& bytes) {
  ARROW_ASSIGN_OR_RAISE(auto classifiers, ClassifiersFromBytes(bytes));
  return PickTarget(classifiers, "");
}

}  // namespace pomona
