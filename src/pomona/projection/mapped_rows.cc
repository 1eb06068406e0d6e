#include "pomona/projection/mapped_rows.h"

#include <arrow/builder.h>

#include <set>
#include <utility>

#include "pomona/neighbors_run.h"

namespace pomona {
namespace {

using arrow::Result;

arrow::FieldVector PlaceFields() {
  return {arrow::field("projection_x", arrow::float32()),
          arrow::field("projection_y", arrow::float32()),
          NeighborsSchema()->GetFieldByName("neighbors")};
}

}  // namespace

MappedRows::MappedRows(const arrow::Schema& schema, const std::vector<std::string>& dropped,
                       const FeatureMatrix& matrix, const PlaneProjection& places)
    : matrix_(matrix), places_(places) {
  std::set<std::string> gone(dropped.begin(), dropped.end());
  const auto made = PlaceFields();
  for (const auto& field : made) gone.insert(field->name());
  arrow::FieldVector fields;
  for (const auto& field : schema.fields()) {
    if (!gone.contains(field->name())) fields.push_back(field);
  }
  kept_columns_ = static_cast<int>(fields.size());
  fields.insert(fields.end(), made.begin(), made.end());
  schema_ = arrow::schema(std::move(fields));
}

Result<arrow::ArrayVector> MappedRows::Places(int64_t rows) {
  const auto type = schema_->GetFieldByName("neighbors")->type();
  arrow::FloatBuilder x, y;
  const auto ids = std::make_shared<arrow::Int64Builder>();
  const auto distances = std::make_shared<arrow::FloatBuilder>();
  auto* pool = arrow::default_memory_pool();
  const auto id_lists = std::make_shared<arrow::ListBuilder>(pool, ids, type->field(0)->type());
  const auto distance_lists =
      std::make_shared<arrow::ListBuilder>(pool, distances, type->field(1)->type());
  arrow::StructBuilder neighbors(type, pool, {id_lists, distance_lists});
  const Neighbors& found = places_.neighbors;
  for (int64_t end = row_ + rows; row_ < end; ++row_) {
    if (next_ == matrix_.rows || matrix_.table_row(next_) != row_) {
      ARROW_RETURN_NOT_OK(x.AppendNull());
      ARROW_RETURN_NOT_OK(y.AppendNull());
      ARROW_RETURN_NOT_OK(neighbors.AppendNull());
      continue;
    }
    const auto at = static_cast<size_t>(next_);
    ARROW_RETURN_NOT_OK(x.Append(places_.x[at]));
    ARROW_RETURN_NOT_OK(y.Append(places_.y[at]));
    ARROW_RETURN_NOT_OK(neighbors.Append());
    ARROW_RETURN_NOT_OK(id_lists->Append());
    ARROW_RETURN_NOT_OK(distance_lists->Append());
    for (int64_t n = next_ * found.k; n < (next_ + 1) * found.k; ++n) {
      ARROW_RETURN_NOT_OK(ids->Append(matrix_.table_row(found.ids[static_cast<size_t>(n)])));
      ARROW_RETURN_NOT_OK(distances->Append(found.distances[static_cast<size_t>(n)]));
    }
    ++next_;
  }
  arrow::ArrayVector columns(3);
  ARROW_RETURN_NOT_OK(x.Finish(&columns[0]));
  ARROW_RETURN_NOT_OK(y.Finish(&columns[1]));
  ARROW_RETURN_NOT_OK(neighbors.Finish(&columns[2]));
  return columns;
}

Result<std::shared_ptr<arrow::RecordBatch>> MappedRows::Map(const arrow::RecordBatch& batch) {
  arrow::ArrayVector columns;
  for (int i = 0; i < kept_columns_; ++i) {
    columns.push_back(batch.GetColumnByName(schema_->field(i)->name()));
  }
  ARROW_ASSIGN_OR_RAISE(const auto places, Places(batch.num_rows()));
  columns.insert(columns.end(), places.begin(), places.end());
  return arrow::RecordBatch::Make(schema_, batch.num_rows(), std::move(columns));
}

}  // namespace pomona
