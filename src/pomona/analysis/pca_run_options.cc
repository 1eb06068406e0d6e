#include "pomona/pca_run.h"
#include "pomona/source/uri.h"

namespace pomona {

using arrow::Status;

Status PcaRunOptions::Validate() const {
  constexpr int64_t kMaxRows = 1 << 24;
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_RETURN_NOT_OK(pca.Validate());
  ARROW_ASSIGN_OR_RAISE(const Uri from, Uri::Parse(features));
  ARROW_ASSIGN_OR_RAISE(const Uri to, Uri::Parse(output));
  if (from.ToString() == to.ToString()) {
    return Status::Invalid("the output is the table itself: ", output,
                           "\nhint: name another folder");
  }
  if (!model.empty() && (pca.k || pca.variance || pca.standardize || !pca.center)) {
    return Status::Invalid("model: it has its own k, variance, center and standardize");
  }
  if (column.empty()) return Status::Invalid("column must not be empty");
  if (rows_per_file < 1 || rows_per_file > kMaxRows) {
    return Status::Invalid("rows-per-file must be 1 to ", kMaxRows, ", got ", rows_per_file);
  }
  if (threads < 0) return Status::Invalid("threads must not be negative, got ", threads);
  return Status::OK();
}

}  // namespace pomona
