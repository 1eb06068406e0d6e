#include "pomona/plan.h"
#include "pomona/base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pomona/error_kind.h"
#include "pomona/run/not_taken_json.h"
#include "pomona/run/open_run.h"

namespace pomona {
namespace {

std::string References(int64_t count) {
  return fmt::format("{} reference{}", count, count == 1 ? "" : "s");
}

void PlanOldParts(const OpenRun& run, const WorkList& work, Plan& plan) {
  if (!run.manifest) return;
  for (const auto& part : run.manifest->parts()) {
    const auto dropped = work.dropped().find(part.id.index);
    if (dropped == work.dropped().end()) {
      plan.parts.push_back({.index = part.id.index,
                            .action = "skip",
                            .references = part.references->rows,
                            .reason = References(part.references->rows) +
                                      " unchanged, model digest and options unchanged, file "
                                      "present with its size"});
    } else {
      const auto rows = static_cast<int64_t>(dropped->second.size());
      plan.parts.push_back({.index = part.id.index,
                            .action = "rewrite",
                            .references = part.references->rows - rows,
                            .reason = References(rows) +
                                      " deleted, changed or tried again: the "
                                      "other rows are copied, nothing is computed"});
    }
  }
}

void PlanNewParts(int64_t references, int64_t rows_per_file, Plan& plan) {
  for (int64_t first = 0; first < references; first += rows_per_file) {
    const int64_t rows = std::min(rows_per_file, references - first);
    plan.parts.push_back({.index = static_cast<int64_t>(plan.parts.size()),
                          .action = "extract",
                          .references = rows,
                          .reason = References(rows) + " not in the output yet"});
  }
}

arrow::Status DrainInto(WorkList& work, int64_t* references) {
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(work.ReadNext(&batch));
    if (batch == nullptr) return arrow::Status::OK();
    *references += batch->num_rows();
  }
}

}  // namespace

arrow::Result<Plan> MakePlan(const RunOptions& options) {
  return PlanMaking(options, FeaturesAsProduct(options));
}

arrow::Result<Plan> PlanMaking(const RunOptions& options, const MakeProduct& make) {
  if (options.repair) {
    return arrow::Status::Invalid("option `repair`: a plan does not read the table",
                                  "\nhint: pomona verify tells what is damaged");
  }
  ARROW_ASSIGN_OR_RAISE(auto run, OpenSourceAndModel(options, make));
  Plan plan;
  if (auto status = CheckManifest(options, run); !status.ok()) {
    if (KindOf(status) != ErrorKind::kRequest) return status;
    plan.refusal = status.message();
    return plan;
  }
  auto work = run.MakeWorkList(options);
  int64_t new_references = 0;
  if (auto status = DrainInto(*work, &new_references); !status.ok()) {
    if (KindOf(status) != ErrorKind::kRequest) return status;
    plan.refusal = status.message();
    return plan;
  }
  PlanOldParts(run, *work, plan);
  PlanNewParts(new_references, options.rows_per_file, plan);
  const auto& counts = work->counts();
  plan.references = counts.listed;
  plan.listing = run.images->summary();
  plan.unchanged = counts.unchanged;
  plan.added = counts.added;
  plan.changed = counts.changed;
  plan.deleted = counts.deleted;
  plan.retried = counts.retried;
  plan.bytes_to_fetch = counts.bytes_to_fetch;
  plan.finished = run.finished && new_references == 0 && work->dropped().empty();
  return plan;
}

std::string Plan::ToJson() const {
  Json list = Json::array();
  for (const auto& part : parts) {
    list.push_back({{"index", part.index},
                    {"action", part.action},
                    {"references", part.references},
                    {"reason", part.reason}});
  }
  Json json = {{"references", references},
               {"not_taken", NotTakenJson(listing)},
               {"unlabelled", listing.unlabelled},
               {"remarks", listing.Remarks()},
               {"unchanged", unchanged},
               {"added", added},
               {"changed", changed},
               {"deleted", deleted},
               {"retried", retried},
               {"bytes_to_fetch", bytes_to_fetch},
               {"finished", finished},
               {"parts", std::move(list)}};
  if (!refusal.empty()) json["refusal"] = refusal;
  return JsonDocument(json);
}

}  // namespace pomona
