#include "pomona/features/feature_matrix.h"

#include <arrow/buffer_builder.h>
#include <arrow/builder.h>
#include <arrow/compute/cast.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "pomona/base/work_memory.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_rows.h"
#include "pomona/features/feature_slices.h"
#include "pomona/features/unusable_rows.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

bool IsText(const arrow::DataType& type) {
  if (type.id() != arrow::Type::DICTIONARY) return arrow::is_base_binary_like(type.id());
  return IsText(*static_cast<const arrow::DictionaryType&>(type).value_type());
}

/// A column of text of a table, as it is read; nothing where there is none.
class TextColumn {
 public:
  TextColumn(const arrow::Schema& schema, const char* name) : name_(name), builder_(WorkMemory()) {
    const auto field = schema.GetFieldByName(name);
    exists_ = field != nullptr && IsText(*field->type());
  }

  bool exists() const { return exists_; }
  const std::string& name() const { return name_; }

  Status Append(const arrow::RecordBatch& batch) {
    if (!exists_) return Status::OK();
    ARROW_ASSIGN_OR_RAISE(const auto text,
                          arrow::compute::Cast(*batch.GetColumnByName(name_), arrow::utf8()));
    return builder_.AppendArraySlice(*text->data(), 0, text->length());
  }

  Result<std::shared_ptr<arrow::StringArray>> Finish() {
    std::shared_ptr<arrow::StringArray> column;
    if (exists_) ARROW_RETURN_NOT_OK(builder_.Finish(&column));
    return column;
  }

 private:
  const std::string name_;
  bool exists_ = false;
  arrow::StringBuilder builder_;
};

/// Goes on with the numbers of the rows that are kept, where some are not.
void NumberRows(const arrow::Array& features, FeatureMatrix* matrix) {
  const int64_t seen = matrix->rows + matrix->skipped;
  std::vector<int64_t>& numbers = matrix->table_rows;
  if (features.null_count() == 0 && matrix->skipped == 0) return;
  if (matrix->skipped == 0) {
    numbers.resize(static_cast<size_t>(seen));
    std::iota(numbers.begin(), numbers.end(), 0);
  }
  for (int64_t i = 0; i < features.length(); ++i) {
    if (features.IsValid(i)) numbers.push_back(seen + i);
  }
}

Result<FeatureMatrix> ReadMatrix(FeatureTable& table, const std::string& column,
                                 const arrow::StopToken& stop, FeaturePart part,
                                 UnusableRows unusable) {
  TextColumn path(*table.schema(), "path");
  TextColumn label(*table.schema(), "label");
  std::vector<std::string> columns = {column};
  for (const auto* text : {&path, &label}) {
    if (text->exists()) columns.push_back(text->name());
  }
  ARROW_ASSIGN_OR_RAISE(const auto batches, table.Read(columns));
  FeatureMatrix matrix;
  FeatureRange range;
  arrow::TypedBufferBuilder<float> values(WorkMemory());
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
    if (!next) break;
    ARROW_RETURN_NOT_OK(stop.Poll());
    std::shared_ptr<arrow::RecordBatch> whole = next->batch;
    if (unusable == UnusableRows::kLeaveOut) {
      const int index = whole->schema()->GetFieldIndex(column);
      ARROW_ASSIGN_OR_RAISE(
          auto usable, NullUnusableRows(whole->column(index), matrix.row_dim, &matrix.unusable));
      ARROW_ASSIGN_OR_RAISE(whole, whole->SetColumn(index, whole->schema()->field(index), usable));
    }
    const auto rows =
        FeatureRows::Make(*whole->GetColumnByName(column), matrix.row_dim, next->first_row);
    if (!rows.ok()) {
      return AsDamagedData(rows.status()).WithMessage(next->file, ": ", rows.status().message());
    }
    NumberRows(*whole->GetColumnByName(column), &matrix);
    if (rows->rows() > 0 && matrix.row_dim == 0) {
      matrix.row_dim = rows->dim();
      range = {0, rows->dim()};
      if (part == FeaturePart::kLastLayer) {
        ARROW_ASSIGN_OR_RAISE(range, LastLayerOf(table.made_of(), rows->dim()));
      }
      matrix.dim = range.count;
    }
    matrix.rows += rows->rows();
    matrix.skipped += rows->skipped();
    ARROW_RETURN_NOT_OK(values.Reserve(rows->rows() * range.count));
    rows->Visit([&](const auto* from, int64_t count) {
      for (int64_t r = 0; r < count; ++r, from += rows->dim()) {
        std::for_each(from + range.first, from + range.first + range.count,
                      [&](auto value) { values.UnsafeAppend(static_cast<float>(value)); });
      }
      return true;
    });
    ARROW_ASSIGN_OR_RAISE(const auto kept,
                          DropNullRows(whole, whole->schema()->GetFieldIndex(column)));
    ARROW_RETURN_NOT_OK(path.Append(*kept));
    ARROW_RETURN_NOT_OK(label.Append(*kept));
  }
  if (matrix.rows == 0 && unusable == UnusableRows::kRefuse) {
    return DamagedData("the table has no features");
  }
  // To give back what is not used may mean to copy all of it; it was never touched.
  ARROW_RETURN_NOT_OK(values.Finish(&matrix.values, /*shrink_to_fit=*/false));
  ARROW_ASSIGN_OR_RAISE(matrix.path, path.Finish());
  ARROW_ASSIGN_OR_RAISE(matrix.label, label.Finish());
  return matrix;
}

}  // namespace

Result<FeatureMatrix> ReadFeatureMatrix(FeatureTable& table, const std::string& uri,
                                        const std::string& column, const arrow::StopToken& stop,
                                        FeaturePart part, UnusableRows unusable) {
  auto matrix = ReadMatrix(table, column, stop, part, unusable);
  if (matrix.ok()) return matrix;
  return matrix.status().WithMessage(ShownUri(uri), ": ", matrix.status().message());
}

}  // namespace pomona
