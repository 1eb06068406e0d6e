#pragma once

#include <arrow/buffer.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// How a classifier was learned.
enum class LearnMethod {
  kDiscriminant,  ///< the nearest mean of a class, by the angle, in Fisher's discriminant
                  ///< directions
  kLogistic,      ///< multinomial logistic regression with a penalty of the squared weights
  kCentroid,      ///< the nearest mean of a class, by the angle, in the features as they are
};

/// "discriminant", "logistic", "centroid".
std::string_view LearnMethodName(LearnMethod method);
/// Invalid, with a hint: no such method.
arrow::Result<LearnMethod> ParseLearnMethod(std::string_view name);

/// What is near, in discriminant directions.
enum class ScoreKind {
  kCosine,    ///< the cosine of z and a class's mean: the angle counts, not how far a row is out
  kDistance,  ///< z . mean - |mean|^2 / 2, which differs from -|z - mean|^2 / 2 by the same for all
              ///< classes
};

/// "cosine", "distance".
std::string_view ScoreKindName(ScoreKind kind);
/// Invalid, with a hint: no such kind.
arrow::Result<ScoreKind> ParseScoreKind(std::string_view name);

/// A row of training that stands for its class.
struct Prototype {
  std::string path;
  /// [rank], of the features that were learned from: z of the row. Classifier says what z is.
  std::vector<float> position;
};

/// Names the class of a row of features, and says how sure it is. Immutable, thread-safe, cheap to
/// copy.
///
/// With z = projection (x - mean), a row has a score for each class by score_kind(), or, where the
/// method is logistic, weights (x - mean) + bias; its probabilities are (1 - doubt) softmax(scores
/// / temperature) + doubt / classes.
class Classifier {
 public:
  int64_t dim() const;      ///< features a row
  int64_t classes() const;  ///< at least 2
  int64_t rank() const;     ///< directions of z
  LearnMethod method() const;
  ScoreKind score_kind() const;

  /// The target of the label map that was learned; empty: the column `label` as it is.
  const std::string& target() const;

  /// [classes], in byte order, all different.
  const std::vector<std::string>& labels() const;
  /// [classes]: rows of training.
  std::span<const int64_t> counts() const;
  /// [dim], float64.
  std::span<const double> mean() const;
  /// [rank][dim], float64. z has the identity for its covariance within the classes. Empty where
  /// the method is centroid: then z is the row less mean(), and rank() is dim().
  std::span<const double> projection() const;
  /// [classes][rank], float64, of z.
  std::span<const double> class_means() const;
  /// [classes][dim], float64; empty where the discriminant scores.
  std::span<const double> weights() const;
  /// [classes], float64, with the weights.
  std::span<const double> bias() const;
  /// [classes]: rows of training near the class's mean and far from each other, the nearest to the
  /// mean first; of a class may be none. They say which photos of training are nearest to a row:
  /// Answer. Their positions are seen from the mean of the rows of training.
  const std::vector<std::vector<Prototype>>& prototypes() const;
  double temperature() const;
  double doubt() const;  ///< 0 to 1

  /// A set of labels holds the right one in this share of cases, above 0 and below 1, as far as
  /// what comes is like what was calibrated on.
  double coverage() const;
  /// The set of a row: all labels whose probability is at least 1 less this, 0 to 1. It may be
  /// empty.
  double set_quantile() const;
  /// A row is unknown where its score for that is above this.
  double unknown_threshold() const;
  /// The share of known rows that are called unknown, on what it was calibrated on.
  double false_alarms() const;

  /// What Pomona recorded of how the features were made that it was learned from, a JSON object;
  /// empty: not known.
  const std::string& features() const;
  /// How it was learned, a JSON object: the table's digest, options, rows, what was left out, what
  /// calibrated it. See docs/format/classifier.md.
  const std::string& training() const;

  /// Of some rows, row by row.
  struct Answers {
    std::vector<float> probabilities;  ///< [rows][classes]; a row's add up to 1
    /// [rows]: how little the row looks like any class: 1 less the cosine of z and the nearest
    /// class's mean, 0 to 2, or the squared distance of both.
    std::vector<float> unknown;
    /// [rows][nearest]: the nearest of all prototypes, the nearest first, the first of equals: by
    /// the cosine or the distance of z. A number is the prototype's place where those of all
    /// classes stand one after another.
    std::vector<int32_t> nearest;
  };
  /// rows: [count, dim], row-major, all finite. `nearest`: so many prototypes are named for each
  /// row, or all, where there are fewer. Cost: 2 * count * rank * (dim + classes) operations, with
  /// prototypes 2 * count * rank * prototypes more, on `threads` cores (0: all that this process
  /// may use). The same numbers for any of them.
  Answers Answer(const float* rows, int64_t count, int threads = 1, int nearest = 0) const;

  /// The whole classifier, exactly: a Parquet file, see docs/format/classifier.md.
  arrow::Result<std::shared_ptr<arrow::Buffer>> ToBytes() const;
  /// DamagedData if these are not such bytes, or of a newer version. Invalid: they hold several
  /// targets.
  static arrow::Result<Classifier> FromBytes(const std::shared_ptr<arrow::Buffer>& bytes);

  struct Fields;
  explicit Classifier(Fields fields);

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

/// The file of several targets: classifiers of features of one kind, each of another target().
/// Invalid: none, targets that no table of answers could name, features of different kinds.
arrow::Result<std::shared_ptr<arrow::Buffer>> ClassifiersToBytes(
    std::span<const Classifier> classifiers);

/// All targets of such a file; of one target, one. DamagedData if these are not such bytes, or of a
/// newer version.
arrow::Result<std::vector<Classifier>> ClassifiersFromBytes(
    const std::shared_ptr<arrow::Buffer>& bytes);

/// Reads the file `pomona train` wrote: a path or URI. `target`: of a file of several targets the
/// one that is wanted; empty: there is one. Invalid, with a hint: there is no such file, or target;
/// it has several targets, and none is named. IOError: it cannot be read. DamagedData: no
/// classifier.
arrow::Result<Classifier> LoadClassifier(const std::string& path,
                                         const StorageOptions& storage = {},
                                         const std::string& target = {});

/// Reads all targets of such a file, in the order in which they were asked for.
arrow::Result<std::vector<Classifier>> LoadClassifiers(const std::string& path,
                                                       const StorageOptions& storage = {});

/// Writes such a file, which appears whole. Invalid: it is there, and `overwrite` is not set; its
/// folder is missing. IOError.
arrow::Status SaveClassifier(const Classifier& classifier, const std::string& path, bool overwrite,
                             const StorageOptions& storage = {});

}  // namespace pomona
