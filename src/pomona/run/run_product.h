#pragma once

#include <arrow/result.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pomona/plan.h"
#include "pomona/run.h"
#include "pomona/table/part_rows.h"

namespace pomona {

/// What a run makes of the features that it computes: the rows of its table, and with what.
struct RunProduct {
  std::shared_ptr<PartRows> rows;

  /// What decides the rows beside the options of the run: more of its record, the text of a JSON
  /// object.
  std::string record = "{}";

  /// A Parquet file that belongs to the table, as RunRecord::files has it.
  struct File {
    std::string name;
    std::string bytes;
    int64_t rows = 0;
  };
  std::vector<File> files = {};
};

/// Makes the product of one run, once its network is loaded and before anything is changed.
/// `record`: how the features are made, as OptionsRecord has it. Invalid: nothing can be made of
/// them.
using MakeProduct =
    std::function<arrow::Result<RunProduct>(const Extractor& extractor, const std::string& record)>;

/// Of `pomona extract`: the features themselves. `options` outlive what is returned.
MakeProduct FeaturesAsProduct(const RunOptions& options);

/// Run and MakePlan are these, of features.
arrow::Result<RunReport> RunMaking(const RunOptions& options, const MakeProduct& make);
arrow::Result<Plan> PlanMaking(const RunOptions& options, const MakeProduct& make);

}  // namespace pomona
