#include "pomona/table/part_rows.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>

#include <utility>

#include "pomona/error_kind.h"
#include "pomona/table/table_schema.h"

namespace pomona {
namespace {

class NamedRows : public PartRows {
 public:
  explicit NamedRows(std::shared_ptr<arrow::Schema> schema) : schema_(std::move(schema)) {}

  const std::shared_ptr<arrow::Schema>& schema() const override { return schema_; }

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Make(
      const std::shared_ptr<arrow::RecordBatch>& rows) override {
    arrow::ArrayVector columns;
    for (const auto& field : schema_->fields()) {
      auto column = rows->GetColumnByName(field->name() == "path" ? "uri" : field->name());
      if (column == nullptr) return DamagedData("there is no column ", field->name());
      const bool to_vectors = field->type()->id() == arrow::Type::STRUCT;
      if (field->name() == "features" && column->type()->id() == arrow::Type::LIST && to_vectors) {
        ARROW_ASSIGN_OR_RAISE(column, FormatFeatures(column, FeatureFormat::kVector));
      }
      if (!column->type()->Equals(field->type())) {
        return DamagedData("column ", field->name(), " is ", column->type()->ToString());
      }
      columns.push_back(std::move(column));
    }
    return arrow::RecordBatch::Make(schema_, rows->num_rows(), std::move(columns));
  }

 private:
  const std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace

std::shared_ptr<PartRows> RowsByName(std::shared_ptr<arrow::Schema> schema) {
  return std::make_shared<NamedRows>(std::move(schema));
}

std::shared_ptr<PartRows> FeaturesThemselves(FeatureFormat format, bool views) {
  return RowsByName(TableSchema(format, views));
}

}  // namespace pomona
