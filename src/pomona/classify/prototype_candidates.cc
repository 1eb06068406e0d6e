#include "pomona/classify/prototype_candidates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <span>
#include <utility>

namespace pomona {
namespace {

/// In place: to the length 1.
void MakeUnit(std::span<double> vector) {
  double square = 0;
  for (const double value : vector) square += value * value;
  if (square == 0) return;
  for (double& value : vector) value /= std::sqrt(square);
}

double SquaredDistance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/// Which of the places [n][rank] are chosen. groups: [n], or empty.
std::vector<size_t> ChooseSpread(std::span<const double> places, std::span<const double> mean,
                                 std::span<const int32_t> groups, size_t wanted) {
  const size_t rank = mean.size();
  const size_t count = places.size() / rank;
  const auto place = [&](size_t i) { return places.subspan(i * rank, rank); };
  std::vector<double> away(count);
  for (size_t i = 0; i < count; ++i) away[i] = SquaredDistance(place(i), mean);
  std::vector<size_t> bulk(count);
  std::iota(bulk.begin(), bulk.end(), size_t{0});
  std::stable_sort(bulk.begin(), bulk.end(), [&](size_t a, size_t b) { return away[a] < away[b]; });
  bulk.resize(std::min(count, std::max(wanted, (count + 1) / 2)));
  std::vector<size_t> chosen;
  std::set<int32_t> groups_taken;
  const auto take = [&](size_t i) {
    chosen.push_back(i);
    if (!groups.empty()) groups_taken.insert(groups[i]);
  };
  if (!bulk.empty() && wanted > 0) take(bulk.front());
  std::vector<double> apart(count, std::numeric_limits<double>::infinity());
  while (!chosen.empty() && chosen.size() < wanted) {
    // Of a new group first; equals in the order of the bulk.
    std::pair<bool, double> most = {false, 0};
    size_t best = count;
    for (const size_t i : bulk) {
      apart[i] = std::min(apart[i], SquaredDistance(place(i), place(chosen.back())));
      const bool fresh = !groups.empty() && !groups_taken.contains(groups[i]);
      if (apart[i] > 0 && std::pair(fresh, apart[i]) > most) {
        most = {fresh, apart[i]};
        best = i;
      }
    }
    if (best == count) break;
    take(best);
  }
  return chosen;
}

}  // namespace

PrototypeCandidates::PrototypeCandidates(const LearningRows& which, int wanted)
    : which_(which), wanted_(wanted), classes_(which.labels.size()) {}

void PrototypeCandidates::Take(const LabelledBatch& batch) {
  if (wanted_ == 0 || batch.paths == nullptr) return;
  const auto dim = static_cast<int64_t>(batch.features.size() / batch.rows.size());
  if (!begun_) {
    begun_ = true;
    const auto classes = static_cast<int64_t>(classes_.size());
    const int64_t most =
        std::clamp(kMostBytes / (4 * dim * classes), wanted_, std::max(wanted_, kMostRows));
    std::vector<int64_t> counts(classes_.size(), 0);
    for (size_t r = 0; r < which_.fold.size(); ++r) {
      if (which_.fold[r] >= 0) ++counts[static_cast<size_t>(which_.label[r])];
    }
    for (size_t c = 0; c < counts.size(); ++c) classes_[c].step = (counts[c] + most - 1) / most;
  }
  for (size_t r = 0; r < batch.rows.size(); ++r) {
    const auto row = static_cast<size_t>(batch.rows[r]);
    const auto at = static_cast<int64_t>(r);
    if (which_.fold[row] < 0 || batch.paths->IsNull(at)) continue;
    OfClass& one = classes_[static_cast<size_t>(which_.label[row])];
    if (one.seen++ % one.step != 0) continue;
    const float* from = batch.features.data() + at * dim;
    one.rows.insert(one.rows.end(), from, from + dim);
    one.paths.push_back(batch.paths->GetString(at));
    if (!which_.group.empty()) one.groups.push_back(which_.group[row]);
  }
}

std::vector<std::vector<Prototype>> PrototypeCandidates::Choose(const ScoringNumbers& numbers,
                                                                ThreadTeam& team) const {
  std::vector<std::vector<Prototype>> prototypes(classes_.size());
  const RowPositions positions(numbers);
  const auto rank = static_cast<size_t>(numbers.rank);
  for (size_t c = 0; c < classes_.size(); ++c) {
    const OfClass& one = classes_[c];
    std::vector<double> z(one.paths.size() * rank);
    positions.Of(one.rows.data(), static_cast<int64_t>(one.paths.size()), z.data(), team);
    std::vector<double> places = z;
    const auto class_mean = numbers.class_means.subspan(c * rank, rank);
    std::vector<double> mean(class_mean.begin(), class_mean.end());
    if (numbers.kind == ScoreKind::kCosine) {
      MakeUnit(mean);
      for (size_t i = 0; i < one.paths.size(); ++i) MakeUnit(std::span(places).subspan(i * rank, rank));
    }
    for (const size_t i : ChooseSpread(places, mean, one.groups, static_cast<size_t>(wanted_))) {
      const auto from = z.begin() + static_cast<int64_t>(i * rank);
      Prototype made = {one.paths[i], {from, from + numbers.rank}};
      // What float32 has not is no position.
      if (std::ranges::all_of(made.position, [](float value) { return std::isfinite(value); })) {
        prototypes[c].push_back(std::move(made));
      }
    }
  }
  return prototypes;
}

}  // namespace pomona
