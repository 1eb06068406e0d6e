#include "pomona/list.h"

#include <arrow/builder.h>
#include <arrow/type.h>

#include <utility>

#include "pomona/base/work_memory.h"
#include "pomona/shown_text.h"
#include "pomona/source/glob.h"
#include "pomona/source/hidden_name.h"
#include "pomona/source/label.h"
#include "pomona/source/listing_counts.h"
#include "pomona/source/listing_rule.h"
#include "pomona/source/source.h"
#include "pomona/source/source_pattern.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// A ListingRule that is ready to be asked.
class Chooser {
 public:
  static Result<Chooser> Make(const ListingRule& rule) {
    ARROW_ASSIGN_OR_RAISE(Glob glob, Glob::Make(rule.globs));
    return Chooser(std::move(glob), rule.hides_underscore);
  }

  /// `path` is relative to the source.
  bool Takes(std::string_view path) const {
    if (!glob_.Matches(path)) return false;
    return !(hides_underscore_ ? HasUnderscoreName(path) : IsFolderMarker(path));
  }

 private:
  Chooser(Glob glob, bool hides_underscore)
      : glob_(std::move(glob)), hides_underscore_(hides_underscore) {}

  Glob glob_;
  bool hides_underscore_;
};

class ListedReferences : public ImageListing {
 public:
  ListedReferences(std::shared_ptr<Source> source, std::unique_ptr<Listing> listing, Chooser rule,
                   Chooser todays, LabelRule label, int64_t batch_rows, std::string root)
      : source_(std::move(source)),
        listing_(std::move(listing)),
        rule_(std::move(rule)),
        todays_(std::move(todays)),
        label_(std::move(label)),
        batch_rows_(batch_rows),
        root_(std::move(root)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return ReferenceSchema(); }
  ListingSummary summary() const override { return counts_.summary(); }

  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    arrow::MemoryPool* pool = WorkMemory();
    arrow::StringBuilder uri(pool), version(pool), label(pool);
    arrow::Int64Builder size(pool);
    arrow::TimestampBuilder mtime(ReferenceSchema()->field(2)->type(), pool);
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
      const ListedFile& ref = page_[next_++];
      if (!Takes(ref)) continue;
      ARROW_RETURN_NOT_OK(uri.Append(ref.uri));
      ARROW_RETURN_NOT_OK(size.Append(ref.size));
      ARROW_RETURN_NOT_OK(ref.mtime_us == 0 ? mtime.AppendNull() : mtime.Append(ref.mtime_us));
      ARROW_RETURN_NOT_OK(ref.version.empty() ? version.AppendNull() : version.Append(ref.version));
      ARROW_ASSIGN_OR_RAISE(const auto found, label_.Find(ref.uri));
      ARROW_RETURN_NOT_OK(found ? label.Append(*found) : label.AppendNull());
      if (!found && !label_.is_none()) counts_.AddUnlabelled(ref.uri);
    }
    const int64_t rows = uri.length();
    counts_.AddReferences(rows);
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
  bool Takes(const ListedFile& ref) {
    // A file that was named itself is taken whatever its name is.
    if (ref.uri == root_) return true;
    const std::string_view path = std::string_view(ref.uri).substr(root_.size());
    if (rule_.Takes(path)) return true;
    if (!IsFolderMarker(path)) counts_.AddNotTaken(path, todays_.Takes(path));
    return false;
  }

  std::shared_ptr<Source> source_;
  std::unique_ptr<Listing> listing_;
  const Chooser rule_;
  const Chooser todays_;
  const LabelRule label_;
  const int64_t batch_rows_;
  const std::string root_;
  std::vector<ListedFile> page_;
  size_t next_ = 0;
  ListingCounts counts_;
};

/// Spark's readers take patterns for sources, so that people write them.
Status SayPattern(const Status& status, const std::string& source) {
  if (!status.message().starts_with(kSourceMissing)) return status;
  const auto instead = WithoutPattern(source);
  if (!instead) return status;
  return Status::Invalid("a source is a place and not a pattern: ", ShownUri(source),
                         "\nhint: all levels below a folder are listed: ", ShownUri(*instead));
}

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
  ARROW_RETURN_NOT_OK(Glob::Make(globs).status());
  ARROW_RETURN_NOT_OK(LabelRule::Make(label).status());
  if (batch_rows < 1) return Status::Invalid("batch_rows: ", batch_rows, "\nhint: at least 1");
  return storage.Validate();
}

ListingRule RuleOf(const ListOptions& options) { return {.globs = options.globs}; }

Result<std::shared_ptr<ImageListing>> ListImages(const ListOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_ASSIGN_OR_RAISE(const Uri source, Uri::Parse(options.source));
  return ListImagesBy(RuleOf(options), source, options);
}

Result<std::shared_ptr<ImageListing>> ListImagesBy(const ListingRule& rule, const Uri& uri,
                                                   const ListOptions& options) {
  ARROW_ASSIGN_OR_RAISE(LabelRule label, LabelRule::Make(options.label));
  ARROW_ASSIGN_OR_RAISE(Chooser chooser, Chooser::Make(rule));
  ARROW_ASSIGN_OR_RAISE(Chooser todays, Chooser::Make(RuleOf(options)));
  ARROW_ASSIGN_OR_RAISE(auto source, OpenSource(uri, options.storage, /*fetches=*/1));
  auto listing = source->List(uri, options.stop);
  if (!listing.ok()) return SayPattern(listing.status(), options.source);
  return std::make_shared<ListedReferences>(std::move(source), std::move(*listing),
                                            std::move(chooser), std::move(todays), std::move(label),
                                            options.batch_rows, uri.ToString());
}

}  // namespace pomona
