#include "pomona/extract/reference_feed.h"

#include <arrow/array.h>
#include <arrow/util/string.h>

#include <cctype>
#include <string_view>
#include <utility>

#include "pomona/list.h"
#include "pomona/reject.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

/// "s3a://bucket" of "s3a://bucket/key"; empty for a local file.
std::string StoreOf(const Uri& uri) {
  return uri.scheme == Scheme::kLocal ? "" : uri.scheme_name + "://" + uri.authority;
}

/// Local paths are opened as they are written: what ".." means is for the system to say.
arrow::Result<Uri> ParseReference(std::string_view text) {
  ARROW_ASSIGN_OR_RAISE(Uri uri, Uri::Parse(text));
  if (uri.scheme != Scheme::kLocal) return uri;
  constexpr std::string_view kFile = "file:";
  if (arrow::internal::AsciiToLower(text.substr(0, kFile.size() + 1)) == "file:/") {
    text.remove_prefix(kFile.size());
    if (text.starts_with("///")) text.remove_prefix(2);
  }
  uri.path = text;
  return uri;
}

bool IsPercentEncoded(std::string_view text) {
  const auto is_hex = [&](size_t at) {
    return at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at])) != 0;
  };
  for (size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
    if (is_hex(at + 1) && is_hex(at + 2)) return true;
  }
  return false;
}

/// Spark writes the addresses of some columns percent-encoded, and a file that is looked for by
/// such a name is not there.
FetchCallback HintAtEncoding(FetchCallback done) {
  return [done = std::move(done)](auto bytes) {
    if (RejectReasonOf(bytes.status()) == RejectReason::kNotFound) {
      done(Rejected(RejectReason::kNotFound,
                    bytes.status().message() +
                        "; the address looks percent-encoded, and names are taken as they are: "
                        "decode it first (on Spark: decode=True)"));
    } else {
      done(std::move(bytes));
    }
  };
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

ImageRef ReferenceFeed::reference(int64_t row, Uri uri) const {
  const auto& mtime = Column<arrow::TimestampArray>(*batch_, 2);
  const auto& version = Column<arrow::StringArray>(*batch_, 3);
  return ImageRef{
      .uri = std::move(uri),
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
  const std::string_view text = Column<arrow::StringArray>(*batch_, 0).GetView(row);
  auto uri = ParseReference(text);
  const auto source = uri.ok() ? FindSource(*uri) : uri.status();
  if (RejectReasonOf(source.status())) {
    done(source.status());
    return arrow::Status::OK();
  }
  ARROW_RETURN_NOT_OK(source.status());
  // A listing gives names that were there, whatever is in them.
  if (size(row) == kUnknownSize && IsPercentEncoded(text)) {
    done = HintAtEncoding(std::move(done));
  }
  (*source)->Fetch(reference(row, *std::move(uri)), std::move(done));
  return arrow::Status::OK();
}

arrow::Result<Source*> ReferenceFeed::FindSource(const Uri& uri) {
  std::lock_guard lock(mutex_);
  auto& source = sources_[StoreOf(uri)];
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
