#pragma once

#include <arrow/buffer.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "pomona/feature_format.h"
#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// What a fit of principal components makes of the statistics.
///
/// The components are always those of the sample covariance matrix (divisor n - 1), as in
/// pyspark.ml.feature.PCA and in scikit-learn: `center` is about the projection alone.
struct PcaOptions {
  /// Components to keep, 1 to the dimension. Excludes `variance`.
  std::optional<int64_t> k = std::nullopt;

  /// Instead of `k`: as few components as explain this share of the variance, above 0 to 1.
  /// Neither given: 0.95.
  std::optional<double> variance = std::nullopt;

  /// Subtract the mean before projecting, as scikit-learn does. Spark's PCA does not: its
  /// projections are ours with `center` off; the two differ by a constant vector.
  bool center = true;

  /// Divide each feature by its sample standard deviation (divisor n - 1, as Spark's
  /// StandardScaler) first: principal components of the correlation matrix. A feature that
  /// never varies is divided by 1.
  bool standardize = false;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// Principal components of some features. Immutable, thread-safe, cheap to copy.
class PcaModel {
 public:
  int64_t dim() const;   ///< features a row
  int64_t k() const;     ///< components kept
  int64_t rows() const;  ///< that were fitted
  bool center() const;
  bool standardize() const;

  /// [dim, k], float64, one column after the other: component c is [c * dim, (c + 1) * dim).
  /// Orthonormal, by descending variance. Sign: the loading of largest magnitude is positive,
  /// the first of them if several are (scikit-learn's rule from 1.5 on; Spark has none).
  std::span<const double> components() const;
  /// [dim], float64: variance along each component, also of those not kept, descending.
  std::span<const double> variance() const;
  /// [dim], float64: the same as shares of the total: the scree curve. Its first k are Spark's
  /// `explainedVariance` and scikit-learn's `explained_variance_ratio_`.
  std::span<const double> ratio() const;
  /// [dim], float64.
  std::span<const double> mean() const;
  /// [dim], float64: what each feature is divided by; empty without `standardize`.
  std::span<const double> scale() const;

  /// What Pomona recorded of how the features were made that it was fitted on, a JSON object;
  /// empty: not known.
  const std::string& features() const;
  /// The same model, of such features.
  PcaModel WithFeatures(std::string features) const;

  /// How few components explain this share of the variance, above 0 to 1.
  int64_t ComponentsFor(double share) const;

  /// Projects: out[r, c] = sum over i of (rows[r, i] - mean[i]) / scale[i] * components[i, c],
  /// the mean only with `center`, the scale only with `standardize`.
  ///
  /// rows: [count, dim], row-major. out: [count, k], row-major. Computed in double. Cost: 2 x
  /// count x dim x k operations, on `threads` cores (0: all that this process may use).
  void Transform(const float* rows, int64_t count, double* out, int threads = 1) const;
  void Transform(const double* rows, int64_t count, double* out, int threads = 1) const;

  /// The whole model, exactly: a Parquet file, see docs/format/pca.md.
  arrow::Result<std::shared_ptr<arrow::Buffer>> ToBytes() const;
  /// Invalid if these are not such bytes.
  static arrow::Result<PcaModel> FromBytes(const std::shared_ptr<arrow::Buffer>& bytes);

  struct Fields;
  explicit PcaModel(Fields fields);

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

/// Everything that principal components need to know of any number of rows, in one pass: count,
/// mean, and the scatter matrix (the sum of outer products of the rows less their mean). Two
/// statistics merge into that of all their rows, so that each worker takes its own.
///
/// Computed in double, in blocks of 256 rows, each centred on its own mean and merged as Chan,
/// Golub and LeVeque ("Updating formulae and a pairwise algorithm for computing sample
/// variances", 1979) do: a mean that is large beside the spread costs no digits. The
/// result does not depend on how the rows are cut into calls of Update, nor on `threads`; merged
/// statistics agree with those of one pass up to rounding.
///
/// Memory: 8 x dim x dim bytes (13 MB for 1,280) and 2 kB a feature. For one thread at a time.
class PcaStatistics {
 public:
  static constexpr int64_t kMaxDim = 65'535;

  /// `threads`: cores that Update uses; 0: all that this process may use.
  /// Invalid: dim is not 1 to kMaxDim, or threads are not 0 to 1024. OutOfMemory.
  static arrow::Result<PcaStatistics> Make(int64_t dim, int threads = 1);
  PcaStatistics(PcaStatistics&&) noexcept;
  PcaStatistics& operator=(PcaStatistics&&) noexcept;
  ~PcaStatistics();

  int64_t dim() const;
  int64_t count() const;  ///< rows so far

  /// Takes rows in. rows: [count, dim], row-major. Cost: count x dim x dim operations.
  /// DamagedData, and nothing is taken in, if a value is not finite: the message names its row,
  /// counted from `first_row`.
  arrow::Status Update(const float* rows, int64_t count, int64_t first_row = 0);
  arrow::Status Update(const double* rows, int64_t count, int64_t first_row = 0);

  /// The same with a column of features: list<float|double>, large or of fixed size, in any
  /// encoding of Parquet, or Spark's VectorUDT (a struct), dense and sparse. Null rows are
  /// skipped. Returns how many were. Invalid: another type. DamagedData as above, or another length
  /// than dim.
  arrow::Result<int64_t> Update(const arrow::Array& features, int64_t first_row = 0);

  /// Takes in what `other` took in; `other` stays as it is. Invalid: another dim.
  arrow::Status Merge(PcaStatistics& other);

  /// Sample covariance, its eigenvectors, k of them. Cost: some 10 x dim^3 operations (about a
  /// second for 1,280). Invalid: an option. DamagedData: fewer than 2 rows, all rows equal.
  /// OutOfMemory.
  arrow::Result<PcaModel> Solve(const PcaOptions& options);

  /// The statistics as they are sent: 8 x dim x (dim + 3) / 2 bytes and a header (6.6 MB for
  /// 1,280), see docs/format/pca.md.
  arrow::Result<std::shared_ptr<arrow::Buffer>> ToBytes();
  /// DamagedData if these are not such bytes. `threads` as in Make.
  static arrow::Result<PcaStatistics> FromBytes(std::span<const uint8_t> bytes, int threads = 1);

 private:
  struct Impl;
  arrow::Result<PcaModel> SolveAll(const PcaOptions& options);
  explicit PcaStatistics(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A stream with `column` (features, as PcaStatistics::Update takes them) projected: the other
/// columns stay as they are, rows whose features are null are left out. The column becomes
/// list<float> or, as kVector, what Spark ML's VectorUDT stores.
///
/// ReadNext fails with DamagedData where a row has another length than the model's dim or a value
/// that is not finite. For one thread.
/// Invalid: there is no such column, or its type is no feature's.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ProjectFeatures(
    std::shared_ptr<arrow::RecordBatchReader> batches, const PcaModel& model,
    const std::string& column = "features", FeatureFormat format = FeatureFormat::kArray,
    int threads = 1);

}  // namespace pomona
