#include <cmath>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/linalg/projection.h"
#include "pomona/pca.h"
#include "pomona/pca/components_for_share.h"
#include "pomona/pca/pca_model_fields.h"

namespace pomona {
namespace {

std::vector<double> Shares(const std::vector<double>& variance) {
  double total = 0;
  for (const double one : variance) total += one;
  std::vector<double> shares;
  shares.reserve(variance.size());
  for (const double one : variance) shares.push_back(one / total);
  return shares;
}

}  // namespace

int64_t ComponentsForShare(std::span<const double> variance, double share) {
  double total = 0;
  for (const double one : variance) total += one;
  double sum = 0;
  for (size_t i = 0; i < variance.size(); ++i) {
    sum += variance[i];
    if (sum >= share * total) return static_cast<int64_t>(i) + 1;
  }
  return static_cast<int64_t>(variance.size());
}

struct PcaModel::Impl {
  explicit Impl(Fields all)
      : fields(std::move(all)),
        ratio(Shares(fields.variance)),
        projection(fields.dim, fields.k, fields.components,
                   fields.center ? fields.mean : std::vector<double>{}, fields.scale) {}

  const Fields fields;
  const std::vector<double> ratio;
  const Projection projection;
};

PcaModel::PcaModel(Fields fields) : impl_(std::make_shared<const Impl>(std::move(fields))) {}

int64_t PcaModel::dim() const { return impl_->fields.dim; }
int64_t PcaModel::k() const { return impl_->fields.k; }
int64_t PcaModel::rows() const { return impl_->fields.rows; }
bool PcaModel::center() const { return impl_->fields.center; }
bool PcaModel::standardize() const { return impl_->fields.standardize; }
std::span<const double> PcaModel::components() const { return impl_->fields.components; }
std::span<const double> PcaModel::variance() const { return impl_->fields.variance; }
std::span<const double> PcaModel::ratio() const { return impl_->ratio; }
std::span<const double> PcaModel::mean() const { return impl_->fields.mean; }
std::span<const double> PcaModel::scale() const { return impl_->fields.scale; }

const std::string& PcaModel::features() const { return impl_->fields.features; }

PcaModel PcaModel::WithFeatures(std::string features) const {
  Fields fields = impl_->fields;
  fields.features = std::move(features);
  return PcaModel(std::move(fields));
}

int64_t PcaModel::ComponentsFor(double share) const {
  return ComponentsForShare(impl_->fields.variance, share);
}

void PcaModel::Transform(const float* rows, int64_t count, double* out, int threads) const {
  ThreadTeam team(threads == 0 ? AvailableCores() : threads);
  impl_->projection.Apply(rows, count, out, team);
}

void PcaModel::Transform(const double* rows, int64_t count, double* out, int threads) const {
  ThreadTeam team(threads == 0 ? AvailableCores() : threads);
  impl_->projection.Apply(rows, count, out, team);
}

arrow::Status PcaOptions::Validate() const {
  if (k && variance)
    return arrow::Status::Invalid("option `k` and option `variance` exclude each other");
  if (k && *k < 1) return arrow::Status::Invalid("option `k` must be at least 1, got ", *k);
  if (variance && !(*variance > 0 && *variance <= 1)) {
    return arrow::Status::Invalid("option `variance` must be above 0 and at most 1, got ",
                                  *variance, "\nhint: 0.95 keeps 95 % of it");
  }
  return arrow::Status::OK();
}

}  // namespace pomona
