#include "pomona/base/csv_cells.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/csv/api.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>

#include <memory>

#include "pomona/base/work_memory.h"
#include "pomona/error_kind.h"

namespace pomona {
namespace {

constexpr int kMostColumns = 64;

}  // namespace

arrow::Result<std::vector<std::vector<std::string>>> CsvCells(std::string_view csv) {
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = false;
  read.autogenerate_column_names = true;
  // One block: a longer line than a block's would be an error.
  read.block_size = static_cast<int32_t>(csv.size()) + 1;
  auto convert = arrow::csv::ConvertOptions::Defaults();
  convert.strings_can_be_null = false;
  for (int i = 0; i < kMostColumns; ++i) {
    convert.column_types["f" + std::to_string(i)] = arrow::utf8();
  }
  const auto parse = [&]() -> arrow::Result<std::shared_ptr<arrow::Table>> {
    ARROW_ASSIGN_OR_RAISE(
        const auto reader,
        arrow::csv::TableReader::Make(
            arrow::io::IOContext(WorkMemory()),
            std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(std::string(csv))),
            read, arrow::csv::ParseOptions::Defaults(), convert));
    return reader->Read();
  };
  const auto table = parse();
  if (!table.ok()) return AsDamagedData(table.status());
  if ((*table)->num_columns() > kMostColumns) {
    return DamagedData("it has ", (*table)->num_columns(), " columns, more than ", kMostColumns);
  }
  std::vector<std::vector<std::string>> cells(static_cast<size_t>((*table)->num_rows()));
  for (const auto& column : (*table)->columns()) {
    size_t row = 0;
    for (const auto& chunk : column->chunks()) {
      const auto& text = static_cast<const arrow::StringArray&>(*chunk);
      for (int64_t i = 0; i < text.length(); ++i) cells[row++].push_back(text.GetString(i));
    }
  }
  return cells;
}

}  // namespace pomona
