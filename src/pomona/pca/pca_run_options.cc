#include "pomona/base/available_cores.h"
#include "pomona/pca_run.h"
#include "pomona/storage/uri.h"
#include "pomona/table/layout.h"

namespace pomona {

using arrow::Status;

Status PcaRunOptions::Validate() const {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_RETURN_NOT_OK(pca.Validate());
  ARROW_RETURN_NOT_OK(Uri::Parse(features).status());
  ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  if (!model.empty() && (pca.k || pca.variance || pca.standardize || !pca.center)) {
    return Status::Invalid("model: it has its own k, variance, center and standardize");
  }
  if (column.empty()) return Status::Invalid("column must not be empty");
  ARROW_RETURN_NOT_OK(CheckRowsPerFile(rows_per_file));
  ARROW_RETURN_NOT_OK(CheckThreads(threads));
  return Status::OK();
}

}  // namespace pomona
