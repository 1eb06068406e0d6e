#include "pomona/linalg/sifting_copy.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "pomona/linalg/sift_dots.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int64_t kSiftedAtOnce = 1024;
constexpr double kLargestValue = 127;
/// Of a query's whole numbers: fine enough that the rows' errors are what counts, and no sum of
/// products with 127 leaves 32 bits up to 8,256 features; above that they are coarser.
constexpr int64_t kFinest = 2047;
/// More than float64 rounds off in lengths, cosines and distances of a million features.
constexpr double kRounding = 1e-9;

int64_t Tasks(int64_t rows) { return (rows + kSiftedAtOnce - 1) / kSiftedAtOnce; }

/// Whole numbers for a row of length 1, and how far they are off.
struct Coarse {
  float step = 0;
  double error = 0;
};

template <class Whole>
Coarse Coarsen(const float* row, int64_t dim, double length, double largest, Whole* values) {
  Coarse made;
  if (length == 0) {
    std::fill_n(values, dim, Whole{0});
    return made;
  }
  float most = 0;
  for (int64_t d = 0; d < dim; ++d) most = std::max(most, std::abs(row[d]));
  // Rounded up, so that no quotient is beyond the largest.
  made.step = std::nextafter(static_cast<float>(most / length / largest), 1.0F);
  const double scale = 1 / length;
  const double per_step = scale / made.step;
  double squares = 0;
  for (int64_t d = 0; d < dim; ++d) {
    const double steps = row[d] * per_step;
    const auto whole = static_cast<int>(steps + (steps < 0 ? -0.5 : 0.5));
    const double off = row[d] * scale - static_cast<double>(whole) * made.step;
    values[d] = static_cast<Whole>(whole);
    squares += off * off;
  }
  made.error = std::sqrt(squares);
  return made;
}

/// A row and how near it may be.
struct Bound {
  double least = 0;
  int64_t row = 0;
};

/// Of a heap with the nearest on top.
bool Farther(const Bound& a, const Bound& b) {
  return a.least != b.least ? a.least > b.least : a.row > b.row;
}

/// One query: what may be near, and then what is.
class Sifting {
 public:
  Sifting(const float* query, const Rows& rows, const SiftingCopy& copy, RowMetric metric)
      : query_(query),
        rows_(rows),
        copy_(copy),
        metric_(metric),
        length_(std::sqrt(RowDot(query, query, rows.dim))),
        whole_(static_cast<size_t>(rows.dim)) {
    const int64_t finest = std::clamp<int64_t>(
        std::numeric_limits<int32_t>::max() / (static_cast<int64_t>(kLargestValue) * rows.dim), 1,
        kFinest);
    coarse_ = Coarsen(query, rows.dim, length_, static_cast<double>(finest), whole_.data());
  }

  void Bounds(std::span<const int64_t> among, ThreadTeam& team) {
    const bool all = among.empty();
    const int64_t count = all ? rows_.count : static_cast<int64_t>(among.size());
    bounds_.resize(static_cast<size_t>(count));
    team.Run(Tasks(count), [&](int64_t task) {
      const int64_t first = task * kSiftedAtOnce;
      const int64_t rows = std::min(kSiftedAtOnce, count - first);
      int32_t dots[kSiftedAtOnce];
      if (all) {
        SiftDots(copy_.values + first * rows_.dim, rows, rows_.dim, whole_.data(), dots);
      } else {
        for (int64_t i = 0; i < rows; ++i) {
          const int64_t row = among[static_cast<size_t>(first + i)];
          SiftDots(copy_.values + row * rows_.dim, 1, rows_.dim, whole_.data(), dots + i);
        }
      }
      for (int64_t i = 0; i < rows; ++i) {
        const int64_t row = all ? first + i : among[static_cast<size_t>(first + i)];
        bounds_[static_cast<size_t>(first + i)] = {.least = Least(row, dots[i]), .row = row};
      }
    });
  }

  /// Appends the nearest k.
  Status Decide(int64_t k, const std::function<Status(int64_t)>& check, NearestRows* nearest) {
    std::vector<std::pair<double, int64_t>> found;  // a heap, the farthest on top
    std::ranges::make_heap(bounds_, Farther);
    for (auto end = bounds_.end(); end != bounds_.begin();) {
      const Bound next = bounds_.front();
      const bool full = static_cast<int64_t>(found.size()) == k;
      if (full && next.least > found.front().first) break;
      std::pop_heap(bounds_.begin(), end--, Farther);
      ARROW_RETURN_NOT_OK(check(next.row));
      found.emplace_back(RowDistance(metric_, query_, rows_.row(next.row), rows_.dim), next.row);
      std::ranges::push_heap(found);
      if (!full) continue;
      std::ranges::pop_heap(found);
      found.pop_back();
    }
    std::ranges::sort_heap(found);
    for (const auto& [distance, row] : found) {
      nearest->rows.push_back(row);
      nearest->distances.push_back(static_cast<float>(distance));
    }
    return Status::OK();
  }

 private:
  /// No row of this dot is nearer.
  double Least(int64_t row, int32_t dot) const {
    const double error = copy_.error[row];
    const double cosine = static_cast<double>(copy_.step[row]) * coarse_.step * dot + error +
                          (1 + error) * coarse_.error + kRounding;
    const double length = copy_.length[row];
    // Of a row of zeros RowDistance says 1; the cosine is 0 here, and its bound no less.
    if (metric_ == RowMetric::kCosine) return 1 - cosine;
    const double square = length_ * length_ + length * length -
                          2 * length_ * length * std::min(1.0, cosine) -
                          kRounding * (length_ * length_ + length * length);
    return std::sqrt(std::max(0.0, square));
  }

  const float* query_;
  const Rows& rows_;
  const SiftingCopy& copy_;
  const RowMetric metric_;
  const double length_;
  std::vector<int16_t> whole_;
  Coarse coarse_;
  std::vector<Bound> bounds_;
};

}  // namespace

OwnedSiftingCopy MakeSiftingCopy(const Rows& rows, ThreadTeam& team) {
  OwnedSiftingCopy copy;
  const auto count = static_cast<size_t>(rows.count);
  copy.values.resize(count * static_cast<size_t>(rows.dim));
  copy.step.resize(count);
  copy.error.resize(count);
  copy.length.resize(count);
  team.Run(Tasks(rows.count), [&](int64_t task) {
    const int64_t end = std::min(rows.count, (task + 1) * kSiftedAtOnce);
    for (int64_t i = task * kSiftedAtOnce; i < end; ++i) {
      const auto at = static_cast<size_t>(i);
      copy.length[at] = std::sqrt(RowDot(rows.row(i), rows.row(i), rows.dim));
      const Coarse made = Coarsen(rows.row(i), rows.dim, copy.length[at], kLargestValue,
                                  copy.values.data() + i * rows.dim);
      copy.step[at] = made.step;
      copy.error[at] = std::nextafter(static_cast<float>(made.error), 2.0F);
    }
  });
  return copy;
}

Result<NearestRows> SiftNearestRows(const Rows& queries, const Rows& rows, const SiftingCopy& copy,
                                    std::span<const int64_t> among, int64_t k, RowMetric metric,
                                    ThreadTeam& team, const std::function<Status(int64_t)>& check,
                                    const arrow::StopToken& stop) {
  NearestRows nearest{.k = k, .rows = {}, .distances = {}};
  for (int64_t q = 0; q < queries.count; ++q) {
    ARROW_RETURN_NOT_OK(stop.Poll());
    Sifting sifting(queries.row(q), rows, copy, metric);
    sifting.Bounds(among, team);
    ARROW_RETURN_NOT_OK(sifting.Decide(k, check, &nearest));
  }
  return nearest;
}

}  // namespace pomona
