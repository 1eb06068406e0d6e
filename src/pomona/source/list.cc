#include "pomona/list.h"

#include <arrow/builder.h>
#include <arrow/type.h>

#include <utility>

#include "pomona/source/glob.h"
#include "pomona/source/label.h"
#include "pomona/source/source.h"
#include "pomona/source/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

class ReferenceReader : public arrow::RecordBatchReader {
 public:
  ReferenceReader(std::shared_ptr<Source> source, std::unique_ptr<Listing> listing, Glob glob,
                  LabelRule label, int64_t batch_rows, std::string root)
      : source_(std::move(source)),
        listing_(std::move(listing)),
        glob_(std::move(glob)),
        label_(std::move(label)),
        batch_rows_(batch_rows),
        root_(std::move(root)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return ReferenceSchema(); }

  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    arrow::StringBuilder uri, version, label;
    arrow::Int64Builder size;
    arrow::TimestampBuilder mtime(ReferenceSchema()->field(2)->type(),
                                  arrow::default_memory_pool());
    while (uri.length() < batch_rows_) {
      if (next_ == page_.size()) {
        if (listing_ == nullptr) break;
        ARROW_ASSIGN_OR_RAISE(page_, listing_->Next());
        next_ = 0;
        if (page_.empty()) {
          listing_.reset();
          break;
        }
      }
      const ImageRef& ref = page_[next_++];
      // A file that was named itself is taken whatever its name is.
      if (!glob_.Matches(ref.uri) && ref.uri != root_) continue;
      ARROW_RETURN_NOT_OK(uri.Append(ref.uri));
      ARROW_RETURN_NOT_OK(size.Append(ref.size));
      ARROW_RETURN_NOT_OK(ref.mtime_us == 0 ? mtime.AppendNull() : mtime.Append(ref.mtime_us));
      ARROW_RETURN_NOT_OK(ref.version.empty() ? version.AppendNull() : version.Append(ref.version));
      ARROW_ASSIGN_OR_RAISE(const auto found, label_.Find(ref.uri));
      ARROW_RETURN_NOT_OK(found ? label.Append(*found) : label.AppendNull());
    }
    const int64_t rows = uri.length();
    if (rows == 0) {
      *batch = nullptr;
      return Status::OK();
    }
    arrow::ArrayVector columns(5);
    ARROW_RETURN_NOT_OK(uri.Finish(&columns[0]));
    ARROW_RETURN_NOT_OK(size.Finish(&columns[1]));
    ARROW_RETURN_NOT_OK(mtime.Finish(&columns[2]));
    ARROW_RETURN_NOT_OK(version.Finish(&columns[3]));
    ARROW_RETURN_NOT_OK(label.Finish(&columns[4]));
    *batch = arrow::RecordBatch::Make(ReferenceSchema(), rows, std::move(columns));
    return Status::OK();
  }

  Status Close() override {
    listing_.reset();
    page_.clear();
    next_ = 0;
    source_.reset();
    return Status::OK();
  }

 private:
  std::shared_ptr<Source> source_;
  std::unique_ptr<Listing> listing_;
  const Glob glob_;
  const LabelRule label_;
  const int64_t batch_rows_;
  const std::string root_;
  std::vector<ImageRef> page_;
  size_t next_ = 0;
};

}  // namespace

std::shared_ptr<arrow::Schema> ReferenceSchema() {
  static const auto schema = arrow::schema({
      arrow::field("uri", arrow::utf8()),
      arrow::field("size", arrow::int64()),
      arrow::field("mtime", arrow::timestamp(arrow::TimeUnit::MICRO, "UTC")),
      arrow::field("version", arrow::utf8()),
      arrow::field("label", arrow::utf8()),
  });
  return schema;
}

Status ListOptions::Validate() const {
  ARROW_RETURN_NOT_OK(Uri::Parse(source).status());
  ARROW_RETURN_NOT_OK(Glob(globs).Validate());
  ARROW_RETURN_NOT_OK(LabelRule::Make(label).status());
  if (batch_rows < 1) return Status::Invalid("batch_rows: ", batch_rows, "\nhint: at least 1");
  return storage.Validate();
}

Result<std::shared_ptr<arrow::RecordBatchReader>> ListImages(const ListOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_ASSIGN_OR_RAISE(LabelRule label, LabelRule::Make(options.label));
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(options.source));
  ARROW_ASSIGN_OR_RAISE(auto source, OpenSource(options.source, options.storage, /*fetches=*/1));
  ARROW_ASSIGN_OR_RAISE(auto listing, source->List(options.source, options.stop));
  return std::make_shared<ReferenceReader>(std::move(source), std::move(listing),
                                           Glob(options.globs), std::move(label),
                                           options.batch_rows, uri.ToString());
}

}  // namespace pomona
