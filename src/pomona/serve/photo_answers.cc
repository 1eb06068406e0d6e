#include "pomona/serve/photo_answers.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "pomona/base/json.h"
#include "pomona/classify/conformal_sets.h"
#include "pomona/serve/short_number.h"

namespace pomona {
namespace {

using arrow::Result;

Json NearList(const std::vector<NearPhoto>& near) {
  Json list = Json::array();
  for (const NearPhoto& one : near) {
    Json& told = list.emplace_back(Json{{"path", one.path}, {"label", one.label}});
    if (one.row) told["row"] = *one.row;
    if (one.distance) told["distance"] = ShortNumber(*one.distance);
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

/// [classes]: the mean over photos of the same fruit.
std::vector<float> MeanOf(const std::vector<float>& probabilities, size_t photos) {
  const size_t classes = probabilities.size() / photos;
  std::vector<float> mean(classes);
  for (size_t c = 0; c < classes; ++c) {
    double sum = 0;
    for (size_t p = 0; p < photos; ++p) sum += probabilities[p * classes + c];
    mean[c] = static_cast<float>(sum / static_cast<double>(photos));
  }
  return mean;
}

/// Photos of training that the classifier remembers: first the nearest of each photo, then the next
/// nearest, each once.
std::vector<NearPhoto> PrototypesOf(const Classifier& classifier,
                                    const Classifier::Answers& answers, size_t photos, size_t k) {
  std::vector<NearPhoto> all;
  for (size_t c = 0; c < classifier.prototypes().size(); ++c) {
    for (const Prototype& one : classifier.prototypes()[c]) {
      all.push_back({.path = one.path,
                     .label = classifier.labels()[c],
                     .row = std::nullopt,
                     .distance = std::nullopt});
    }
  }
  std::vector<NearPhoto> near;
  std::set<int32_t> taken;
  const size_t each = answers.nearest.size() / photos;
  for (size_t i = 0; i < each; ++i) {
    for (size_t p = 0; p < photos && near.size() < k; ++p) {
      const int32_t one = answers.nearest[p * each + i];
      if (taken.insert(one).second) near.push_back(all[static_cast<size_t>(one)]);
    }
  }
  return near;
}

/// What one classifier says of photos of the same fruit.
Json AnswerOf(const Classifier& classifier, const PhotoFeatures& photos,
              const PhotoQuestions& asked) {
  const size_t count = CountOf(photos);
  const auto answers = classifier.Answer(photos.values.data(), static_cast<int64_t>(count),
                                         /*threads=*/1, static_cast<int>(asked.neighbours));
  const std::vector<float> probabilities = MeanOf(answers.probabilities, count);
  const float unknown = MeanOf(answers.unknown, count).front();
  // The likeliest first; of equals the first label.
  std::vector<size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order,
                           [&](size_t a, size_t b) { return probabilities[a] > probabilities[b]; });
  Json set = Json::array();
  Json top = Json::array();
  for (const size_t c : order) {
    if (ConformalScore(probabilities[c]) > classifier.set_quantile()) break;
    set.push_back(classifier.labels()[c]);
  }
  for (size_t i = 0; i < std::min(order.size(), static_cast<size_t>(asked.top)); ++i) {
    top.push_back({{"label", classifier.labels()[order[i]]},
                   {"probability", ShortNumber(probabilities[order[i]])}});
  }
  Json answer = {{"label", classifier.labels()[order.front()]},
                 {"probability", ShortNumber(probabilities[order.front()])},
                 {"set", std::move(set)},
                 {"coverage", classifier.coverage()},
                 {"unknown", unknown > classifier.unknown_threshold()},
                 {"unknown_score", ShortNumber(unknown)},
                 {"top", std::move(top)}};
  const auto near = PrototypesOf(classifier, answers, count, static_cast<size_t>(asked.neighbours));
  if (!near.empty()) answer["neighbours"] = NearList(near);
  return answer;
}

}  // namespace

Result<HttpReply> ClassifyReply(const ServedModel& model, const PhotoFeatures& photos,
                                const PhotoQuestions& asked, double seconds) {
  Json answer = AnswerOf(model.classifiers().front(), photos, asked);
  if (model.has_table()) {
    ARROW_ASSIGN_OR_RAISE(const auto near, model.Nearest(photos, asked.neighbours));
    answer["neighbours"] = NearList(near);
  }
  if (model.classifiers().size() > 1) {
    Json targets = Json::array();
    for (const Classifier& one : model.classifiers()) {
      Json& told = targets.emplace_back(Json{{"target", one.target()}});
      told.update(AnswerOf(one, photos, asked));
    }
    answer["targets"] = std::move(targets);
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
  return With(model, {{"similar", NearList(rows)}}, CountOf(photos), seconds);
}

}  // namespace pomona
