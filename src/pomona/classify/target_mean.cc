#include "pomona/classify/target_mean.h"

#include "pomona/error_kind.h"
#include "pomona/features/feature_rows.h"
#include "pomona/features/made_of.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

}  // namespace

Result<TargetMean> ReadTargetMean(FeatureTable& table, const std::string& column,
                                  const std::string& learned, int64_t dim,
                                  const arrow::StopToken& stop) {
  const std::string differing = DifferingTensors(learned, table.made_of());
  if (!differing.empty()) {
    return Status::Invalid(
        "like: its features are of another kind than those that are learned from: ", differing);
  }
  TargetMean target;
  target.made_of = table.made_of();
  target.mean.assign(static_cast<size_t>(dim), 0.0);
  ARROW_ASSIGN_OR_RAISE(const auto batches, table.Read({column}));
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
    if (!next) break;
    ARROW_RETURN_NOT_OK(stop.Poll());
    const auto rows =
        FeatureRows::Make(*next->batch->GetColumnByName(column), dim, next->first_row);
    if (!rows.ok()) {
      return AsDamagedData(rows.status()).WithMessage(next->file, ": ", rows.status().message());
    }
    target.rows += rows->rows();
    rows->Visit([&](const auto* from, int64_t count) {
      for (int64_t r = 0; r < count; ++r) {
        for (double& sum : target.mean) sum += static_cast<double>(*from++);
      }
      return true;
    });
  }
  if (target.rows == 0) return DamagedData("like: the table has no features");
  for (double& one : target.mean) one /= static_cast<double>(target.rows);
  return target;
}

}  // namespace pomona
