#include <arrow/buffer.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "pomona/base/available_cores.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_rows.h"
#include "pomona/linalg/scatter.h"
#include "pomona/linalg/symmetric_eigen.h"
#include "pomona/pca.h"
#include "pomona/pca/components_for_share.h"
#include "pomona/pca/pca_model_fields.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

namespace {

/// docs/format/pca.md: magic, dim, count, mean, the scatter matrix's upper triangle by rows.
constexpr std::string_view kMagic = "POMSTAT1";
constexpr int64_t kWord = 8;
static_assert(std::endian::native == std::endian::little && sizeof(double) == kWord);

int64_t TriangleSize(int64_t dim) { return dim * (dim + 1) / 2; }
int64_t ByteSize(int64_t dim) { return kWord * (3 + dim + TriangleSize(dim)); }

/// What `work` returns, where there is the memory for it.
template <typename Work>
auto WithMemory(int64_t dim, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("principal components of ", dim,
                               " features need more memory than "
                               "there is: the statistics alone take ",
                               dim * dim * kWord >> 20, " MiB, the components three times as much");
  }
}

}  // namespace

struct PcaStatistics::Impl {
  Impl(int64_t dim, int threads) : scatter(dim, threads) {}
  Scatter scatter;
};

PcaStatistics::PcaStatistics(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PcaStatistics::PcaStatistics(PcaStatistics&&) noexcept = default;
PcaStatistics& PcaStatistics::operator=(PcaStatistics&&) noexcept = default;
PcaStatistics::~PcaStatistics() = default;

Result<PcaStatistics> PcaStatistics::Make(int64_t dim, int threads) {
  if (dim < 1 || dim > kMaxDim) {
    return Status::Invalid("principal components of ", dim, " features: 1 to ", kMaxDim,
                           " are possible");
  }
  ARROW_RETURN_NOT_OK(CheckThreads(threads));
  if (threads == 0) threads = AvailableCores();
  return WithMemory(dim, [&]() -> Result<PcaStatistics> {
    return PcaStatistics(std::make_unique<Impl>(dim, threads));
  });
}

int64_t PcaStatistics::dim() const { return impl_->scatter.dim(); }
int64_t PcaStatistics::count() const { return impl_->scatter.count(); }

Status PcaStatistics::Update(const float* rows, int64_t count, int64_t first_row) {
  ARROW_RETURN_NOT_OK(CheckFinite(rows, count, dim(), first_row));
  impl_->scatter.Add(rows, count);
  return Status::OK();
}

Status PcaStatistics::Update(const double* rows, int64_t count, int64_t first_row) {
  ARROW_RETURN_NOT_OK(CheckFinite(rows, count, dim(), first_row));
  impl_->scatter.Add(rows, count);
  return Status::OK();
}

Result<int64_t> PcaStatistics::Update(const arrow::Array& features, int64_t first_row) {
  ARROW_RETURN_NOT_OK(CheckFeatureType(*features.type(), "features"));
  ARROW_ASSIGN_OR_RAISE(const auto rows, FeatureRows::Make(features, dim(), first_row));
  rows.Visit([&](const auto* values, int64_t count) { impl_->scatter.Add(values, count); });
  return rows.skipped();
}

Status PcaStatistics::Merge(PcaStatistics& other) {
  if (other.dim() != dim()) {
    return Status::Invalid("statistics of ", other.dim(), " features cannot merge into those of ",
                           dim());
  }
  if (&other == this) return Status::Invalid("statistics cannot merge into themselves");
  return WithMemory(dim(), [&] {
    impl_->scatter.Merge(other.impl_->scatter);
    return Status::OK();
  });
}

Result<PcaModel> PcaStatistics::Solve(const PcaOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  if (options.k && *options.k > dim()) {
    return Status::Invalid("k is ", *options.k, ", there are only ", dim(), " features");
  }
  if (count() < 2) {
    return DamagedData("principal components need at least 2 rows, there are ", count());
  }
  return WithMemory(dim(), [&] { return SolveAll(options); });
}

Result<PcaModel> PcaStatistics::SolveAll(const PcaOptions& options) {
  Scatter& scatter = impl_->scatter;
  scatter.Finish();
  const auto size = static_cast<size_t>(dim());
  const auto divisor = static_cast<double>(count() - 1);
  PcaModel::Fields fields{.dim = dim(),
                          .k = 0,
                          .rows = count(),
                          .center = options.center,
                          .standardize = options.standardize,
                          .components = {},
                          .variance = {},
                          .mean = {scatter.mean().begin(), scatter.mean().end()},
                          .scale = {}};
  std::vector<double> scale(size, 1.0);
  double total = 0;
  for (size_t i = 0; i < size; ++i) {
    const double variance = scatter.row(static_cast<int64_t>(i))[i] / divisor;
    total += variance;
    if (options.standardize && variance > 0) scale[i] = std::sqrt(variance);
  }
  if (!std::isfinite(total)) {
    return DamagedData("the features' variance is too large for a number: ", total);
  }
  if (total == 0) return DamagedData("all ", count(), " rows are equal: there is no variance");

  std::vector<double> covariance(size * size);
  for (size_t i = 0; i < size; ++i) {
    const double* row = scatter.row(static_cast<int64_t>(i));
    for (size_t j = i; j < size; ++j) {
      covariance[i * size + j] = row[j] / (divisor * scale[i] * scale[j]);
    }
  }
  SymmetricEigen eigen(dim(), covariance);
  fields.variance = eigen.values();
  fields.k =
      options.k ? *options.k : ComponentsForShare(fields.variance, options.variance.value_or(0.95));
  fields.components = eigen.Vectors(fields.k);
  if (options.standardize) fields.scale = std::move(scale);
  return PcaModel(std::move(fields));
}

Result<std::shared_ptr<arrow::Buffer>> PcaStatistics::ToBytes() {
  Scatter& scatter = impl_->scatter;
  scatter.Finish();
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> bytes,
                        arrow::AllocateBuffer(ByteSize(dim())));
  uint8_t* to = bytes->mutable_data();
  const auto put = [&](const void* from, int64_t size) {
    std::memcpy(to, from, static_cast<size_t>(size));
    to += size;
  };
  const int64_t header[] = {dim(), count()};
  put(kMagic.data(), kWord);
  put(header, sizeof(header));
  put(scatter.mean().data(), kWord * dim());
  for (int64_t i = 0; i < dim(); ++i) put(scatter.row(i) + i, kWord * (dim() - i));
  return bytes;
}

Result<PcaStatistics> PcaStatistics::FromBytes(std::span<const uint8_t> bytes, int threads) {
  const auto size = static_cast<int64_t>(bytes.size());
  int64_t header[2] = {0, 0};
  if (size < kWord * 3 || std::memcmp(bytes.data(), kMagic.data(), kWord) != 0) {
    return DamagedData("these are no PCA statistics: ", size, " bytes");
  }
  std::memcpy(header, bytes.data() + kWord, sizeof(header));
  const auto [dim, count] = header;
  if (dim < 1 || dim > kMaxDim || count < 0 || size != ByteSize(dim)) {
    return DamagedData("damaged PCA statistics: ", size, " bytes for ", dim, " features");
  }
  ARROW_ASSIGN_OR_RAISE(auto made, Make(dim, threads));
  const auto features = static_cast<size_t>(dim);
  return WithMemory(dim, [&]() -> Result<PcaStatistics> {
    // The bytes may begin anywhere: doubles must not.
    std::vector<double> numbers(features + static_cast<size_t>(TriangleSize(made.dim())));
    std::memcpy(numbers.data(), bytes.data() + kWord * 3, numbers.size() * sizeof(double));
    const std::span<const double> all = numbers;
    made.impl_->scatter.Assign(header[1], all.first(features), all.subspan(features));
    return std::move(made);
  });
}

}  // namespace pomona
