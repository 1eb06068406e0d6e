#include "pomona/classify/labelled_batches.h"

#include <arrow/array.h>
#include <arrow/compute/api_vector.h>
#include <arrow/compute/cast.h>
#include <arrow/datum.h>

#include <algorithm>
#include <utility>

#include "pomona/classify/row_labels.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_rows.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kViews[] = "views";
constexpr char kPaths[] = "path";

}  // namespace

Result<LabelledBatches> LabelledBatches::Open(FeatureTable& table, const LearningRows& which,
                                              LabelledColumns columns, int64_t dim) {
  columns.views = columns.views && table.schema()->GetFieldByName(kViews) != nullptr;
  columns.paths = columns.paths && HasText(*table.schema(), kPaths);
  std::vector<std::string> read = {columns.features};
  if (columns.views) read.emplace_back(kViews);
  if (columns.paths) read.emplace_back(kPaths);
  LabelledBatches batches;
  batches.which_ = &which;
  batches.columns_ = std::move(columns);
  batches.dim_ = dim;
  ARROW_ASSIGN_OR_RAISE(batches.batches_, table.Read(read));
  return batches;
}

Result<std::optional<LabelledBatch>> LabelledBatches::Next() {
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const auto next, batches_->Next());
    if (!next) return std::nullopt;
    LabelledBatch taken;
    const Status status = Take(*next, &taken);
    if (!status.ok()) {
      return AsDamagedData(status).WithMessage(next->file, ": ", status.message());
    }
    if (!taken.rows.empty()) return taken;
  }
}

Status LabelledBatches::Take(const TableBatch& batch, LabelledBatch* taken) {
  const auto features = batch.batch->GetColumnByName(columns_.features);
  std::vector<int64_t> places;
  for (int64_t i = 0; i < batch.batch->num_rows(); ++i, ++row_) {
    if (which_->fold[static_cast<size_t>(row_)] == LearningRows::kLeftOut) continue;
    if (features->IsNull(i)) {
      ++skipped_;
      continue;
    }
    places.push_back(i);
    taken->rows.push_back(row_);
  }
  // All rows are looked at, also those that are left out: a table with a bad row is a bad table.
  ARROW_ASSIGN_OR_RAISE(const auto all, FeatureRows::Make(*features, dim_, batch.first_row));
  if (all.rows() > 0) dim_ = all.dim();
  if (places.empty()) return Status::OK();
  const bool whole = static_cast<int64_t>(places.size()) == batch.batch->num_rows();
  auto chosen = batch.batch;
  if (!whole) {
    const arrow::Int64Array indices(static_cast<int64_t>(places.size()),
                                    arrow::Buffer::Wrap(places));
    ARROW_ASSIGN_OR_RAISE(const auto datum, arrow::compute::Take(batch.batch, indices));
    chosen = datum.record_batch();
  }
  ARROW_ASSIGN_OR_RAISE(
      const auto rows, FeatureRows::Make(*chosen->GetColumnByName(columns_.features), dim_, batch.first_row));
  rows.AppendTo(&taken->features);
  if (columns_.paths) {
    ARROW_ASSIGN_OR_RAISE(const auto paths,
                          arrow::compute::Cast(*chosen->GetColumnByName(kPaths), arrow::utf8()));
    taken->paths = std::static_pointer_cast<arrow::StringArray>(paths);
  }
  return columns_.views ? TakeViews(*chosen, batch.first_row, taken) : Status::OK();
}

Status LabelledBatches::TakeViews(const arrow::RecordBatch& batch, int64_t first_row,
                                  LabelledBatch* taken) {
  const auto column = batch.GetColumnByName(kViews);
  if (column->type_id() != arrow::Type::LIST) {
    return DamagedData("column views is ", column->type()->ToString());
  }
  const auto& lists = static_cast<const arrow::ListArray&>(*column);
  const auto item = lists.value_type();
  const int field = item->id() == arrow::Type::STRUCT
                        ? static_cast<const arrow::StructType&>(*item).GetFieldIndex("features")
                        : -1;
  if (field < 0) return DamagedData("column views is ", column->type()->ToString());
  for (int64_t r = 0; r < lists.length(); ++r) {
    const int64_t count = lists.IsNull(r) ? 0 : lists.value_length(r);
    if (views_a_row_ < 0) views_a_row_ = count;
    if (count != views_a_row_) {
      return DamagedData("row ", first_row + r, " has ", count, " views, those before have ",
                         views_a_row_);
    }
  }
  taken->views_a_row = views_a_row_;
  if (views_a_row_ == 0) return Status::OK();
  ARROW_ASSIGN_OR_RAISE(const auto items, lists.Flatten());
  ARROW_ASSIGN_OR_RAISE(const auto turned,
                        static_cast<const arrow::StructArray&>(*items).GetFlattenedField(field));
  ARROW_ASSIGN_OR_RAISE(const auto rows, FeatureRows::Make(*turned, dim_, first_row));
  if (rows.skipped() > 0) return DamagedData("a view has no features");
  rows.AppendTo(&taken->views);
  return Status::OK();
}

}  // namespace pomona
