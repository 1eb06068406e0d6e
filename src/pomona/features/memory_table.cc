#include "pomona/features/memory_table.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pomona {
namespace {

using arrow::Result;

constexpr int64_t kRowsABatch = 4096;

class MemoryBatches : public TableBatches {
 public:
  explicit MemoryBatches(std::shared_ptr<arrow::RecordBatch> rows) : rows_(std::move(rows)) {}

  Result<std::optional<TableBatch>> Next() override {
    if (next_ >= rows_->num_rows()) return std::nullopt;
    TableBatch batch{.batch = rows_->Slice(next_, kRowsABatch), .file = "rows", .first_row = next_};
    next_ += kRowsABatch;
    return batch;
  }

 private:
  const std::shared_ptr<arrow::RecordBatch> rows_;
  int64_t next_ = 0;
};

class MemoryTable : public FeatureTable {
 public:
  explicit MemoryTable(std::shared_ptr<arrow::RecordBatch> rows)
      : FeatureTable(rows->schema(), "", ""), rows_(std::move(rows)) {}

  Result<std::unique_ptr<TableBatches>> Read(const std::vector<std::string>& columns) override {
    std::vector<int> chosen;
    for (int c = 0; c < rows_->num_columns(); ++c) {
      const bool named =
          std::find(columns.begin(), columns.end(), rows_->column_name(c)) != columns.end();
      if (columns.empty() || named) chosen.push_back(c);
    }
    ARROW_ASSIGN_OR_RAISE(auto rows, rows_->SelectColumns(chosen));
    return std::make_unique<MemoryBatches>(std::move(rows));
  }

 private:
  const std::shared_ptr<arrow::RecordBatch> rows_;
};

}  // namespace

std::unique_ptr<FeatureTable> TableInMemory(std::shared_ptr<arrow::RecordBatch> rows) {
  return std::make_unique<MemoryTable>(std::move(rows));
}

}  // namespace pomona
