#include <arrow/api.h>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <utility>

#include "pomona/base/clock.h"
#include "pomona/core_speed.h"
#include "pomona/cost/sample_images.h"
#include "pomona/error_kind.h"
#include "pomona/extract/preset.h"
#include "pomona/extract/source_side.h"

namespace pomona {
namespace {

/// The same images over and over, a few at a time, until a time is reached. For one thread.
class RepeatedImages : public arrow::RecordBatchReader {
 public:
  RepeatedImages(std::shared_ptr<arrow::RecordBatch> images, Clock::time_point end)
      : images_(std::move(images)), end_(end) {}

  std::shared_ptr<arrow::Schema> schema() const override { return images_->schema(); }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    // Small batches: the pipeline is full early, and little of it is left at the end.
    constexpr int64_t kRows = 16;
    *batch = Clock::now() < end_ ? images_->Slice(next_, kRows) : nullptr;
    next_ = next_ + kRows < images_->num_rows() ? next_ + kRows : 0;
    return arrow::Status::OK();
  }

 private:
  const std::shared_ptr<arrow::RecordBatch> images_;
  const Clock::time_point end_;
  int64_t next_ = 0;
};

/// What cannot be decoded takes next to no time: it is no image of `images_per_second`.
struct Measured {
  double images_per_second = 0;
  double rejected = 0;  ///< the share that cannot be decoded
};

/// Of all cores. What comes before a tenth of the time warms up.
arrow::Result<Measured> Measure(Extractor& extractor, std::shared_ptr<arrow::RecordBatch> images,
                                Clock::duration duration) {
  const auto start = Clock::now();
  ARROW_ASSIGN_OR_RAISE(auto rows, extractor.ExtractImages(std::make_shared<RepeatedImages>(
                                       std::move(images), start + duration)));
  auto first = start;
  auto last = start;
  int64_t count = 0;
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(rows->ReadNext(&batch));
    if (batch == nullptr) break;
    last = Clock::now();
    if (last - start < duration / 10) {
      first = last;
    } else {
      count += batch->GetColumnByName("reject")->null_count();
    }
  }
  if (count == 0) {
    return DamagedData("no image of the source can be decoded to calibrate with");
  }
  const ExtractCounters counters = rows->counters();
  const auto rejects = static_cast<double>(counters.rejects);
  return Measured{.images_per_second = static_cast<double>(count) /
                                       std::chrono::duration<double>(last - first).count(),
                  .rejected = rejects / (rejects + static_cast<double>(counters.images))};
}

std::string Warning(bool drawn, double rejected) {
  if (drawn) {
    return "the speed is that of drawn images of 100x100 pixels: others take longer to decode if "
           "they are larger";
  }
  if (rejected == 0) return "";
  return fmt::format(
      "{:.1f} % of the images measured cannot be decoded: the speed is of the others",
      100 * rejected);
}

}  // namespace

arrow::Status CalibrationOptions::Validate() const {
  constexpr std::chrono::milliseconds kLeast{100};
  constexpr std::chrono::milliseconds kMost{600'000};
  if (duration < kLeast || duration > kMost) {
    return arrow::Status::Invalid("duration: ", duration.count(), " ms, not ", kLeast.count(),
                                  " to ", kMost.count());
  }
  if (!list.source.empty()) ARROW_RETURN_NOT_OK(list.Validate());
  return extract.Validate();
}

arrow::Result<CoreSpeed> Calibrate(const CalibrationOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const bool drawn = options.list.source.empty();
  ListOptions list = options.list;
  list.stop = options.extract.stop;
  ARROW_ASSIGN_OR_RAISE(auto images, drawn ? DrawnImages()
                                           : FirstImages(list, options.extract.memory_bytes,
                                                         options.extract.image.max_bytes));
  const int64_t sample = images->num_rows();
  ARROW_ASSIGN_OR_RAISE(const auto complete,
                        WithPreset(options.extract, SideOfImages(*images, options.extract.image)));
  ARROW_ASSIGN_OR_RAISE(auto extractor, Extractor::Load(complete));
  const int cores = extractor->options().threads;
  ARROW_ASSIGN_OR_RAISE(const Measured measured,
                        Measure(*extractor, std::move(images), options.duration));
  const double seconds = std::chrono::duration<double>(options.duration).count();
  return CoreSpeed{
      .images_per_second = measured.images_per_second / cores,
      .feature_dim = extractor->feature_dim(),
      .precision = std::string(PrecisionName(extractor->precision())),
      .source = fmt::format("measured here for {:g} s on {} core{} with {} image{} {}", seconds,
                            cores, cores == 1 ? "" : "s", sample, sample == 1 ? "" : "s",
                            drawn ? "drawn for it" : "of the source"),
      .warning = Warning(drawn, measured.rejected)};
}

}  // namespace pomona
