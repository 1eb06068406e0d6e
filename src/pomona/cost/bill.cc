#include "pomona/cost/bill.h"

#include <cmath>

namespace pomona {
namespace {

constexpr double kHour = 3600;
constexpr double kMonthHours = 730;  // what AWS's price pages divide a month into

// A row of 1,280 features takes 2,570 bytes in the table: docs/guides/scale.md.
constexpr double kOutputBytesPerFeature = 2570.0 / 1280;

// Counted at an S3 server. A part with a table of 20 MB, which goes in pieces that are begun and
// completed; rejects are one more. Spark's files take fewer.
constexpr double kPutsPerPart = 8;
// Once: the claim, states, report and seal, and looks at what is in the output.
constexpr double kPutsPerRun = 24;

double RequestCost(double images, const Fleet& fleet, const PriceList& prices) {
  const double parts = std::ceil(images / ImagesPerCommit(fleet, images));
  const double puts = std::ceil(images / kKeysPerPage) + parts * kPutsPerPart + kPutsPerRun;
  return (images * prices.get_per_1000 + puts * prices.put_per_1000) / 1000;
}

}  // namespace

double CostItems::total() const { return instances + emr + disks + requests + storage; }

BilledTime WholeTime(const Fleet& fleet, double seconds, const BillingRule& rule) {
  const double billed = rule.Billed(seconds);
  return {.worker_seconds = fleet.workers * billed, .primary_seconds = fleet.cluster ? billed : 0};
}

CostItems BillOf(const Fleet& fleet, const BilledTime& time, const Workload& workload,
                 int feature_dim, const PriceList& prices) {
  const InstancePrice& instance = fleet.instance;
  const double worker_hours = time.worker_seconds / kHour;
  const double primary_hours = time.primary_seconds / kHour;
  const double machine_hours = worker_hours + primary_hours;
  const double worker_price =
      fleet.spot ? instance.spot_per_hour.value() : instance.on_demand_per_hour;
  const auto images = static_cast<double>(workload.images);
  return {
      .instances = worker_hours * worker_price + primary_hours * instance.on_demand_per_hour,
      .emr = fleet.cluster ? machine_hours * instance.emr_per_hour.value() : 0,
      .disks = machine_hours / kMonthHours * prices.disk_gb_per_machine * prices.disk_per_gb_month,
      .requests = RequestCost(images, fleet, prices),
      .storage = images * feature_dim * kOutputBytesPerFeature / 1e9 * prices.storage_per_gb_month};
}

}  // namespace pomona
