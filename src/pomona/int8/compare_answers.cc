#include "pomona/int8/compare_answers.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "pomona/linalg/ridge.h"

namespace pomona {
namespace {

double Dot(std::span<const float> a, std::span<const float> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double Cosine(std::span<const float> a, std::span<const float> b) {
  const double length = std::sqrt(Dot(a, a) * Dot(b, b));
  return length > 0 ? Dot(a, b) / length : 1;
}

/// Photos to learn from, and photos to ask for, by their places.
struct Split {
  std::vector<int64_t> learned, asked;
  std::vector<int> classes;  ///< of all photos
  int count = 0;             ///< of classes
};

Split SplitByLabel(const PhotoFeatures& f32, const PhotoFeatures& int8) {
  std::map<std::string, std::vector<int64_t>> by_label;
  for (int64_t i = 0; i < f32.count(); ++i) {
    const auto at = static_cast<size_t>(i);
    if (f32.decoded[at] && int8.decoded[at] && !f32.labels[at].empty()) {
      by_label[f32.labels[at]].push_back(i);
    }
  }
  Split split;
  split.classes.resize(f32.decoded.size());
  for (const auto& [label, photos] : by_label) {
    if (photos.size() < 2) continue;
    for (size_t i = 0; i < photos.size(); ++i) {
      (i < photos.size() / 2 ? split.learned : split.asked).push_back(photos[i]);
      split.classes[static_cast<size_t>(photos[i])] = split.count;
    }
    ++split.count;
  }
  return split;
}

std::vector<int> NeighbourAnswers(const PhotoFeatures& features, const Split& split) {
  // Rows of length 1: the largest product is the largest cosine.
  std::vector<float> rows = features.rows;
  const auto row = [&](int64_t i) {
    return std::span(rows).subspan(static_cast<size_t>(i * features.dim),
                                   static_cast<size_t>(features.dim));
  };
  for (int64_t i = 0; i < features.count(); ++i) {
    const double length = std::sqrt(Dot(row(i), row(i)));
    for (float& x : row(i)) x = length > 0 ? static_cast<float>(x / length) : 0;
  }
  std::vector<int> answers;
  for (const int64_t asked : split.asked) {
    const auto nearest = std::max_element(
        split.learned.begin(), split.learned.end(),
        [&](int64_t a, int64_t b) { return Dot(row(asked), row(a)) < Dot(row(asked), row(b)); });
    answers.push_back(split.classes[static_cast<size_t>(*nearest)]);
  }
  return answers;
}

std::vector<int> ProbeAnswers(const PhotoFeatures& features, const Split& split) {
  std::vector<float> rows;
  std::vector<int> classes;
  for (const int64_t i : split.learned) {
    rows.insert(rows.end(), features.row(i).begin(), features.row(i).end());
    classes.push_back(split.classes[static_cast<size_t>(i)]);
  }
  const Ridge ridge(rows, features.dim, classes, split.count);
  std::vector<int> answers;
  for (const int64_t asked : split.asked) answers.push_back(ridge.ClassOf(features.row(asked)));
  return answers;
}

Int8Answers Compare(const std::vector<int>& f32, const std::vector<int>& int8, const Split& split) {
  Int8Answers answers;
  for (size_t i = 0; i < split.asked.size(); ++i) {
    const int right = split.classes[static_cast<size_t>(split.asked[i])];
    answers.f32 += f32[i] == right;
    answers.int8 += int8[i] == right;
    answers.same += f32[i] == int8[i];
  }
  for (double* sum : {&answers.f32, &answers.int8, &answers.same}) {
    *sum /= static_cast<double>(split.asked.size());
  }
  return answers;
}

}  // namespace

Cosines CompareRows(const PhotoFeatures& a, const PhotoFeatures& b) {
  Cosines cosines{.mean = 0, .least = 1, .count = 0};
  for (int64_t i = 0; i < a.count(); ++i) {
    if (!a.decoded[static_cast<size_t>(i)] || !b.decoded[static_cast<size_t>(i)]) continue;
    const double cosine = Cosine(a.row(i), b.row(i));
    cosines.mean += cosine;
    cosines.least = std::min(cosines.least, cosine);
    ++cosines.count;
  }
  if (cosines.count > 0) cosines.mean /= static_cast<double>(cosines.count);
  return cosines;
}

void CompareAnswers(const PhotoFeatures& f32, const PhotoFeatures& int8, Int8Report* report) {
  const Cosines cosines = CompareRows(f32, int8);
  report->compared = cosines.count;
  report->mean_cosine = cosines.mean;
  report->least_cosine = cosines.least;
  report->speedup = f32.seconds / int8.seconds;
  const Split split = SplitByLabel(f32, int8);
  if (split.count < 2) return;
  report->labels = split.count;
  report->asked = static_cast<int64_t>(split.asked.size());
  report->neighbour = Compare(NeighbourAnswers(f32, split), NeighbourAnswers(int8, split), split);
  report->probe = Compare(ProbeAnswers(f32, split), ProbeAnswers(int8, split), split);
}

}  // namespace pomona
