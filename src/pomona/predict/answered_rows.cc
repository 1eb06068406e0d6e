#include "pomona/predict/answered_rows.h"

#include <arrow/builder.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "pomona/classify/conformal_sets.h"
#include "pomona/features/feature_rows.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

arrow::FieldVector AnswerFields() {
  return {arrow::field("predicted", arrow::utf8()),
          arrow::field("probability", arrow::float32()),
          arrow::field("set", arrow::list(arrow::field("element", arrow::utf8()))),
          arrow::field("unknown", arrow::boolean()),
          arrow::field("unknown_score", arrow::float32()),
          arrow::field("probabilities", arrow::list(arrow::field("element", arrow::float32())))};
}

/// Columns of answers as they grow.
class AnswerColumns {
 public:
  explicit AnswerColumns(const Classifier& classifier) : classifier_(classifier) {}

  Status Append(std::span<const float> probabilities, float unknown) {
    order_.resize(probabilities.size());
    std::iota(order_.begin(), order_.end(), size_t{0});
    // The likeliest first; of equals the first label.
    std::stable_sort(order_.begin(), order_.end(),
                     [&](size_t a, size_t b) { return probabilities[a] > probabilities[b]; });
    const float best = probabilities[order_.front()];
    ARROW_RETURN_NOT_OK(predicted_.Append(classifier_.labels()[order_.front()]));
    ARROW_RETURN_NOT_OK(probability_.Append(best));
    ARROW_RETURN_NOT_OK(set_.Append());
    set_size_ = 0;
    for (const size_t c : order_) {
      if (ConformalScore(probabilities[c]) > classifier_.set_quantile()) break;
      ARROW_RETURN_NOT_OK(set_labels_->Append(classifier_.labels()[c]));
      ++set_size_;
    }
    ARROW_RETURN_NOT_OK(unknown_.Append(unknown > classifier_.unknown_threshold()));
    ARROW_RETURN_NOT_OK(unknown_score_.Append(unknown));
    ARROW_RETURN_NOT_OK(all_.Append());
    return all_values_->AppendValues(probabilities.data(),
                                     static_cast<int64_t>(probabilities.size()));
  }

  int64_t last_set_size() const { return set_size_; }

  Result<arrow::ArrayVector> Finish() {
    arrow::ArrayVector columns(6);
    ARROW_RETURN_NOT_OK(predicted_.Finish(&columns[0]));
    ARROW_RETURN_NOT_OK(probability_.Finish(&columns[1]));
    ARROW_RETURN_NOT_OK(set_.Finish(&columns[2]));
    ARROW_RETURN_NOT_OK(unknown_.Finish(&columns[3]));
    ARROW_RETURN_NOT_OK(unknown_score_.Finish(&columns[4]));
    ARROW_RETURN_NOT_OK(all_.Finish(&columns[5]));
    return columns;
  }

 private:
  const Classifier& classifier_;
  std::vector<size_t> order_;
  int64_t set_size_ = 0;
  arrow::StringBuilder predicted_;
  arrow::FloatBuilder probability_;
  const std::shared_ptr<arrow::StringBuilder> set_labels_ =
      std::make_shared<arrow::StringBuilder>();
  arrow::ListBuilder set_{arrow::default_memory_pool(), set_labels_, AnswerFields()[2]->type()};
  arrow::BooleanBuilder unknown_;
  arrow::FloatBuilder unknown_score_;
  const std::shared_ptr<arrow::FloatBuilder> all_values_ = std::make_shared<arrow::FloatBuilder>();
  arrow::ListBuilder all_{arrow::default_memory_pool(), all_values_, AnswerFields()[5]->type()};
};

}  // namespace

AnsweredRows::AnsweredRows(const std::shared_ptr<arrow::Schema>& schema, std::string column,
                           Classifier classifier, int threads)
    : column_(std::move(column)), classifier_(std::move(classifier)), threads_(threads) {
  std::set<std::string> replaced = {column_, "views"};
  const auto answers = AnswerFields();
  for (const auto& field : answers) replaced.insert(field->name());
  arrow::FieldVector fields;
  for (const auto& field : schema->fields()) {
    if (!replaced.contains(field->name())) fields.push_back(field);
  }
  kept_columns_ = static_cast<int>(fields.size());
  fields.insert(fields.end(), answers.begin(), answers.end());
  schema_ = arrow::schema(std::move(fields));
}

Result<std::shared_ptr<arrow::RecordBatch>> AnsweredRows::Answer(
    const std::shared_ptr<arrow::RecordBatch>& batch, int64_t first_row) {
  const int index = batch->schema()->GetFieldIndex(column_);
  ARROW_ASSIGN_OR_RAISE(const auto rows,
                        FeatureRows::Make(*batch->column(index), classifier_.dim(), first_row));
  skipped_ += rows.skipped();
  std::vector<float> features;
  rows.AppendTo(&features);
  const auto answers = classifier_.Answer(features.data(), rows.rows(), threads_);
  AnswerColumns made(classifier_);
  const auto classes = static_cast<size_t>(classifier_.classes());
  for (size_t r = 0; r < answers.unknown.size(); ++r) {
    ARROW_RETURN_NOT_OK(made.Append(std::span(answers.probabilities).subspan(r * classes, classes),
                                    answers.unknown[r]));
    single_ += made.last_set_size() == 1 ? 1 : 0;
    unknown_ += answers.unknown[r] > classifier_.unknown_threshold() ? 1 : 0;
  }
  ARROW_ASSIGN_OR_RAISE(const auto kept, DropNullRows(batch, index));
  arrow::ArrayVector columns;
  for (int i = 0; i < kept_columns_; ++i) {
    columns.push_back(kept->GetColumnByName(schema_->field(i)->name()));
  }
  ARROW_ASSIGN_OR_RAISE(const auto answered, made.Finish());
  columns.insert(columns.end(), answered.begin(), answered.end());
  return arrow::RecordBatch::Make(schema_, rows.rows(), std::move(columns));
}

}  // namespace pomona
