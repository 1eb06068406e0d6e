#include "pomona/classify/near_twins.h"

#include <span>
#include <vector>

#include "pomona/linalg/near_pairs.h"

namespace pomona {
namespace {

/// Which rows have been found to have a twin.
class FoundTwins {
 public:
  explicit FoundTwins(const ToldRows& told)
      : told_(told), in_part_(told.part.size()), in_fold_(told.part.size()) {}

  /// Whether two near rows of the matrix would be news.
  bool AreWanted(int64_t a, int64_t b) const {
    const size_t x = Row(a), y = Row(b);
    return (Sees(x, y) && in_part_[x] == 0) || (Sees(y, x) && in_part_[y] == 0) ||
           (InTwoFolds(x, y) && (in_fold_[x] == 0 || in_fold_[y] == 0));
  }

  void Take(const NearPair& pair) {
    const size_t x = Row(pair.a), y = Row(pair.b);
    if (Sees(x, y)) in_part_[x] = 1;
    if (Sees(y, x)) in_part_[y] = 1;
    if (InTwoFolds(x, y)) in_fold_[x] = in_fold_[y] = 1;
  }

  NearTwins Count() const {
    NearTwins twins;
    for (size_t i = 0; i < in_part_.size(); ++i) {
      twins.rows_of_part[static_cast<size_t>(told_.part[i])] += in_part_[i];
      twins.rows_of_folds += in_fold_[i];
    }
    return twins;
  }

 private:
  size_t Row(int64_t matrix_row) const {
    return static_cast<size_t>(told_.table.features->table_row(matrix_row));
  }
  bool Sees(size_t judged, size_t seen) const {
    return IsSeenBefore(told_.part[seen], told_.part[judged]);
  }
  bool InTwoFolds(size_t x, size_t y) const {
    return told_.fold[x] >= 0 && told_.fold[y] >= 0 && told_.fold[x] != told_.fold[y];
  }

  const ToldRows& told_;
  std::vector<uint8_t> in_part_, in_fold_;  ///< [rows of the table]
};

}  // namespace

arrow::Result<NearTwins> CountNearTwins(const ToldRows& told, double within, int threads,
                                        const arrow::StopToken& stop) {
  const FeatureMatrix& matrix = *told.table.features;
  const Rows rows = {.values = matrix.row(0).data(), .count = matrix.rows, .dim = matrix.dim};
  FoundTwins found(told);
  const auto wanted = [&](int64_t a, int64_t b) { return found.AreWanted(a, b); };
  const auto take = [&](std::span<const NearPair> pairs) {
    for (const NearPair& pair : pairs) found.Take(pair);
    return arrow::Status::OK();
  };
  ARROW_RETURN_NOT_OK(SweepNearPairs(rows, within, threads, stop, wanted, take));
  return found.Count();
}

}  // namespace pomona
