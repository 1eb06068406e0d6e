#include "pomona/predict/answered_images.h"

#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <utility>

#include "pomona/classify/target_names.h"
#include "pomona/error_kind.h"

namespace pomona {
namespace {

constexpr char kFeatures[] = "features";
/// Behind path and label.
constexpr int kPlace = 2;

}  // namespace

// One thread: the network keeps the cores busy, and an image's answer costs little beside it.
AnsweredImages::AnsweredImages(std::vector<Classifier> classifiers,
                               std::optional<FeatureFormat> kept)
    : answers_(features_->schema(), kFeatures, std::move(classifiers), /*threads=*/1),
      schema_(answers_.schema()) {
  if (!kept) return;
  kept_ = FeaturesThemselves(*kept);
  const auto& field = kept_->schema()->GetFieldByName(kFeatures);
  schema_ = schema_->AddField(kPlace, field).ValueOrDie();
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> AnsweredImages::Make(
    const std::shared_ptr<arrow::RecordBatch>& rows) {
  ARROW_ASSIGN_OR_RAISE(const auto features, features_->Make(rows));
  auto answered = answers_.Answer(features, made_);
  if (!answered.ok()) return AsDamagedData(answered.status());
  made_ += rows->num_rows();
  if (kept_ == nullptr) return answered;
  ARROW_ASSIGN_OR_RAISE(const auto kept, kept_->Make(rows));
  return (*answered)->AddColumn(kPlace, schema_->field(kPlace), kept->GetColumnByName(kFeatures));
}

std::map<std::string, int64_t> AnsweredImages::counts() const {
  std::map<std::string, int64_t> counts;
  for (const TargetAnswers& one : answers_.counts()) {
    const std::string suffix = AnswerSuffix(one.classifier, answers_.counts().size());
    counts["single" + suffix] = one.single;
    counts["unknown" + suffix] = one.unknown;
  }
  return counts;
}

}  // namespace pomona
