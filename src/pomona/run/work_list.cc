#include "pomona/run/work_list.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/compute/api_vector.h>
#include <arrow/datum.h>

#include <algorithm>
#include <utility>

#include "pomona/error_kind.h"
#include "pomona/reject.h"
#include "pomona/shown_text.h"
#include "pomona/storage/etag.h"
#include "pomona/table/part_reader.h"

namespace pomona {
namespace {

template <typename Array>
const Array& Column(const arrow::RecordBatch& batch, int index) {
  return static_cast<const Array&>(*batch.column(index));
}

std::string_view UriAt(const arrow::RecordBatch& batch, int64_t row) {
  return Column<arrow::StringArray>(batch, 0).GetView(row);
}

/// Same size, time and version: columns 1 to 3 of both. A version that a store told only once says
/// nothing, and two spellings of it are the same.
bool SameVersion(const arrow::RecordBatch& a, int64_t i, const arrow::RecordBatch& b, int64_t j) {
  for (int column = 1; column <= 2; ++column) {
    if (!a.column(column)->RangeEquals(*b.column(column), i, i + 1, j)) return false;
  }
  const auto version_of = [](const arrow::RecordBatch& batch, int64_t row) {
    const auto& versions = Column<arrow::StringArray>(batch, 3);
    return versions.IsNull(row) ? std::string_view() : OpaqueETag(versions.GetView(row));
  };
  const std::string_view was = version_of(a, i), is = version_of(b, j);
  return was.empty() || is.empty() || was == is;
}

}  // namespace

/// Walks the references of one generation's parts, in order.
class WorkList::Cursor {
 public:
  Cursor(const OutputStore& store, std::vector<const PartRecord*> parts)
      : store_(store), parts_(std::move(parts)) {}

  /// To the first reference at or after the current place; loads a part where needed.
  arrow::Status Settle() {
    while (at_part_ < parts_.size() && (batch_ == nullptr || row_ == batch_->num_rows())) {
      if (batch_ != nullptr) ++at_part_;
      row_ = 0;
      batch_.reset();
      if (at_part_ == parts_.size()) break;
      ARROW_ASSIGN_OR_RAISE(batch_, ReadTableFile(store_, *parts_[at_part_]->references,
                                                  {"uri", "size", "mtime", "version", "reject"}));
    }
    return arrow::Status::OK();
  }
  bool ended() const { return at_part_ == parts_.size(); }
  std::string_view uri() const { return UriAt(*batch_, row_); }
  const arrow::RecordBatch& batch() const { return *batch_; }
  int64_t row() const { return row_; }
  int64_t part() const { return parts_[at_part_]->id.index; }
  /// Whether a later attempt may succeed.
  bool worth_retrying() const {
    const auto& reject = Column<arrow::StringArray>(*batch_, 4);
    if (reject.IsNull(row_)) return false;
    const auto reason = ParseRejectCode(reject.GetView(row_));
    return reason && IsWorthRetrying(*reason);
  }
  arrow::Status Advance() {
    const std::string last(uri());
    ++row_;
    ARROW_RETURN_NOT_OK(Settle());
    if (ended() || uri() > last) return arrow::Status::OK();
    return DamagedData("the output ", store_.uri(), " is damaged: in the references of ", "part ",
                       part(), " ", uri(), " comes behind ", last,
                       "\nhint: pomona verify tells all; option `overwrite` starts anew");
  }

 private:
  const OutputStore& store_;
  const std::vector<const PartRecord*> parts_;
  size_t at_part_ = 0;
  std::shared_ptr<arrow::RecordBatch> batch_;
  int64_t row_ = 0;
};

WorkList::WorkList(std::shared_ptr<arrow::RecordBatchReader> listing, const OutputStore& store,
                   std::vector<PartRecord> parts, Options options)
    : listing_(std::move(listing)),
      store_(store),
      parts_(std::move(parts)),
      options_(std::move(options)) {}

WorkList::~WorkList() = default;

arrow::Status WorkList::OpenCursors() {
  opened_ = true;
  std::map<int, std::vector<const PartRecord*>> generations;
  for (const auto& part : parts_) generations[part.generation].push_back(&part);
  for (auto& [generation, parts] : generations) {
    cursors_.push_back(std::make_unique<Cursor>(store_, std::move(parts)));
    ARROW_RETURN_NOT_OK(cursors_.back()->Settle());
  }
  return arrow::Status::OK();
}

std::optional<std::string_view> WorkList::LowestUri() const {
  std::optional<std::string_view> lowest;
  for (const auto& cursor : cursors_) {
    if (!cursor->ended() && (!lowest || cursor->uri() < *lowest)) lowest = cursor->uri();
  }
  return lowest;
}

arrow::Status WorkList::Refuse(std::string_view uri, const char* what) const {
  return arrow::Status::Invalid(
      "the source changed since ", ShownUri(options_.output), " was written: ", ShownUri(uri),
      " is ", what,
      "\nhint: option `update` extracts what is new or changed and drops what "
      "is gone; option `overwrite` starts anew");
}

arrow::Status WorkList::Drop(Cursor& cursor, const char* what) {
  if (options_.only_new) return cursor.Advance();
  if (!options_.update) return Refuse(cursor.uri(), what);
  dropped_[cursor.part()].push_back(cursor.row());
  return cursor.Advance();
}

arrow::Status WorkList::DropBelow(std::optional<std::string_view> uri) {
  for (auto& cursor : cursors_) {
    while (!cursor->ended() && (!uri || cursor->uri() < *uri)) {
      ARROW_RETURN_NOT_OK(Drop(*cursor, "gone"));
      if (!options_.only_new) ++counts_.deleted;
    }
  }
  return arrow::Status::OK();
}

/// The merge needs an order, and would take what is out of it for new and for gone.
arrow::Status WorkList::CheckOrder(std::string_view uri) {
  if (counts_.listed > 0 && uri <= last_listed_) {
    return arrow::Status::IOError("the source is not listed in order: ", uri, " comes behind ",
                                  last_listed_,
                                  "\nhint: the store does not keep its own order, or lists a name "
                                  "twice: tell its maker");
  }
  last_listed_ = uri;
  return arrow::Status::OK();
}

arrow::Result<WorkList::Fate> WorkList::Judge(const arrow::RecordBatch& listed, int64_t row) {
  const std::string_view uri = UriAt(listed, row);
  ARROW_RETURN_NOT_OK(CheckOrder(uri));
  ++counts_.listed;
  ARROW_RETURN_NOT_OK(DropBelow(uri));
  bool known = false;
  bool kept = false;
  bool retry = false;
  // An update that was killed leaves an old row beside its successor: one is current.
  for (auto& cursor : cursors_) {
    if (cursor->ended() || cursor->uri() != uri) continue;
    known = true;
    const bool same = options_.only_new || SameVersion(listed, row, cursor->batch(), cursor->row());
    const bool retry_this = same && options_.update && cursor->worth_retrying();
    retry |= retry_this;
    if (same && !retry_this && !kept) {
      kept = true;
      ARROW_RETURN_NOT_OK(cursor->Advance());
    } else {
      ARROW_RETURN_NOT_OK(Drop(*cursor, "changed"));
    }
  }
  if (kept) {
    ++counts_.unchanged;
    return Fate::kKeep;
  }
  const bool takes_new = options_.update || options_.only_new;
  if (!known && !takes_new && (options_.finished || LowestUri())) return Refuse(uri, "new");
  ++(known ? retry ? counts_.retried : counts_.changed : counts_.added);
  counts_.bytes_to_fetch += Column<arrow::Int64Array>(listed, 1).Value(row);
  return Fate::kWork;
}

arrow::Status WorkList::Refill() {
  ARROW_RETURN_NOT_OK(options_.stop.Poll());
  std::shared_ptr<arrow::RecordBatch> listed;
  ARROW_RETURN_NOT_OK(listing_->ReadNext(&listed));
  if (listed == nullptr) {
    ended_ = true;
    return DropBelow(std::nullopt);
  }
  arrow::BooleanBuilder work;
  ARROW_RETURN_NOT_OK(work.Reserve(listed->num_rows()));
  int64_t kept = 0;
  for (int64_t row = 0; row < listed->num_rows(); ++row) {
    ARROW_ASSIGN_OR_RAISE(const Fate fate, Judge(*listed, row));
    work.UnsafeAppend(fate == Fate::kWork);
    kept += fate == Fate::kKeep ? 1 : 0;
  }
  unchanged_so_far_ = counts_.unchanged;
  pending_ = listed;
  if (kept == 0) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(auto mask, work.Finish());
  ARROW_ASSIGN_OR_RAISE(auto filtered, arrow::compute::Filter(listed, mask));
  pending_ = filtered.record_batch();
  return arrow::Status::OK();
}

arrow::Status WorkList::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  batch->reset();
  if (!opened_) ARROW_RETURN_NOT_OK(OpenCursors());
  while (!ended_ && (pending_ == nullptr || pending_->num_rows() == 0)) {
    ARROW_RETURN_NOT_OK(Refill());
  }
  if (pending_ == nullptr || pending_->num_rows() == 0) return arrow::Status::OK();
  const int64_t room = options_.rows_per_file - handed_out_ % options_.rows_per_file;
  const int64_t rows = std::min(room, pending_->num_rows());
  *batch = pending_->Slice(0, rows);
  pending_ = pending_->Slice(rows);
  handed_out_ += rows;
  return arrow::Status::OK();
}

}  // namespace pomona
