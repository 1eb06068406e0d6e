#pragma once

#include <memory>
#include <optional>
#include <string>

#include "pomona/run.h"
#include "pomona/run/run_product.h"
#include "pomona/run/work_list.h"
#include "pomona/source/listing_rule.h"
#include "pomona/storage/uri.h"
#include "pomona/table/manifest.h"
#include "pomona/table/table_output.h"

namespace pomona {

/// What Run and MakePlan find before any work: the listing (not empty), the model, the
/// output's manifest, and whether they go together.
struct OpenRun {
  Uri source;
  ListingRule rule;
  std::shared_ptr<ImageListing> images;  ///< for its summary
  std::shared_ptr<arrow::RecordBatchReader> listing;
  std::shared_ptr<Extractor> extractor;
  RunProduct product;
  std::string record;  ///< see OptionsRecord; with the product's
  std::string preset;  ///< what it took, a sentence; empty: nothing
  std::shared_ptr<OutputStore> store;
  std::optional<Manifest> manifest;
  bool finished = false;  ///< the output has its `_SUCCESS`

  std::shared_ptr<WorkList> MakeWorkList(const RunOptions& options) const;
};

/// Validates, reads the output's manifest, opens the source, loads the model and makes the product:
/// nothing is written, nothing locked.
arrow::Result<OpenRun> OpenSourceAndModel(const RunOptions& options, const MakeProduct& make);

/// Refuses an output that other options made, that is not ours, that lost files, or that another
/// state was sealed of. With `overwrite` only foreign files are refused.
arrow::Status CheckManifest(const RunOptions& options, OpenRun& run);

/// The same after a while: reads the manifest again where there is a newer one. Cost where there is
/// none: two looks.
arrow::Status RefreshManifest(const RunOptions& options, OpenRun& run);

/// Claims the output of `run` for it, keeps out who only slept, and reads what is there then: the
/// first steps of whoever writes a table, here for runs and for their simulation.
arrow::Status TakeOutput(const RunOptions& options, OpenRun& run, TableOutput& output,
                         Lease::Options lease = {});

/// Before the first change: nobody may take the output for finished any more. Begins a table where
/// there is none.
arrow::Status BeginWriting(const RunOptions& options, OpenRun& run, TableOutput& output);

}  // namespace pomona
