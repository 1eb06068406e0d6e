#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/table/manifest.h"
#include "pomona/table/output_store.h"

namespace pomona {

/// The references that still need work, as a stream: the listing merged with what the
/// manifest has. Both are in byte order of the URI, so the merge holds one page of the
/// listing and, for each generation of parts, the references of one part.
///
/// Its batches never cross the border of a future part (every `rows_per_file`
/// references). For one thread, but for the counts once the stream has ended.
class WorkList : public arrow::RecordBatchReader {
 public:
  struct Options {
    int64_t rows_per_file = 8192;
    /// Changes are work. Without it they are an error: see Run.
    bool update = false;
    /// What is new is work; what changed or is gone stays as it is.
    bool only_new = false;
    /// The output was finished: without `update`, new references are an error too.
    bool finished = false;
    std::string output;  ///< for messages
    arrow::StopToken stop = arrow::StopToken::Unstoppable();
  };
  struct Counts {
    int64_t listed = 0, unchanged = 0, added = 0, changed = 0, deleted = 0, retried = 0;
    int64_t bytes_to_fetch = 0;
  };

  /// `parts`: what is committed, in order of their index.
  WorkList(std::shared_ptr<arrow::RecordBatchReader> listing, const OutputStore& store,
           std::vector<PartRecord> parts, Options options);
  ~WorkList() override;

  std::shared_ptr<arrow::Schema> schema() const override { return listing_->schema(); }
  /// Invalid if the source changed and that is not allowed; IOError if it is not listed in order.
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override;

  const Counts& counts() const { return counts_; }
  /// Thread-safe, at any time.
  int64_t unchanged_so_far() const { return unchanged_so_far_; }
  /// Rows of each part's references that must go, ascending: complete after the end.
  const std::map<int64_t, std::vector<int64_t>>& dropped() const { return dropped_; }

 private:
  class Cursor;
  enum class Fate { kKeep, kWork };

  arrow::Status OpenCursors();
  /// The least of all cursors; nullopt at the end of all.
  std::optional<std::string_view> LowestUri() const;
  arrow::Status CheckOrder(std::string_view uri);
  arrow::Result<Fate> Judge(const arrow::RecordBatch& listed, int64_t row);
  arrow::Status DropBelow(std::optional<std::string_view> uri);
  arrow::Status Drop(Cursor& cursor, const char* what);
  arrow::Status Refuse(std::string_view uri, const char* what) const;
  arrow::Status Refill();

  const std::shared_ptr<arrow::RecordBatchReader> listing_;
  const OutputStore& store_;
  const std::vector<PartRecord> parts_;
  const Options options_;
  bool opened_ = false;
  bool ended_ = false;
  std::vector<std::unique_ptr<Cursor>> cursors_;
  std::shared_ptr<arrow::RecordBatch> pending_;  ///< work not yet handed out
  int64_t handed_out_ = 0;
  std::string last_listed_;
  Counts counts_;
  std::atomic<int64_t> unchanged_so_far_{0};
  std::map<int64_t, std::vector<int64_t>> dropped_;
};

}  // namespace pomona
