#include "pomona/serve/photo_answers.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/classify/conformal_sets.h"
#include "pomona/serve/short_number.h"

namespace pomona {
namespace {

using arrow::Result;

Json RowsOf(const std::vector<NearRow>& rows) {
  Json list = Json::array();
  for (const NearRow& one : rows) {
    list.push_back({{"row", one.row},
                    {"path", one.path},
                    {"label", one.label},
                    {"distance", ShortNumber(one.distance)}});
  }
  return list;
}

/// What computed it, and how long that took.
HttpReply With(const ServedModel& model, Json answer, size_t photos, double seconds) {
  answer["photos"] = photos;
  answer["model"] = model.extractor().model().card.name;
  answer["model_digest"] = model.extractor().model().digest;
  answer["classifier_digest"] = model.digest();
  answer["milliseconds"] = std::round(seconds * 1e5) / 100;
  return {.body = CompactJson(answer) + "\n"};
}

size_t CountOf(const PhotoFeatures& photos) {
  return photos.values.size() / static_cast<size_t>(photos.dim);
}

}  // namespace

FruitAnswer AnswerOf(const Classifier& classifier, const PhotoFeatures& photos) {
  const size_t count = CountOf(photos);
  const auto classes = static_cast<size_t>(classifier.classes());
  const auto answers = classifier.Answer(photos.values.data(), static_cast<int64_t>(count));
  FruitAnswer one;
  one.probabilities.resize(classes);
  for (size_t c = 0; c < classes; ++c) {
    double sum = 0;
    for (size_t p = 0; p < count; ++p) sum += answers.probabilities[p * classes + c];
    one.probabilities[c] = static_cast<float>(sum / static_cast<double>(count));
  }
  const double unknown = std::accumulate(answers.unknown.begin(), answers.unknown.end(), 0.0);
  one.unknown_score = static_cast<float>(unknown / static_cast<double>(count));
  one.unknown = one.unknown_score > classifier.unknown_threshold();
  one.order.resize(classes);
  std::iota(one.order.begin(), one.order.end(), size_t{0});
  std::ranges::stable_sort(one.order, [&](size_t a, size_t b) {
    return one.probabilities[a] > one.probabilities[b];
  });
  for (const size_t c : one.order) {
    if (ConformalScore(one.probabilities[c]) > classifier.set_quantile()) break;
    one.set.push_back(c);
  }
  return one;
}

Result<HttpReply> ClassifyReply(const ServedModel& model, const PhotoFeatures& photos,
                                const PhotoQuestions& asked, double seconds) {
  const auto& labels = model.classifier().labels();
  const FruitAnswer one = AnswerOf(model.classifier(), photos);
  Json set = Json::array();
  for (const size_t c : one.set) set.push_back(labels[c]);
  Json top = Json::array();
  for (size_t i = 0; i < std::min(one.order.size(), static_cast<size_t>(asked.top)); ++i) {
    const size_t c = one.order[i];
    top.push_back({{"label", labels[c]}, {"probability", ShortNumber(one.probabilities[c])}});
  }
  const size_t best = one.order.front();
  Json answer = {{"label", labels[best]},
                 {"probability", ShortNumber(one.probabilities[best])},
                 {"set", std::move(set)},
                 {"coverage", model.classifier().coverage()},
                 {"unknown", one.unknown},
                 {"unknown_score", ShortNumber(one.unknown_score)},
                 {"top", std::move(top)}};
  if (model.has_table()) {
    ARROW_ASSIGN_OR_RAISE(const auto rows, model.Nearest(photos, asked.neighbours));
    answer["neighbours"] = RowsOf(rows);
  }
  return With(model, std::move(answer), CountOf(photos), seconds);
}

HttpReply FeaturesReply(const ServedModel& model, const PhotoFeatures& photos, double seconds) {
  Json rows = Json::array();
  const size_t count = CountOf(photos);
  for (size_t p = 0; p < count; ++p) {
    Json& row = rows.emplace_back(Json::array());
    for (int64_t i = 0; i < photos.dim; ++i) row.push_back(ShortNumber(photos.row(p)[i]));
  }
  return With(model, {{"features", std::move(rows)}}, count, seconds);
}

Result<HttpReply> SimilarReply(const ServedModel& model, const PhotoFeatures& photos,
                               const PhotoQuestions& asked, double seconds) {
  ARROW_ASSIGN_OR_RAISE(const auto rows, model.Nearest(photos, asked.neighbours));
  return With(model, {{"similar", RowsOf(rows)}}, CountOf(photos), seconds);
}

}  // namespace pomona
