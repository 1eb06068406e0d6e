#include "pomona/run.h"

#include <arrow/array.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "pomona/base/clock.h"
#include "pomona/base/peak_memory.h"
#include "pomona/error_kind.h"
#include "pomona/reject.h"
#include "pomona/run/bottleneck.h"
#include "pomona/run/open_run.h"
#include "pomona/run/options_record.h"
#include "pomona/run/progress_ticker.h"
#include "pomona/run/repair.h"
#include "pomona/shown_text.h"
#include "pomona/table/layout.h"
#include "pomona/table/part_reader.h"
#include "pomona/table/part_writer.h"
#include "pomona/table/table_output.h"
#include "pomona/version.h"

namespace pomona {
namespace {

/// One call of Run: its state between the steps.
class DatasetRun {
 public:
  DatasetRun(const RunOptions& options, Clock::time_point started, OpenRun open)
      : options_(options), started_(started), open_(std::move(open)), output_(open_.store) {}

  arrow::Result<RunReport> Execute() {
    auto report = Work();
    if (report.ok() || !output_.changed()) return report;
    return AfterFirstChange(report.status());
  }

 private:
  arrow::Result<RunReport> Work() {
    ARROW_RETURN_NOT_OK(TakeOutput(options_, open_, output_));
    work_ = open_.MakeWorkList(options_);
    generation_ = open_.manifest ? open_.manifest->last_generation() : 0;
    // An update's parts may lie anywhere in the order: they form a sequence of their own.
    if (open_.manifest && options_.update) ++generation_;
    if (options_.repair) ARROW_RETURN_NOT_OK(Repair());
    if (!options_.repair || !open_.finished || emptied_ > 0) ARROW_RETURN_NOT_OK(Extract());
    ReportLost();
    ARROW_RETURN_NOT_OK(DropRows());
    ARROW_RETURN_NOT_OK(RefuseVanishedSource());
    return Finish();
  }

  PartWriter::Options WriterOptions() const {
    return {.id = {.index = static_cast<int64_t>(open_.manifest->parts().size()),
                   .epoch = output_.epoch()},
            .generation = generation_,
            .uuid = open_.manifest->run().uuid,
            .rows = open_.product.rows,
            .metadata = FooterMetadata(open_.record, *open_.product.rows->schema())};
  }

  /// Puts again what the rows are made with, where that is damaged.
  arrow::Status RepairFiles() {
    for (const FileRecord& record : open_.manifest->run().files) {
      const auto proved = ProveFile(*open_.store, record);
      if (proved.ok()) continue;
      if (KindOf(proved) != ErrorKind::kData) return proved;
      for (const auto& file : open_.product.files) {
        if (file.name != record.name) continue;
        ARROW_RETURN_NOT_OK(BeginWriting(options_, open_, output_));
        ARROW_RETURN_NOT_OK(open_.store->Put(file.name, file.bytes));
      }
    }
    return arrow::Status::OK();
  }

  /// Computes damaged parts again. Where nothing tells any more what such a part was asked for, it
  /// becomes empty, and its images are new ones, for Extract.
  arrow::Status Repair() {
    if (!open_.manifest) return arrow::Status::OK();
    ARROW_RETURN_NOT_OK(RepairFiles());
    ARROW_ASSIGN_OR_RAISE(auto damaged,
                          FindDamage(*open_.store, *open_.manifest, options_.extract.stop));
    for (const DamagedPart& damage : damaged) {
      ARROW_RETURN_NOT_OK(options_.extract.stop.Poll());
      ARROW_RETURN_NOT_OK(BeginWriting(options_, open_, output_));
      const PartRecord part = open_.manifest->parts()[static_cast<size_t>(damage.index)];
      PartWriter::Options writer_options = WriterOptions();
      writer_options.id.index = damage.index;
      writer_options.generation = part.generation;
      ARROW_ASSIGN_OR_RAISE(auto writer, PartWriter::Open(*open_.store, writer_options));
      if (damage.references != nullptr) {
        ARROW_RETURN_NOT_OK(ComputeAgain(*damage.references, *writer));
      } else {
        ++emptied_;
        if (damage.paths.empty()) nameless_ += part.data.rows;
        wanted_.insert(damage.paths.begin(), damage.paths.end());
      }
      ARROW_ASSIGN_OR_RAISE(auto record, writer->Commit());
      ARROW_RETURN_NOT_OK(Commit(std::move(record)));
      ++report_.repaired;
    }
    if (emptied_ == 0) return arrow::Status::OK();
    // Their images lie anywhere in the order.
    ++generation_;
    work_ = open_.MakeWorkList(options_);
    return arrow::Status::OK();
  }

  arrow::Status ComputeAgain(const arrow::RecordBatch& references, PartWriter& writer) {
    ARROW_ASSIGN_OR_RAISE(auto listing, AsListing(references));
    ARROW_ASSIGN_OR_RAISE(const auto features, open_.extractor->Extract(std::move(listing)));
    const auto& before = *references.GetColumnByName("reject");
    for (int64_t row = 0;;) {
      std::shared_ptr<arrow::RecordBatch> batch;
      ARROW_RETURN_NOT_OK(features->ReadNext(&batch));
      if (batch == nullptr) return arrow::Status::OK();
      const auto& rejects =
          static_cast<const arrow::StringArray&>(*batch->GetColumnByName("reject"));
      const auto& uris = static_cast<const arrow::StringArray&>(*batch->GetColumnByName("uri"));
      for (int64_t i = 0; i < batch->num_rows(); ++i, ++row) {
        if (rejects.IsNull(i)) {
          ++report_.images;
        } else if (before.IsNull(row)) {
          report_.lost.push_back(uris.GetString(i) + ": " + rejects.GetString(i));
        }
      }
      ARROW_RETURN_NOT_OK(writer.Append(*batch));
    }
  }

  /// Takes off the list what Extract found again of the parts that became empty.
  void FoundAgain(const arrow::RecordBatch& batch) {
    if (emptied_ == 0) return;
    const auto& rejects = *batch.GetColumnByName("reject");
    const auto& uris = static_cast<const arrow::StringArray&>(*batch.GetColumnByName("uri"));
    for (int64_t row = 0; row < batch.num_rows(); ++row) {
      if (rejects.IsNull(row) && wanted_.erase(uris.GetString(row)) == 0) --nameless_;
    }
  }

  void ReportLost() {
    for (const auto& path : wanted_) report_.lost.push_back(path + ": not_found");
    if (nameless_ <= 0) return;
    report_.lost.push_back(std::to_string(nameless_) +
                           " rows of parts of which nothing tells the images any more");
  }

  arrow::Status Extract() {
    extracting_since_ = Clock::now();
    // A run died, perhaps of an image: that is one of those that were in work and are in no
    // committed part.
    const int64_t suspects = output_.found_dead() ? options_.rows_per_file + kRowsAhead : 0;
    ARROW_ASSIGN_OR_RAISE(features_, open_.extractor->Extract(work_, suspects));
    if (options_.on_progress) {
      counter_.emplace(open_.rule, open_.source, options_.list);
      ticker_.emplace(options_.progress_every, [this] { Tick(); });
    }
    for (;;) {
      std::shared_ptr<arrow::RecordBatch> batch;
      ARROW_RETURN_NOT_OK(features_->ReadNext(&batch));
      if (batch == nullptr) break;
      ARROW_RETURN_NOT_OK(CountRejects(*batch));
      ARROW_RETURN_NOT_OK(CheckRejectsSoFar());
      FoundAgain(*batch);
      ARROW_RETURN_NOT_OK(Write(*batch));
    }
    if (writer_ != nullptr) ARROW_RETURN_NOT_OK(CommitPart());
    report_.extract_seconds = SecondsSince(extracting_since_);
    report_.counters = features_->counters();
    return arrow::Status::OK();
  }

  void Tick() {
    const ExtractCounters counters = features_->counters();
    const double seconds = SecondsSince(extracting_since_);
    RunProgress progress{
        .images = counters.images,
        .rejects = counters.rejects,
        .unchanged = work_->unchanged_so_far(),
        .total = std::nullopt,
        .elapsed = std::chrono::duration<double>(seconds),
        .bottleneck = Bottleneck(BusyShares(counters, WriteSeconds(), seconds)),
        .rejects_by_reason = {},
        .parts_written = 0,
        .counters = counters,
        .write_seconds = WriteSeconds(),
        .model = open_.extractor->model().card.name,
        .model_digest = open_.extractor->model().digest,
        .features = open_.extractor->feature_tensor(),
        .precision = std::string(PrecisionName(open_.extractor->precision())),
        .cores = open_.extractor->options().threads,
        .price_per_hour = options_.price_per_hour,
    };
    if (counter_->total() >= 0) progress.total = counter_->total();
    {
      std::lock_guard lock(counted_mutex_);
      progress.rejects_by_reason = report_.rejects;
      progress.parts_written = report_.parts_written;
    }
    options_.on_progress(progress);
  }

  double WriteSeconds() const { return static_cast<double>(write_ns_.load()) * 1e-9; }

  arrow::Status CountRejects(const arrow::RecordBatch& batch) {
    const auto& codes = static_cast<const arrow::StringArray&>(*batch.GetColumnByName("reject"));
    if (codes.null_count() == codes.length()) return arrow::Status::OK();
    std::lock_guard lock(counted_mutex_);
    for (int64_t row = 0; row < codes.length(); ++row) {
      if (codes.IsNull(row)) continue;
      if (options_.fail_on_reject) {
        const auto text = [&](const char* column) {
          return static_cast<const arrow::StringArray&>(*batch.GetColumnByName(column))
              .GetString(row);
        };
        const auto reason = ParseRejectCode(codes.GetView(row));
        const auto code =
            reason && IsWorthRetrying(*reason) ? arrow::StatusCode::IOError : kDamagedData;
        return arrow::Status::FromArgs(code, "bad image ", ShownUri(text("uri")), ": ",
                                       codes.GetView(row), ": ", text("message"),
                                       "\nhint: option `on_error=reject` records it and goes on");
      }
      ++report_.rejects[codes.GetString(row)];
    }
    return arrow::Status::OK();
  }

  /// Of this run alone: all its rows stay in the table.
  arrow::Status CheckRejectsSoFar() const {
    const int64_t rejects = report_.reject_count();
    std::optional<int64_t> references;
    if (counter_ && counter_->total() >= 0) references = counter_->total();
    if (!options_.max_rejects.IsExceededFor(rejects, references)) return arrow::Status::OK();
    return TooManyRejects(rejects, references.value_or(0), report_.rejects);
  }

  /// That the source has; where a repair did not list it, that the table was asked for.
  int64_t References() const {
    return features_ != nullptr ? work_->counts().listed : open_.manifest->totals().references;
  }

  /// Of the table, whatever runs made it: so that the same command again says the same.
  arrow::Status CheckRejects() const {
    int64_t rejects = 0;
    const auto& parts = open_.manifest->parts();
    for (const auto& part : parts) rejects += part.rejects ? part.rejects->rows : 0;
    const int64_t references = References();
    if (!options_.max_rejects.IsExceeded(rejects, references)) return arrow::Status::OK();
    std::map<std::string, int64_t> reasons;
    for (const auto& part : parts) {
      if (!part.rejects) continue;
      ARROW_ASSIGN_OR_RAISE(auto rows, ReadTableFile(*open_.store, *part.rejects, {"reason"}));
      const auto& codes = static_cast<const arrow::StringArray&>(*rows->column(0));
      for (int64_t row = 0; row < codes.length(); ++row) ++reasons[codes.GetString(row)];
    }
    const auto status = TooManyRejects(rejects, references, reasons);
    const bool may_pass = std::ranges::any_of(reasons, [](const auto& counted) {
      const auto reason = ParseRejectCode(counted.first);
      return reason && IsWorthRetrying(*reason);
    });
    if (!may_pass) return status;
    return status.WithMessage(status.message(),
                              "; option `update` tries again what storage refused");
  }

  arrow::Status Write(const arrow::RecordBatch& batch) {
    const auto start = Clock::now();
    if (writer_ == nullptr) {
      ARROW_RETURN_NOT_OK(BeginWriting(options_, open_, output_));
      ARROW_ASSIGN_OR_RAISE(writer_, PartWriter::Open(*open_.store, WriterOptions()));
    }
    ARROW_RETURN_NOT_OK(writer_->Append(batch));
    write_ns_ += std::chrono::nanoseconds(Clock::now() - start).count();
    if (writer_->references() == options_.rows_per_file) return CommitPart();
    return arrow::Status::OK();
  }

  arrow::Status Commit(PartRecord record) {
    ARROW_RETURN_NOT_OK(output_.Commit(*open_.manifest, std::move(record)));
    std::lock_guard lock(counted_mutex_);
    ++report_.parts_written;
    return arrow::Status::OK();
  }

  arrow::Status CommitPart() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(auto record, writer_->Commit());
    writer_.reset();
    report_.images += record.data.rows;
    ARROW_RETURN_NOT_OK(Commit(std::move(record)));
    write_ns_ += std::chrono::nanoseconds(Clock::now() - start).count();
    return arrow::Status::OK();
  }

  arrow::Status DropRows() {
    for (const auto& [index, rows] : work_->dropped()) {
      ARROW_RETURN_NOT_OK(options_.extract.stop.Poll());
      ARROW_RETURN_NOT_OK(BeginWriting(options_, open_, output_));
      const PartRecord part = open_.manifest->parts()[static_cast<size_t>(index)];
      ARROW_ASSIGN_OR_RAISE(auto record, RewriteWithout(*open_.store, part, rows, WriterOptions()));
      ARROW_RETURN_NOT_OK(Commit(std::move(record)));
      report_.dropped += static_cast<int64_t>(rows.size());
    }
    return arrow::Status::OK();
  }

  /// A source that went away between its listing and its reading is no set of bad images.
  arrow::Status RefuseVanishedSource() const {
    if (!open_.manifest || (open_.finished && !output_.begun())) return arrow::Status::OK();
    int64_t vanished = 0;
    for (const auto& part : open_.manifest->parts()) {
      if (part.data.rows > 0) return arrow::Status::OK();
      if (!part.rejects) continue;
      ARROW_ASSIGN_OR_RAISE(const auto rejects,
                            ReadTableFile(*open_.store, *part.rejects, {"reason"}));
      const auto& reasons = static_cast<const arrow::StringArray&>(*rejects->column(0));
      for (int64_t row = 0; row < reasons.length(); ++row) {
        if (reasons.GetView(row) != RejectCode(RejectReason::kNotFound)) return arrow::Status::OK();
      }
      vanished += reasons.length();
    }
    if (vanished == 0) return arrow::Status::OK();
    return arrow::Status::IOError("all ", vanished, " images of ", options_.list.source,
                                  " vanished after they were listed",
                                  "\nhint: option `update` tries them again");
  }

  arrow::Result<RunReport> Finish() {
    if (!open_.finished) ARROW_RETURN_NOT_OK(BeginWriting(options_, open_, output_));
    ticker_.reset();
    counter_.reset();
    FillReport();
    ARROW_RETURN_NOT_OK(CheckRejects());
    if (!output_.begun()) return report_;
    ARROW_RETURN_NOT_OK(output_.Finish(*open_.manifest, report_.ToJson()));
    return report_;
  }

  void FillReport() {
    report_.version = kVersion;
    report_.source = open_.source.ToString();
    report_.output = options_.output;
    report_.model = open_.extractor->model().card.name;
    report_.model_digest = open_.extractor->model().digest;
    report_.features = open_.extractor->feature_tensor();
    report_.features_origin = open_.extractor->feature_origin();
    report_.features_layout = open_.extractor->feature_layout();
    report_.feature_dim = open_.extractor->feature_dim();
    report_.precision = PrecisionName(open_.extractor->precision());
    report_.width = open_.extractor->options().image.width;
    report_.height = open_.extractor->options().image.height;
    report_.views = ViewNames(*open_.extractor->options().views);
    report_.references = References();
    report_.listing = open_.images->summary();
    report_.unchanged = work_->counts().unchanged;
    report_.preset = open_.preset;
    report_.promise = open_.store->Promise();
    report_.parts = static_cast<int64_t>(open_.manifest->parts().size());
    for (const auto& part : open_.manifest->parts()) report_.rows += part.data.rows;
    report_.counts = open_.product.rows->counts();
    report_.write_seconds = WriteSeconds();
    report_.cores = open_.extractor->options().threads;
    report_.seconds = SecondsSince(started_);
    report_.bottleneck = Bottleneck(report_.busy());
    report_.peak_memory_bytes = PeakMemoryBytes();
    report_.price_per_hour = options_.price_per_hour;
  }

  const RunOptions& options_;
  const Clock::time_point started_;
  OpenRun open_;
  TableOutput output_;
  std::shared_ptr<WorkList> work_;
  std::shared_ptr<FeatureReader> features_;
  std::unique_ptr<PartWriter> writer_;
  int generation_ = 0;
  int64_t emptied_ = 0;           ///< parts that Repair could not compute again
  int64_t nameless_ = 0;          ///< rows of those, of which no file has the images
  std::set<std::string> wanted_;  ///< images of the others
  Clock::time_point extracting_since_;
  std::atomic<int64_t> write_ns_{0};
  std::mutex counted_mutex_;  ///< of `rejects` and `parts_written`, which the ticker reads
  RunReport report_;
  std::optional<SourceCounter> counter_;
  std::optional<ProgressTicker> ticker_;  ///< last: it reads all the others
};

}  // namespace

arrow::Result<RunReport> Run(const RunOptions& options) {
  return RunMaking(options, FeaturesAsProduct(options));
}

arrow::Result<RunReport> RunMaking(const RunOptions& options, const MakeProduct& make) {
  const auto started = Clock::now();
  ARROW_ASSIGN_OR_RAISE(auto open, OpenSourceAndModel(options, make));
  return DatasetRun(options, started, std::move(open)).Execute();
}

}  // namespace pomona
