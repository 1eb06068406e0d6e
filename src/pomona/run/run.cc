#include "pomona/run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "pomona/base/peak_memory.h"
#include "pomona/base/uuid.h"
#include "pomona/error_kind.h"
#include "pomona/reject.h"
#include "pomona/run/bottleneck.h"
#include "pomona/run/open_run.h"
#include "pomona/run/options_record.h"
#include "pomona/run/progress_ticker.h"
#include "pomona/shown_text.h"
#include "pomona/table/layout.h"
#include "pomona/table/part_reader.h"
#include "pomona/table/part_writer.h"
#include "pomona/table/table_output.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

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
    // Before anything is created in what may be a folder of other things.
    ARROW_RETURN_NOT_OK(RefuseForeignFolder(options_, *open_.store));
    ARROW_RETURN_NOT_OK(output_.Claim());
    ARROW_RETURN_NOT_OK(OpenManifest(options_, open_));
    // What a killed run left half written: it may have been killed beside a finished table.
    ARROW_RETURN_NOT_OK(output_.ClearStaging());
    if (options_.overwrite) ARROW_RETURN_NOT_OK(output_.Clear());
    work_ = open_.MakeWorkList(options_);
    generation_ = open_.manifest ? open_.manifest->last_generation() : 0;
    // An update's parts may lie anywhere in the order: they form a sequence of their own.
    if (open_.manifest && options_.update) ++generation_;
    ARROW_RETURN_NOT_OK(Extract());
    ARROW_RETURN_NOT_OK(DropRows());
    ARROW_RETURN_NOT_OK(RefuseVanishedSource());
    return Finish();
  }

  /// Before the first change: nobody may take the output for finished any more.
  arrow::Status BeginWriting() {
    ARROW_RETURN_NOT_OK(output_.Begin());
    if (open_.manifest) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(open_.manifest,
                          Manifest::Begin(*open_.store, RunRecord{.uuid = NewUuid(),
                                                                  .version = kVersion,
                                                                  .options = open_.record}));
    return arrow::Status::OK();
  }

  PartWriter::Options WriterOptions() const {
    return {.id = {.index = static_cast<int64_t>(open_.manifest->parts().size()), .revision = 0},
            .generation = generation_,
            .uuid = open_.manifest->run().uuid,
            .format = options_.features_as,
            .metadata = FooterMetadata(open_.record, options_.features_as)};
  }

  arrow::Status Extract() {
    extracting_since_ = Clock::now();
    // A run died, perhaps of an image: that is one of those that were in work and are in no
    // committed part.
    const int64_t suspects = output_.found_dead() ? options_.rows_per_file + kRowsAhead : 0;
    ARROW_ASSIGN_OR_RAISE(features_, open_.extractor->Extract(work_, suspects));
    if (options_.on_progress) {
      counter_.emplace(open_.rule, options_.list);
      ticker_.emplace(options_.progress_every, [this] { Tick(); });
    }
    for (;;) {
      std::shared_ptr<arrow::RecordBatch> batch;
      ARROW_RETURN_NOT_OK(features_->ReadNext(&batch));
      if (batch == nullptr) break;
      ARROW_RETURN_NOT_OK(CountRejects(*batch));
      ARROW_RETURN_NOT_OK(CheckRejectsSoFar());
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
        .model = RecordText("model"),
        .model_digest = RecordText("model_digest"),
        .features = RecordText("features"),
        .precision = RecordText("precision"),
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

  std::string RecordText(const char* key) const { return open_.record.at(key).get<std::string>(); }

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

  /// Of the table, whatever runs made it: so that the same command again says the same.
  arrow::Status CheckRejects() const {
    int64_t rejects = 0;
    const auto& parts = open_.manifest->parts();
    for (const auto& part : parts) rejects += part.rejects ? part.rejects->rows : 0;
    const int64_t references = work_->counts().listed;
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
      ARROW_RETURN_NOT_OK(BeginWriting());
      ARROW_ASSIGN_OR_RAISE(writer_, PartWriter::Open(*open_.store, WriterOptions()));
    }
    ARROW_RETURN_NOT_OK(writer_->Append(batch));
    write_ns_ += std::chrono::nanoseconds(Clock::now() - start).count();
    if (writer_->references() == options_.rows_per_file) return CommitPart();
    return arrow::Status::OK();
  }

  arrow::Status Commit(PartRecord record) {
    ARROW_RETURN_NOT_OK(output_.CheckClaim());
    ARROW_RETURN_NOT_OK(open_.manifest->Commit(*open_.store, std::move(record)));
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
      ARROW_RETURN_NOT_OK(BeginWriting());
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

  /// What killed runs and rewritten parts left: files that no entry names.
  arrow::Status DeleteOrphans() {
    std::set<std::string> known;
    for (const auto& part : open_.manifest->parts()) {
      known.insert(part.data.name);
      known.insert(part.references.name);
      if (part.rejects) known.insert(part.rejects->name);
    }
    for (const char* folder : {"", kReferencesFolder, kRejectsFolder}) {
      ARROW_ASSIGN_OR_RAISE(auto files, open_.store->List(folder));
      for (const auto& file : files) {
        const bool ours = *folder != '\0' || IsPartFileOf(file.name, open_.manifest->run().uuid);
        if (ours && !known.contains(file.name)) {
          ARROW_RETURN_NOT_OK(open_.store->Delete(file.name));
        }
      }
    }
    return arrow::Status::OK();
  }

  arrow::Result<RunReport> Finish() {
    if (!open_.finished) ARROW_RETURN_NOT_OK(BeginWriting());
    ticker_.reset();
    counter_.reset();
    FillReport();
    ARROW_RETURN_NOT_OK(CheckRejects());
    if (!output_.begun()) return report_;
    ARROW_RETURN_NOT_OK(output_.CheckClaim());
    ARROW_RETURN_NOT_OK(DeleteOrphans());
    ARROW_RETURN_NOT_OK(output_.Finish(report_.ToJson()));
    return report_;
  }

  void FillReport() {
    report_.version = kVersion;
    report_.source = RecordText("source");
    report_.output = options_.output;
    report_.model = RecordText("model");
    report_.model_digest = RecordText("model_digest");
    report_.features = RecordText("features");
    report_.features_origin = open_.extractor->feature_origin();
    report_.features_layout = open_.extractor->feature_layout();
    report_.feature_dim = open_.extractor->feature_dim();
    report_.precision = RecordText("precision");
    report_.references = work_->counts().listed;
    report_.listing = open_.images->summary();
    report_.unchanged = work_->counts().unchanged;
    report_.parts = static_cast<int64_t>(open_.manifest->parts().size());
    for (const auto& part : open_.manifest->parts()) report_.rows += part.data.rows;
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
  Clock::time_point extracting_since_;
  std::atomic<int64_t> write_ns_{0};
  std::mutex counted_mutex_;  ///< of `rejects` and `parts_written`, which the ticker reads
  RunReport report_;
  std::optional<SourceCounter> counter_;
  std::optional<ProgressTicker> ticker_;  ///< last: it reads all the others
};

}  // namespace

arrow::Result<RunReport> Run(const RunOptions& options) {
  const auto started = Clock::now();
  ARROW_ASSIGN_OR_RAISE(auto open, OpenSourceAndModel(options));
  return DatasetRun(options, started, std::move(open)).Execute();
}

}  // namespace pomona
