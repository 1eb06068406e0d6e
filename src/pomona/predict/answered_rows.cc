#include "pomona/predict/answered_rows.h"

#include <arrow/builder.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "pomona/classify/conformal_sets.h"
#include "pomona/classify/target_names.h"
#include "pomona/features/feature_rows.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// So many prototypes are named for each row.
constexpr int kNearest = 3;

std::shared_ptr<arrow::DataType> ListOf(const std::shared_ptr<arrow::DataType>& item) {
  return arrow::list(arrow::field("element", item));
}

bool HasPrototypes(const Classifier& classifier) {
  return std::ranges::any_of(classifier.prototypes(), [](const auto& one) { return !one.empty(); });
}

/// In the order of AnswerColumnNames.
arrow::FieldVector AnswerFields(const Classifier& classifier, const std::string& suffix) {
  arrow::DataTypeVector types = {arrow::utf8(),          arrow::float32(), ListOf(arrow::utf8()),
                                 arrow::boolean(),       arrow::float32(), ListOf(arrow::float32()),
                                 ListOf(arrow::utf8())};
  if (!HasPrototypes(classifier)) types.pop_back();
  arrow::FieldVector fields;
  for (size_t i = 0; i < types.size(); ++i) {
    fields.push_back(arrow::field(AnswerColumnNames()[i] + suffix, types[i]));
  }
  return fields;
}

/// Columns of one classifier's answers as they grow.
class AnswerColumns {
 public:
  explicit AnswerColumns(const Classifier& classifier) : classifier_(classifier) {
    for (const auto& of_class : classifier.prototypes()) {
      for (const Prototype& one : of_class) prototypes_.push_back(one.path);
    }
  }

  /// nearest: prototypes, or empty.
  Status Append(std::span<const float> probabilities, float unknown,
                std::span<const int32_t> nearest) {
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
    ARROW_RETURN_NOT_OK(
        all_values_->AppendValues(probabilities.data(), std::ssize(probabilities)));
    ARROW_RETURN_NOT_OK(nearest_.Append());
    for (const int32_t one : nearest) {
      ARROW_RETURN_NOT_OK(nearest_paths_->Append(prototypes_[static_cast<size_t>(one)]));
    }
    return Status::OK();
  }

  int64_t last_set_size() const { return set_size_; }

  Result<arrow::ArrayVector> Finish() {
    arrow::ArrayVector columns(prototypes_.empty() ? 6 : 7);
    ARROW_RETURN_NOT_OK(predicted_.Finish(&columns[0]));
    ARROW_RETURN_NOT_OK(probability_.Finish(&columns[1]));
    ARROW_RETURN_NOT_OK(set_.Finish(&columns[2]));
    ARROW_RETURN_NOT_OK(unknown_.Finish(&columns[3]));
    ARROW_RETURN_NOT_OK(unknown_score_.Finish(&columns[4]));
    ARROW_RETURN_NOT_OK(all_.Finish(&columns[5]));
    if (!prototypes_.empty()) ARROW_RETURN_NOT_OK(nearest_.Finish(&columns[6]));
    return columns;
  }

 private:
  const Classifier& classifier_;
  std::vector<std::string_view> prototypes_;  ///< the paths of all
  std::vector<size_t> order_;
  int64_t set_size_ = 0;
  arrow::StringBuilder predicted_;
  arrow::FloatBuilder probability_;
  const std::shared_ptr<arrow::StringBuilder> set_labels_ =
      std::make_shared<arrow::StringBuilder>();
  arrow::ListBuilder set_{arrow::default_memory_pool(), set_labels_, ListOf(arrow::utf8())};
  arrow::BooleanBuilder unknown_;
  arrow::FloatBuilder unknown_score_;
  const std::shared_ptr<arrow::FloatBuilder> all_values_ = std::make_shared<arrow::FloatBuilder>();
  arrow::ListBuilder all_{arrow::default_memory_pool(), all_values_, ListOf(arrow::float32())};
  const std::shared_ptr<arrow::StringBuilder> nearest_paths_ =
      std::make_shared<arrow::StringBuilder>();
  arrow::ListBuilder nearest_{arrow::default_memory_pool(), nearest_paths_, ListOf(arrow::utf8())};
};

}  // namespace

AnsweredRows::AnsweredRows(const std::shared_ptr<arrow::Schema>& schema, std::string column,
                           std::vector<Classifier> classifiers, int threads)
    : column_(std::move(column)), classifiers_(std::move(classifiers)), threads_(threads) {
  std::set<std::string> replaced = {column_, "views"};
  arrow::FieldVector answers;
  for (const Classifier& one : classifiers_) {
    counts_.push_back({.classifier = one});
    for (auto& field : AnswerFields(one, AnswerSuffix(one, classifiers_.size()))) {
      replaced.insert(field->name());
      answers.push_back(std::move(field));
    }
  }
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
  ARROW_ASSIGN_OR_RAISE(
      const auto rows,
      FeatureRows::Make(*batch->column(index), classifiers_.front().dim(), first_row));
  skipped_ += rows.skipped();
  std::vector<float> features;
  rows.AppendTo(&features);
  ARROW_ASSIGN_OR_RAISE(const auto kept, DropNullRows(batch, index));
  arrow::ArrayVector columns;
  for (int i = 0; i < kept_columns_; ++i) {
    columns.push_back(kept->GetColumnByName(schema_->field(i)->name()));
  }
  for (size_t i = 0; i < classifiers_.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(const auto answered,
                          AnswersOf(classifiers_[i], features, rows.rows(), &counts_[i]));
    columns.insert(columns.end(), answered.begin(), answered.end());
  }
  return arrow::RecordBatch::Make(schema_, rows.rows(), std::move(columns));
}

Result<arrow::ArrayVector> AnsweredRows::AnswersOf(const Classifier& classifier,
                                                   const std::vector<float>& features,
                                                   int64_t rows, TargetAnswers* counts) const {
  const auto answers = classifier.Answer(features.data(), rows, threads_, kNearest);
  AnswerColumns made(classifier);
  const auto classes = static_cast<size_t>(classifier.classes());
  const size_t nearest = rows == 0 ? 0 : answers.nearest.size() / static_cast<size_t>(rows);
  for (size_t r = 0; r < answers.unknown.size(); ++r) {
    ARROW_RETURN_NOT_OK(made.Append(std::span(answers.probabilities).subspan(r * classes, classes),
                                    answers.unknown[r],
                                    std::span(answers.nearest).subspan(r * nearest, nearest)));
    counts->single += made.last_set_size() == 1 ? 1 : 0;
    counts->unknown += answers.unknown[r] > classifier.unknown_threshold() ? 1 : 0;
  }
  return made.Finish();
}

}  // namespace pomona
