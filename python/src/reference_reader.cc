#include "reference_reader.h"

#include <arrow/array/util.h>
#include <arrow/compute/cast.h>
#include <arrow/compute/exec.h>

#include <algorithm>
#include <utility>

#include "pomona/base/work_memory.h"
#include "pomona/error_kind.h"
#include "pomona/list.h"

namespace pomona::python {
namespace {

using arrow::Result;
using arrow::Status;

// Some batches are worked on at once, and each holds its features.
constexpr int64_t kMostRows = 1024;

class ReferenceReader : public arrow::RecordBatchReader {
 public:
  explicit ReferenceReader(std::shared_ptr<arrow::RecordBatchReader> reader)
      : reader_(std::move(reader)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    batch->reset();
    while (rest_ == nullptr || rest_->num_rows() == 0) {
      ARROW_ASSIGN_OR_RAISE(auto next, reader_->Next());
      if (next == nullptr) return Status::OK();
      ARROW_ASSIGN_OR_RAISE(rest_, Convert(*next));
    }
    const int64_t rows = std::min(kMostRows, rest_->num_rows());
    *batch = rest_->Slice(0, rows);
    rest_ = rest_->Slice(rows);
    return Status::OK();
  }

 private:
  Result<std::shared_ptr<arrow::RecordBatch>> Convert(const arrow::RecordBatch& given) const {
    arrow::ArrayVector columns;
    for (const auto& field : schema_->fields()) {
      auto column = given.GetColumnByName(field->name());
      if (column == nullptr) {
        ARROW_ASSIGN_OR_RAISE(column, arrow::MakeArrayOfNull(field->type(), given.num_rows()));
      } else if (!column->type()->Equals(*field->type())) {
        arrow::compute::ExecContext context(WorkMemory());
        auto cast = arrow::compute::Cast(*column, field->type(),
                                         arrow::compute::CastOptions::Safe(), &context);
        if (!cast.ok()) {
          return DamagedData("column ", field->name(), " is ", column->type()->ToString(), ", not ",
                             field->type()->ToString(), ": ", cast.status().message());
        }
        column = *std::move(cast);
      }
      columns.push_back(std::move(column));
    }
    return arrow::RecordBatch::Make(schema_, given.num_rows(), std::move(columns));
  }

  const std::shared_ptr<arrow::Schema> schema_ = ReferenceSchema();
  const std::shared_ptr<arrow::RecordBatchReader> reader_;
  std::shared_ptr<arrow::RecordBatch> rest_;
};

}  // namespace

Result<std::shared_ptr<arrow::RecordBatchReader>> ReadReferences(
    std::shared_ptr<arrow::RecordBatchReader> reader) {
  if (reader->schema()->GetFieldIndex("uri") < 0) {
    return Status::Invalid("references must have one column `uri`, got ",
                           reader->schema()->ToString());
  }
  return std::make_shared<ReferenceReader>(std::move(reader));
}

}  // namespace pomona::python
