#include "pomona/table/part_reader.h"

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/builder.h>
#include <arrow/compute/api_vector.h>
#include <arrow/datum.h>
#include <arrow/io/memory.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "pomona/base/sha256.h"
#include "pomona/error_kind.h"
#include "pomona/table/hashing_stream.h"
#include "pomona/table/table_schema.h"
#include "pomona/table/watched_file.h"

namespace pomona {
namespace {

/// Of a column that some file of an output has; null if none has it.
std::shared_ptr<arrow::DataType> TypeOf(const std::string& column) {
  for (const auto& schema : {PartReferencesSchema(), RejectsSchema()}) {
    if (const auto field = schema->GetFieldByName(column)) return field->type();
  }
  return column == "path" ? arrow::utf8() : nullptr;
}

/// Whether a file of this name has such columns.
bool HasColumns(const std::string& file, const std::vector<std::string>& columns) {
  if (file.starts_with(kReferencesFolder)) return columns == PartReferencesSchema()->field_names();
  if (file.starts_with(kRejectsFolder)) return columns == RejectsSchema()->field_names();
  const std::set<std::string> all(columns.begin(), columns.end());
  return columns.size() > 2 && columns[0] == "path" && columns[1] == "label" &&
         all.size() == columns.size();
}

/// Exactly: the readers of these columns look at their memory. Of others that a part may have
/// nobody does.
arrow::Status CheckType(const arrow::Field& field) {
  const auto wanted = TypeOf(field.name());
  if (wanted == nullptr) {
    if (TableSchema(FeatureFormat::kArray, /*views=*/true)->GetFieldByName(field.name()) == nullptr)
      return arrow::Status::OK();
    for (const auto format : {FeatureFormat::kArray, FeatureFormat::kVector}) {
      const auto known = TableSchema(format, /*views=*/true)->GetFieldByName(field.name());
      if (known != nullptr && field.type()->Equals(known->type())) return arrow::Status::OK();
    }
  } else if (field.type()->Equals(wanted)) {
    return arrow::Status::OK();
  }
  return DamagedData("column ", field.name(), " is ", field.type()->ToString());
}

/// Larger files are read twice rather than held in memory.
constexpr int64_t kMostBytesHeld = int64_t{256} << 20;

arrow::Result<std::shared_ptr<arrow::Buffer>> ReadWhole(arrow::io::RandomAccessFile& input,
                                                        int64_t size) {
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> bytes, arrow::AllocateBuffer(size));
  for (int64_t have = 0; have < size;) {
    ARROW_ASSIGN_OR_RAISE(const int64_t got,
                          input.ReadAt(have, size - have, bytes->mutable_data() + have));
    if (got == 0) return DamagedData("it ends after ", have, " of ", size, " bytes");
    have += got;
  }
  return bytes;
}

/// Storage says of a file that is missing what it says of one that it cannot read.
arrow::Result<std::shared_ptr<WatchedFile>> OpenRecorded(const OutputStore& store,
                                                         const FileRecord& file) {
  auto opened = store.Open(file.name);
  if (opened.ok()) return std::make_shared<WatchedFile>(*std::move(opened));
  ARROW_ASSIGN_OR_RAISE(const bool exists, store.Exists(file.name));
  if (exists) return opened.status();
  return DamagedData(file.name, " of ", store.uri(), " is missing",
                     "\nhint: pomona verify tells all; option `overwrite` starts anew");
}

arrow::Result<int64_t> RecordedSize(WatchedFile& input, const FileRecord& file) {
  ARROW_ASSIGN_OR_RAISE(const int64_t size, input.GetSize());
  if (size == file.bytes) return size;
  return DamagedData("it has ", size, " bytes, the manifest says ", file.bytes);
}

arrow::Status CheckSum(const std::string& sha256, const FileRecord& file) {
  if (sha256 == file.sha256) return arrow::Status::OK();
  return DamagedData("another checksum than in the manifest");
}

/// The file, once it is the one that was recorded, byte for byte: nothing is gone by, and nothing
/// is copied, that is not.
arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Proved(
    const std::shared_ptr<WatchedFile>& input, const FileRecord& file) {
  ARROW_ASSIGN_OR_RAISE(const int64_t size, RecordedSize(*input, file));
  std::shared_ptr<arrow::io::RandomAccessFile> proved = input;
  std::string checksum;
  if (size > kMostBytesHeld) {
    ARROW_ASSIGN_OR_RAISE(checksum, Sha256Of(*input));
  } else {
    ARROW_ASSIGN_OR_RAISE(const auto bytes, ReadWhole(*input, size));
    checksum = ToHex(Sha256Of(std::string_view(*bytes)));
    proved = std::make_shared<arrow::io::BufferReader>(bytes);
  }
  ARROW_RETURN_NOT_OK(CheckSum(checksum, file));
  return proved;
}

/// A file of an output whose bytes are proved, open as Parquet of the columns that we write.
class ProvedTable {
 public:
  static arrow::Result<ProvedTable> Open(const OutputStore& store, const FileRecord& file) {
    ProvedTable table(store, file);
    ARROW_ASSIGN_OR_RAISE(table.input_, OpenRecorded(store, file));
    ARROW_RETURN_NOT_OK(table.Told([&] { return table.OpenProved(); }));
    return table;
  }

  int row_groups() const { return reader_->num_row_groups(); }

  /// Rows of these groups; of these columns, or with none of all.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Read(const std::vector<int>& groups,
                                                          const std::vector<std::string>& columns) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(Told([&] { return ReadGroups(groups, columns).Value(&batch); }));
    return batch;
  }

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReadAll(
      const std::vector<std::string>& columns) {
    std::vector<int> groups(static_cast<size_t>(row_groups()));
    std::iota(groups.begin(), groups.end(), 0);
    return Read(groups, columns);
  }

 private:
  ProvedTable(const OutputStore& store, const FileRecord& file) : store_(&store), file_(file) {}

  /// The status of `work`, as people and callers should have it.
  template <typename Work>
  arrow::Status Told(Work&& work) const {
    const arrow::Status done = [&]() -> arrow::Status {
      try {
        return work();
      } catch (const parquet::ParquetException& error) {
        return arrow::Status::IOError(error.what());
      }
    }();
    if (done.ok()) return done;
    const arrow::Status status = input_->Judge(done);
    return status.WithMessage("cannot read ", file_.name, " of ", store_->uri(), ": ",
                              status.message(),
                              KindOf(status) == ErrorKind::kData
                                  ? "\nhint: option `repair` computes again what is damaged"
                                  : "");
  }

  arrow::Status OpenProved() {
    ARROW_ASSIGN_OR_RAISE(const auto proved, Proved(input_, file_));
    ARROW_ASSIGN_OR_RAISE(reader_, parquet::arrow::OpenFile(proved, arrow::default_memory_pool()));
    const auto metadata = reader_->parquet_reader()->metadata();
    if (metadata->num_rows() != file_.rows) {
      return DamagedData("it has ", metadata->num_rows(), " rows, the manifest says ", file_.rows);
    }
    int64_t rows = 0;
    for (int group = 0; group < row_groups(); ++group)
      rows += metadata->RowGroup(group)->num_rows();
    if (rows != file_.rows) {
      return DamagedData("it says that it has ", file_.rows, " rows, its row groups have ", rows);
    }
    ARROW_RETURN_NOT_OK(reader_->GetSchema(&schema_));
    if (!HasColumns(file_.name, schema_->field_names())) {
      return DamagedData("its columns are ", schema_->ToString());
    }
    for (const auto& field : schema_->fields()) ARROW_RETURN_NOT_OK(CheckType(*field));
    return arrow::Status::OK();
  }

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReadGroups(
      const std::vector<int>& groups, const std::vector<std::string>& columns) const {
    std::vector<int> leaves;
    for (const auto& column : columns) {
      leaves.push_back(schema_->GetFieldIndex(column));
      if (leaves.back() < 0) return DamagedData("there is no column ", column);
    }
    std::shared_ptr<arrow::Table> table;
    if (columns.empty()) {
      ARROW_ASSIGN_OR_RAISE(table, reader_->ReadRowGroups(groups));
    } else {
      ARROW_ASSIGN_OR_RAISE(table, reader_->ReadRowGroups(groups, leaves));
    }
    int64_t rows = 0;
    for (const int group : groups) {
      rows += reader_->parquet_reader()->metadata()->RowGroup(group)->num_rows();
    }
    ARROW_ASSIGN_OR_RAISE(auto batch, table->CombineChunksToBatch());
    ARROW_RETURN_NOT_OK(batch->ValidateFull());
    if (batch->num_rows() != rows) {
      return DamagedData("it says that it has ", rows, " rows, and has ", batch->num_rows());
    }
    if (const auto uri = batch->GetColumnByName("uri"); uri != nullptr && uri->null_count() > 0) {
      return DamagedData("a uri is null");
    }
    return batch;
  }

  const OutputStore* store_;
  FileRecord file_;
  std::shared_ptr<WatchedFile> input_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace

arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReadTableFile(
    const OutputStore& store, const FileRecord& file, const std::vector<std::string>& columns) {
  ARROW_ASSIGN_OR_RAISE(auto table, ProvedTable::Open(store, file));
  return table.ReadAll(columns);
}

arrow::Status ProveFile(const OutputStore& store, const FileRecord& file) {
  ARROW_ASSIGN_OR_RAISE(const auto input, OpenRecorded(store, file));
  const auto sha256 = [&]() -> arrow::Result<std::string> {
    ARROW_RETURN_NOT_OK(RecordedSize(*input, file));
    return Sha256Of(*input);
  }();
  if (!sha256.ok()) return input->Judge(sha256.status());
  return CheckSum(*sha256, file);
}

arrow::Result<PartRecord> RewriteWithout(OutputStore& store, const PartRecord& part,
                                         const std::vector<int64_t>& dropped,
                                         PartWriter::Options options) {
  if (options.id.epoch <= part.id.epoch) {
    return arrow::Status::UnknownError("part ", part.id.index, " is not older than its rewrite");
  }
  ARROW_ASSIGN_OR_RAISE(auto references, ReadTableFile(store, *part.references));
  ARROW_ASSIGN_OR_RAISE(auto data, ProvedTable::Open(store, part.data));

  const auto& rejects = *references->GetColumnByName("reject");
  if (rejects.null_count() != part.data.rows) {
    return DamagedData(part.data.name, " has ", part.data.rows, " rows, its references want ",
                       rejects.null_count(), "\nhint: pomona verify tells what is damaged");
  }
  options.id.index = part.id.index;
  options.generation = part.generation;
  // What was made of features is copied as it is.
  const auto schema = options.rows->schema();
  options.rows = RowsByName(schema);
  ARROW_ASSIGN_OR_RAISE(auto writer, PartWriter::Open(store, std::move(options)));
  // Rows of the data file follow the references that are not rejects.
  int64_t reference = 0;
  for (int group = 0; reference < references->num_rows(); ++group) {
    // Rejects behind the last row have no group.
    std::shared_ptr<arrow::RecordBatch> rows;
    if (group < data.row_groups()) {
      ARROW_ASSIGN_OR_RAISE(rows, data.Read({group}, {}));
    }
    const int64_t count = rows == nullptr ? 0 : rows->num_rows();
    arrow::Int64Builder kept_references;
    arrow::Int64Builder kept_rows;
    for (int64_t row = 0; reference < references->num_rows(); ++reference) {
      const bool has_features = rejects.IsNull(reference);
      if (has_features && row == count) break;  // of the next group
      if (!std::binary_search(dropped.begin(), dropped.end(), reference)) {
        ARROW_RETURN_NOT_OK(kept_references.Append(reference));
        ARROW_RETURN_NOT_OK(has_features ? kept_rows.Append(row) : kept_rows.AppendNull());
      }
      row += has_features ? 1 : 0;
    }
    ARROW_ASSIGN_OR_RAISE(auto reference_indices, kept_references.Finish());
    ARROW_ASSIGN_OR_RAISE(auto row_indices, kept_rows.Finish());
    ARROW_ASSIGN_OR_RAISE(auto taken, arrow::compute::Take(references, reference_indices));
    auto batch = taken.record_batch();
    for (const auto& field : schema->fields()) {
      const std::string& name = field->name();
      if (name == "path" || name == "label") continue;  // the references have them
      std::shared_ptr<arrow::Array> column;
      if (rows == nullptr) {
        ARROW_ASSIGN_OR_RAISE(column, arrow::MakeArrayOfNull(field->type(), batch->num_rows()));
      } else if (const auto stored = rows->GetColumnByName(name); stored != nullptr) {
        ARROW_ASSIGN_OR_RAISE(column, arrow::compute::Take(*stored, *row_indices));
      } else {
        continue;
      }
      ARROW_ASSIGN_OR_RAISE(batch, batch->AddColumn(batch->num_columns(), name, column));
    }
    ARROW_RETURN_NOT_OK(writer->Append(*batch));
  }
  return writer->Commit();
}

}  // namespace pomona
