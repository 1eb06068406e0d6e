#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/classifier.h"
#include "pomona/classify/labelled_batches.h"
#include "pomona/classify/learning_rows.h"
#include "pomona/classify/row_scores.h"

namespace pomona {

/// Rows of training out of which the prototypes of each class are chosen once its mean is known:
/// so that no further pass looks for them. For one thread.
///
/// Of each class every n-th row is kept, kMostRows at most, and fewer where those of all classes
/// would take more than kMostBytes; but never fewer than are wanted.
class PrototypeCandidates {
 public:
  static constexpr int64_t kMostRows = 256;
  static constexpr int64_t kMostBytes = int64_t{64} << 20;

  /// `which` lives longer. `wanted`: of each class; 0: none is kept.
  PrototypeCandidates(const LearningRows& which, int wanted);

  /// Takes in the rows of a batch that are learned from and have a path; not their views.
  void Take(const LabelledBatch& batch);

  /// Of each class the row nearest to its mean, then, of the half that is nearest to it, each time
  /// the row furthest from those before (greedy k-centres: Gonzalez, "Clustering to minimize the
  /// maximum intercluster distance", 1985), of a group that has none yet as long as there is one.
  /// What is near, and where rows are, `numbers` say. Fewer than wanted where a class has fewer
  /// different rows. [classes]. Deterministic.
  std::vector<std::vector<Prototype>> Choose(const ScoringNumbers& numbers, ThreadTeam& team) const;

 private:
  struct OfClass {
    int64_t step = 1;  ///< every so many-th row is kept
    int64_t seen = 0;
    std::vector<float> rows;  ///< [n][dim]
    std::vector<std::string> paths;
    std::vector<int32_t> groups;  ///< empty where the split has none
  };

  const LearningRows& which_;
  const int64_t wanted_;
  std::vector<OfClass> classes_;
  bool begun_ = false;
};

}  // namespace pomona
