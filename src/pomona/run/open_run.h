#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "pomona/run.h"
#include "pomona/run/work_list.h"
#include "pomona/source/listing_rule.h"
#include "pomona/table/manifest.h"

namespace pomona {

/// What Run and MakePlan find before any work: the listing (not empty), the model, the
/// output's manifest, and whether they go together.
struct OpenRun {
  ListingRule rule;
  std::shared_ptr<ImageListing> images;  ///< for its summary
  std::shared_ptr<arrow::RecordBatchReader> listing;
  std::shared_ptr<Extractor> extractor;
  nlohmann::ordered_json record;  ///< see OptionsRecord
  std::shared_ptr<OutputStore> store;
  std::optional<Manifest> manifest;
  bool finished = false;  ///< the output has its `_SUCCESS`

  std::shared_ptr<WorkList> MakeWorkList(const RunOptions& options) const;
};

/// Validates, opens the source and loads the model: nothing is written, nothing locked.
arrow::Result<OpenRun> OpenSourceAndModel(const RunOptions& options);

/// Invalid if the output is a folder of other things. Cheap: two looks.
arrow::Status RefuseForeignFolder(const RunOptions& options, const OutputStore& store);

/// Reads the manifest into `run`, and refuses an output that other options made, that is
/// not ours, or that lost files. With `overwrite` only foreign files are refused.
arrow::Status OpenManifest(const RunOptions& options, OpenRun& run);

}  // namespace pomona
