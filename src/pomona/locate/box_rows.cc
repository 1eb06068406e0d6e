#include "pomona/locate/box_rows.h"

#include <arrow/builder.h>
#include <arrow/type.h>

namespace pomona {

using arrow::Status;

struct BoxRows::Columns {
  arrow::StringBuilder path, label;
  arrow::FloatBuilder score;
  arrow::Int32Builder x, y, width, height;
  arrow::StringBuilder reject;

  /// Those between path and reject.
  std::vector<arrow::ArrayBuilder*> of_box() { return {&label, &score, &x, &y, &width, &height}; }
};

BoxRows::BoxRows() : columns_(std::make_unique<Columns>()) {}
BoxRows::~BoxRows() = default;

Status BoxRows::Add(const std::string& path, const std::vector<PixelBox>& boxes) {
  for (const PixelBox& box : boxes) {
    ARROW_RETURN_NOT_OK(columns_->path.Append(path));
    ARROW_RETURN_NOT_OK(columns_->label.Append(box.label));
    ARROW_RETURN_NOT_OK(columns_->score.Append(box.score));
    ARROW_RETURN_NOT_OK(columns_->x.Append(box.x));
    ARROW_RETURN_NOT_OK(columns_->y.Append(box.y));
    ARROW_RETURN_NOT_OK(columns_->width.Append(box.width));
    ARROW_RETURN_NOT_OK(columns_->height.Append(box.height));
    ARROW_RETURN_NOT_OK(columns_->reject.AppendNull());
  }
  if (!boxes.empty()) return Status::OK();
  ARROW_RETURN_NOT_OK(columns_->path.Append(path));
  for (auto* column : columns_->of_box()) ARROW_RETURN_NOT_OK(column->AppendNull());
  return columns_->reject.AppendNull();
}

Status BoxRows::AddReject(const std::string& path, const std::string& reason) {
  ARROW_RETURN_NOT_OK(columns_->path.Append(path));
  for (auto* column : columns_->of_box()) ARROW_RETURN_NOT_OK(column->AppendNull());
  return columns_->reject.Append(reason);
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> BoxRows::Finish() {
  static constexpr const char* kNames[] = {"path", "label", "score",  "x",
                                           "y",    "width", "height", "reject"};
  std::vector<arrow::ArrayBuilder*> builders = columns_->of_box();
  builders.insert(builders.begin(), &columns_->path);
  builders.push_back(&columns_->reject);
  std::vector<std::shared_ptr<arrow::Array>> columns;
  std::vector<std::shared_ptr<arrow::Field>> fields;
  for (size_t i = 0; i < builders.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), builders[i]->Finish());
    fields.push_back(arrow::field(kNames[i], columns.back()->type()));
  }
  return arrow::RecordBatch::Make(arrow::schema(std::move(fields)), columns[0]->length(), columns);
}

}  // namespace pomona
