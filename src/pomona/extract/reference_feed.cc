#include "pomona/extract/reference_feed.h"

#include <utility>

#include "pomona/list.h"
#include "pomona/reject.h"

namespace pomona {
namespace {

/// "s3a://bucket" of "s3a://bucket/key"; empty for a local file, however it is written.
std::string StoreOf(const std::string& uri) {
  const size_t scheme_end = uri.find("://");
  if (scheme_end == std::string::npos || uri.find_first_of(":/") != scheme_end ||
      uri.starts_with("file:")) {
    return "";
  }
  return uri.substr(0, uri.find('/', scheme_end + 3));
}

/// Names and types; whether a column may hold nulls is no matter.
arrow::Status CheckColumns(const arrow::Schema& schema) {
  const auto wanted = ReferenceSchema();
  bool same = schema.num_fields() == wanted->num_fields();
  for (int i = 0; same && i < schema.num_fields(); ++i) {
    same = schema.field(i)->name() == wanted->field(i)->name() &&
           schema.field(i)->type()->Equals(wanted->field(i)->type());
  }
  if (same) return arrow::Status::OK();
  return arrow::Status::Invalid("references have another schema: ", schema.ToString(),
                                "\nhint: the columns are ", wanted->ToString());
}

template <typename Array>
const Array& Column(const arrow::RecordBatch& batch, int index) {
  return static_cast<const Array&>(*batch.column(index));
}

}  // namespace

arrow::Result<std::unique_ptr<ReferenceFeed>> ReferenceFeed::Make(
    std::shared_ptr<arrow::RecordBatchReader> references, const StorageOptions& storage,
    int fetches, int64_t max_bytes) {
  ARROW_RETURN_NOT_OK(CheckColumns(*references->schema()));
  return std::unique_ptr<ReferenceFeed>(
      new ReferenceFeed(std::move(references), storage, fetches, max_bytes));
}

ReferenceFeed::ReferenceFeed(std::shared_ptr<arrow::RecordBatchReader> references,
                             const StorageOptions& storage, int fetches, int64_t max_bytes)
    : references_(std::move(references)),
      storage_(storage),
      fetches_(fetches),
      max_bytes_(max_bytes) {}

std::shared_ptr<arrow::Schema> ReferenceFeed::schema() const { return ReferenceSchema(); }

arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReferenceFeed::Next() {
  ARROW_RETURN_NOT_OK(references_->ReadNext(&batch_));
  if (batch_ == nullptr) return nullptr;
  ARROW_RETURN_NOT_OK(CheckColumns(*batch_->schema()));
  batch_ = arrow::RecordBatch::Make(ReferenceSchema(), batch_->num_rows(), batch_->columns());
  return batch_;
}

int64_t ReferenceFeed::size(int64_t row) const {
  const auto& sizes = Column<arrow::Int64Array>(*batch_, 1);
  return sizes.IsNull(row) || sizes.Value(row) < 0 ? kUnknownSize : sizes.Value(row);
}

ImageRef ReferenceFeed::reference(int64_t row) const {
  const auto& mtime = Column<arrow::TimestampArray>(*batch_, 2);
  const auto& version = Column<arrow::StringArray>(*batch_, 3);
  return ImageRef{
      .uri = Column<arrow::StringArray>(*batch_, 0).GetString(row),
      .size = size(row),
      .mtime_us = mtime.IsNull(row) ? 0 : mtime.Value(row),
      .version = version.IsNull(row) ? std::string() : version.GetString(row),
      .max_bytes = max_bytes_,
  };
}

arrow::Status ReferenceFeed::Read(int64_t row, FetchCallback done) {
  if (batch_->column(0)->IsNull(row)) {
    done(Rejected(RejectReason::kNotFound, "reference has no URI"));
    return arrow::Status::OK();
  }
  ImageRef reference = this->reference(row);
  ARROW_ASSIGN_OR_RAISE(Source * source, SourceOf(reference.uri));
  source->Fetch(std::move(reference), std::move(done));
  return arrow::Status::OK();
}

arrow::Result<Source*> ReferenceFeed::SourceOf(const std::string& uri) {
  const std::string store = StoreOf(uri);
  std::lock_guard lock(mutex_);
  auto& source = sources_[store];
  if (source == nullptr) {
    ARROW_ASSIGN_OR_RAISE(source, OpenSource(uri, storage_, fetches_));
  }
  return source.get();
}

FetchCounters ReferenceFeed::counters() const {
  FetchCounters sum;
  std::lock_guard lock(mutex_);
  for (const auto& [store, source] : sources_) {
    if (source == nullptr) continue;
    const FetchCounters fetched = source->counters();
    sum.requests += fetched.requests;
    sum.retries += fetched.retries;
    sum.bytes += fetched.bytes;
    sum.busy_ns += fetched.busy_ns;
  }
  return sum;
}

}  // namespace pomona
