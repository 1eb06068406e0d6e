#include "pomona/features/csv_matrix.h"

#include <arrow/array.h>
#include <arrow/csv/api.h>
#include <arrow/type.h>
#include <arrow/util/value_parsing.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "pomona/error_kind.h"
#include "pomona/pca.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Must hold the longest line: 65,535 numbers of 25 characters are 1.6 MB.
constexpr int32_t kBlockBytes = 8 << 20;

bool IsNumber(const std::string& text) {
  double ignored;
  return arrow::internal::ParseValue<arrow::DoubleType>(text.data(), text.size(), &ignored);
}

/// Before the reader makes a column of each: a line of commas may ask for millions.
Status CheckWidth(arrow::fs::FileSystem& filesystem, const arrow::fs::FileInfo& file) {
  ARROW_ASSIGN_OR_RAISE(auto input, filesystem.OpenInputStream(file));
  ARROW_ASSIGN_OR_RAISE(const auto block, input->Read(kBlockBytes));
  const std::string_view text(*block);
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  const auto columns = std::count(line.begin(), line.end(), ',') + 1;
  if (columns <= PcaStatistics::kMaxDim) return Status::OK();
  return DamagedData(ShownUri(file.path()), " is no matrix of numbers: ", columns, " columns, ",
                     PcaStatistics::kMaxDim, " are possible");
}

Status Unreadable(const std::string& path, const Status& status) {
  if (status.IsIOError()) return status;
  return DamagedData(ShownUri(path), " is no matrix of numbers: ", status.message());
}

class CsvBatches : public TableBatches {
 public:
  CsvBatches(std::shared_ptr<arrow::csv::StreamingReader> reader, std::string path,
             std::shared_ptr<arrow::Schema> schema)
      : reader_(std::move(reader)), path_(std::move(path)), schema_(std::move(schema)) {}

  Result<std::optional<TableBatch>> Next() override {
    std::shared_ptr<arrow::RecordBatch> columns;
    const Status status = reader_->ReadNext(&columns);
    if (!status.ok()) return Unreadable(path_, status);
    if (columns == nullptr) return std::nullopt;
    ARROW_ASSIGN_OR_RAISE(auto rows, ToRows(*columns));
    const int64_t first = next_row_;
    next_row_ += columns->num_rows();
    return TableBatch{.batch = std::move(rows), .file = path_, .first_row = first};
  }

 private:
  Result<std::shared_ptr<arrow::RecordBatch>> ToRows(const arrow::RecordBatch& columns) const {
    const int64_t rows = columns.num_rows();
    const int64_t dim = columns.num_columns();
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> values,
                          arrow::AllocateBuffer(rows * dim * int64_t{sizeof(double)}));
    auto* to = reinterpret_cast<double*>(values->mutable_data());
    for (int64_t c = 0; c < dim; ++c) {
      const auto& column =
          static_cast<const arrow::DoubleArray&>(*columns.column(static_cast<int>(c)));
      for (int64_t r = 0; r < rows; ++r) {
        if (column.IsNull(r)) {
          return DamagedData(ShownUri(path_), ": row ", next_row_ + r, " has no number in column ",
                             c);
        }
        to[r * dim + c] = column.Value(r);
      }
    }
    auto lists = std::make_shared<arrow::FixedSizeListArray>(
        schema_->field(0)->type(), rows,
        std::make_shared<arrow::DoubleArray>(rows * dim, std::move(values)));
    return arrow::RecordBatch::Make(schema_, rows, arrow::ArrayVector{std::move(lists)});
  }

  const std::shared_ptr<arrow::csv::StreamingReader> reader_;
  const std::string path_;
  const std::shared_ptr<arrow::Schema> schema_;
  int64_t next_row_ = 0;
};

class CsvMatrix : public FeatureTable {
 public:
  CsvMatrix(std::shared_ptr<arrow::fs::FileSystem> filesystem, arrow::fs::FileInfo file,
            std::shared_ptr<arrow::Schema> schema, bool has_names)
      : FeatureTable(std::move(schema), "", ""),
        filesystem_(std::move(filesystem)),
        file_(std::move(file)),
        has_names_(has_names) {}

  Result<std::unique_ptr<TableBatches>> Read(const std::vector<std::string>& /*columns*/) override {
    auto read = arrow::csv::ReadOptions::Defaults();
    auto convert = arrow::csv::ConvertOptions::Defaults();
    read.block_size = kBlockBytes;
    read.skip_rows = has_names_ ? 1 : 0;
    const auto& type = static_cast<const arrow::FixedSizeListType&>(*schema()->field(0)->type());
    for (int32_t c = 0; c < type.list_size(); ++c) {
      read.column_names.push_back("f" + std::to_string(c));
      convert.column_types[read.column_names.back()] = arrow::float64();
    }
    ARROW_ASSIGN_OR_RAISE(auto input, filesystem_->OpenInputStream(file_));
    auto reader = arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), input, read,
                                                    arrow::csv::ParseOptions::Defaults(), convert);
    if (!reader.ok()) return Unreadable(file_.path(), reader.status());
    return std::make_unique<CsvBatches>(*reader, file_.path(), schema());
  }

 private:
  const std::shared_ptr<arrow::fs::FileSystem> filesystem_;
  const arrow::fs::FileInfo file_;
  const bool has_names_;
};

}  // namespace

Result<std::unique_ptr<FeatureTable>> OpenCsvMatrix(
    const std::shared_ptr<arrow::fs::FileSystem>& filesystem, const arrow::fs::FileInfo& file,
    const std::string& column) {
  ARROW_RETURN_NOT_OK(CheckWidth(*filesystem, file));
  // The first line, whatever it is, read as names.
  auto read = arrow::csv::ReadOptions::Defaults();
  read.block_size = kBlockBytes;
  ARROW_ASSIGN_OR_RAISE(auto input, filesystem->OpenInputStream(file));
  const auto reader = arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), input,
                                                        read, arrow::csv::ParseOptions::Defaults(),
                                                        arrow::csv::ConvertOptions::Defaults());
  if (!reader.ok()) return Unreadable(file.path(), reader.status());
  const auto first = (*reader)->schema()->field_names();
  const bool has_names = !std::all_of(first.begin(), first.end(), IsNumber);
  const auto type = arrow::fixed_size_list(arrow::field("element", arrow::float64()),
                                           static_cast<int32_t>(first.size()));
  return std::make_unique<CsvMatrix>(filesystem, file, arrow::schema({arrow::field(column, type)}),
                                     has_names);
}

}  // namespace pomona
