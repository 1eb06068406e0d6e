#include "pomona/classifier.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/thread_team.h"
#include "pomona/classify/classifier_fields.h"
#include "pomona/classify/mean_scores.h"
#include "pomona/classify/sureness.h"
#include "pomona/shown_text.h"

namespace pomona {

std::string_view LearnMethodName(LearnMethod method) {
  switch (method) {
    case LearnMethod::kDiscriminant:
      return "discriminant";
    case LearnMethod::kLogistic:
      return "logistic";
    case LearnMethod::kCentroid:
      return "centroid";
  }
  return "";
}

arrow::Result<LearnMethod> ParseLearnMethod(std::string_view name) {
  for (const LearnMethod method :
       {LearnMethod::kDiscriminant, LearnMethod::kLogistic, LearnMethod::kCentroid}) {
    if (name == LearnMethodName(method)) return method;
  }
  return arrow::Status::Invalid("no method `", ShownText(name),
                                "`\nhint: discriminant, logistic, centroid");
}

std::string_view ScoreKindName(ScoreKind kind) {
  return kind == ScoreKind::kCosine ? "cosine" : "distance";
}

arrow::Result<ScoreKind> ParseScoreKind(std::string_view name) {
  for (const ScoreKind kind : {ScoreKind::kCosine, ScoreKind::kDistance}) {
    if (name == ScoreKindName(kind)) return kind;
  }
  return arrow::Status::Invalid("no kind of score `", ShownText(name),
                                "`\nhint: cosine or distance");
}

struct Classifier::Impl {
  explicit Impl(Fields all)
      : fields(std::move(all)), scores(fields.Scoring()), nearness(NearnessOf(fields)) {}

  const Fields fields;
  const RowScores scores;
  const std::optional<MeanScores> nearness;  ///< of all prototypes; nothing: there is none

 private:
  static std::optional<MeanScores> NearnessOf(const Fields& fields) {
    std::vector<double> positions;
    for (const auto& of_class : fields.prototypes) {
      for (const Prototype& one : of_class) {
        positions.insert(positions.end(), one.position.begin(), one.position.end());
      }
    }
    if (positions.empty()) return std::nullopt;
    return MeanScores(fields.score_kind, positions, fields.Scoring().rank);
  }
};

Classifier::Classifier(Fields fields) : impl_(std::make_shared<const Impl>(std::move(fields))) {}

int64_t Classifier::dim() const { return static_cast<int64_t>(impl_->fields.mean.size()); }
int64_t Classifier::classes() const { return static_cast<int64_t>(impl_->fields.labels.size()); }
int64_t Classifier::rank() const { return impl_->fields.Scoring().rank; }
LearnMethod Classifier::method() const { return impl_->fields.method; }
ScoreKind Classifier::score_kind() const { return impl_->fields.score_kind; }
const std::vector<std::string>& Classifier::labels() const { return impl_->fields.labels; }
std::span<const int64_t> Classifier::counts() const { return impl_->fields.counts; }
std::span<const double> Classifier::mean() const { return impl_->fields.mean; }
std::span<const double> Classifier::projection() const { return impl_->fields.projection; }
std::span<const double> Classifier::class_means() const { return impl_->fields.class_means; }
std::span<const double> Classifier::weights() const { return impl_->fields.weights; }
std::span<const double> Classifier::bias() const { return impl_->fields.bias; }
double Classifier::temperature() const { return impl_->fields.temperature; }
double Classifier::doubt() const { return impl_->fields.doubt; }
double Classifier::coverage() const { return impl_->fields.coverage; }
double Classifier::set_quantile() const { return impl_->fields.set_quantile; }
double Classifier::unknown_threshold() const { return impl_->fields.unknown_threshold; }
double Classifier::false_alarms() const { return impl_->fields.false_alarms; }
const std::vector<std::vector<Prototype>>& Classifier::prototypes() const {
  return impl_->fields.prototypes;
}
const std::string& Classifier::target() const { return impl_->fields.target; }
const std::string& Classifier::features() const { return impl_->fields.features; }
const std::string& Classifier::training() const { return impl_->fields.training; }

Classifier::Answers Classifier::Answer(const float* rows, int64_t count, int threads,
                                       int nearest) const {
  ThreadTeam team(threads == 0 ? AvailableCores() : threads);
  Answers answers;
  answers.probabilities.resize(static_cast<size_t>(count * classes()));
  answers.unknown.resize(static_cast<size_t>(count));
  float* out = answers.probabilities.data();
  if (nearest > 0 && impl_->nearness) {
    const MeanScores& prototypes = *impl_->nearness;
    const int64_t wanted = std::min<int64_t>(nearest, prototypes.classes());
    answers.nearest.resize(static_cast<size_t>(count * wanted));
    const RowScores::Nearest asked = {prototypes, wanted, answers.nearest.data()};
    impl_->scores.Of(rows, count, out, answers.unknown.data(), team, &asked);
  } else {
    impl_->scores.Of(rows, count, out, answers.unknown.data(), team);
  }
  for (int64_t r = 0; r < count; ++r, out += classes()) {
    const std::span<float> row(out, static_cast<size_t>(classes()));
    Probabilities(row, {temperature(), doubt()}, row);
  }
  return answers;
}

}  // namespace pomona
