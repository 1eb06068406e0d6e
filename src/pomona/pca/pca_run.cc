#include "pomona/pca_run.h"

#include <arrow/util/key_value_metadata.h>

#include <chrono>
#include <new>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/json.h"
#include "pomona/base/peak_memory.h"
#include "pomona/base/sha256.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_rows.h"
#include "pomona/features/feature_table.h"
#include "pomona/features/file_kind.h"
#include "pomona/features/made_of.h"
#include "pomona/features/spark_schema.h"
#include "pomona/pca/feature_projector.h"
#include "pomona/shown_text.h"
#include "pomona/storage/filesystem.h"
#include "pomona/storage/uri.h"
#include "pomona/table/derived_table.h"
#include "pomona/table/layout.h"
#include "pomona/table/table_schema.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kHint[] = "name the output of an earlier `pomona pca`";

/// Rows are counted within the file: the message names it.
Status InFile(const TableBatch& batch, const Status& status) {
  if (KindOf(status) != ErrorKind::kRequest && KindOf(status) != ErrorKind::kData) return status;
  return status.WithMessage(batch.file, ": ", status.message());
}

/// One call of RunPca: its state between the steps.
class PcaRun {
 public:
  PcaRun(const PcaRunOptions& options, int threads) : options_(options), threads_(threads) {}

  Result<PcaRunReport> Execute() {
    auto report = Work();
    if (report.ok() || output_ == nullptr || !output_->changed()) return report;
    return AfterFirstChange(report.status());
  }

 private:
  Result<PcaRunReport> Work() {
    const auto start = Clock::now();
    if (!options_.model.empty()) {
      ARROW_ASSIGN_OR_RAISE(report_.model, LoadPcaModel(options_.model, options_.storage));
    }
    ARROW_ASSIGN_OR_RAISE(table_, FeatureTable::Open({.uri = options_.features,
                                                      .column = options_.column,
                                                      .csv = options_.csv,
                                                      .prove = true,
                                                      .threads = threads_,
                                                      .storage = options_.storage}));
    ARROW_RETURN_NOT_OK(CheckFeatures());
    ARROW_ASSIGN_OR_RAISE(auto record, OptionsRecord());
    ARROW_ASSIGN_OR_RAISE(output_, DerivedTable::Open({.source = options_.features,
                                                       .output = options_.output,
                                                       .model_file = kPcaModelFile,
                                                       .rows_per_file = options_.rows_per_file,
                                                       .overwrite = options_.overwrite,
                                                       .storage = options_.storage,
                                                       .record = std::move(record)}));
    if (output_->finished()) return ReportFinished(*output_->finished(), start);
    if (!report_.model) {
      ARROW_RETURN_NOT_OK(Fit());
    } else if (options_.overwrite) {
      ARROW_RETURN_NOT_OK(CheckRows());
    }
    const auto projecting = Clock::now();
    ARROW_RETURN_NOT_OK(Project());
    report_.project_seconds = SecondsSince(projecting);
    FillReport(start);
    ARROW_RETURN_NOT_OK(output_->Finish(report_.ToJson()));
    return report_;
  }

  void FillReport(Clock::time_point start) {
    report_.version = kVersion;
    report_.features = options_.features;
    report_.output = options_.output;
    report_.cores = threads_;
    report_.peak_memory_bytes = PeakMemoryBytes();
    report_.seconds = SecondsSince(start);
  }

  /// What decides the rows. The features are those that the table has now.
  Result<std::string> OptionsRecord() const {
    std::string model;
    if (report_.model) {
      ARROW_ASSIGN_OR_RAISE(const auto bytes, report_.model->ToBytes());
      model = ToHex(Sha256Of(std::string_view(*bytes)));
    }
    const auto or_null = [](const auto& value) { return value ? Json(*value) : Json(); };
    return CompactJson({{"made_by", "pca"},
                        {"features", ShownUri(options_.features)},
                        {"fingerprint", table_->fingerprint()},
                        {"column", options_.column},
                        {"csv", options_.csv},
                        {"model", model.empty() ? Json() : Json(model)},
                        {"k", or_null(options_.pca.k)},
                        {"variance", or_null(options_.pca.variance)},
                        {"center", options_.pca.center},
                        {"standardize", options_.pca.standardize},
                        {"features_as", FeatureFormatName(options_.features_as)},
                        {"rows_per_file", options_.rows_per_file}});
  }

  Result<PcaRunReport> ReportFinished(const Manifest& table, Clock::time_point start) {
    ARROW_ASSIGN_OR_RAISE(report_.model, LoadPcaModel(options_.output, options_.storage));
    report_.finished_before = true;
    report_.rows = table.totals().rows;
    report_.parts = table.totals().parts;
    FillReport(start);
    return report_;
  }

  /// Components of other features would make numbers, and no sense.
  Status CheckFeatures() const {
    if (!report_.model) return Status::OK();
    const auto differing = DifferingFeatures(report_.model->features(), table_->made_of());
    if (differing.empty()) return Status::OK();
    return Status::Invalid("the model ", ShownUri(options_.model),
                           " was fitted on features of another kind than those of ",
                           ShownUri(options_.features), ": ", differing);
  }

  /// What Fit finds out on its way: no row is of another length, or not finite. An earlier table
  /// must not go for rows that cannot replace it.
  Status CheckRows() {
    ARROW_ASSIGN_OR_RAISE(auto batches, table_->Read({options_.column}));
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
      if (!next) return Status::OK();
      ARROW_RETURN_NOT_OK(options_.stop.Poll());
      const auto rows =
          FeatureRows::Make(*next->batch->column(0), report_.model->dim(), next->first_row);
      ARROW_RETURN_NOT_OK(InFile(*next, rows.status()));
    }
  }

  Status Fit() {
    const auto start = Clock::now();
    std::optional<PcaStatistics> statistics;
    ARROW_ASSIGN_OR_RAISE(auto batches, table_->Read({options_.column}));
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
      if (!next) break;
      ARROW_RETURN_NOT_OK(options_.stop.Poll());
      ARROW_RETURN_NOT_OK(InFile(*next, TakeIn(*next, statistics)));
    }
    if (!statistics) {
      return DamagedData("the table ", options_.features, " is empty: it has no features");
    }
    const auto solving = Clock::now();
    ARROW_ASSIGN_OR_RAISE(report_.model, statistics->Solve(options_.pca));
    report_.model = report_.model->WithFeatures(table_->made_of());
    report_.solve_seconds = SecondsSince(solving);
    report_.statistics_seconds = SecondsSince(start) - report_.solve_seconds;
    return Status::OK();
  }

  /// The first row with features says how many they are.
  Status TakeIn(const TableBatch& next, std::optional<PcaStatistics>& statistics) const {
    const arrow::Array& column = *next.batch->column(0);
    if (!statistics) {
      ARROW_ASSIGN_OR_RAISE(const auto rows, FeatureRows::Make(column, 0, next.first_row));
      if (rows.rows() == 0) return Status::OK();
      if (options_.pca.k && *options_.pca.k > rows.dim()) {
        return Status::Invalid("k is ", *options_.pca.k, ", there are only ", rows.dim(),
                               " features");
      }
      auto made = PcaStatistics::Make(rows.dim(), threads_);
      ARROW_RETURN_NOT_OK(AsDamagedData(made.status()));
      statistics.emplace(std::move(*made));
    }
    return statistics->Update(column, next.first_row).status();
  }

  Status Project() {
    ARROW_ASSIGN_OR_RAISE(auto projector,
                          FeatureProjector::Make(table_->schema(), options_.column, *report_.model,
                                                 options_.features_as, threads_));
    const std::string spark_schema = SparkSchemaAfter(table_->spark_schema(), *projector->schema(),
                                                      options_.column, options_.features_as);
    if (spark_schema.empty() && options_.features_as == FeatureFormat::kVector) {
      return Status::Invalid("features_as vector: Spark's schema of the other columns is not known",
                             "\nhint: option `features_as=array` needs none");
    }
    ARROW_ASSIGN_OR_RAISE(const auto model, report_.model->ToBytes());
    std::shared_ptr<arrow::KeyValueMetadata> metadata;
    if (!spark_schema.empty()) {
      metadata = arrow::key_value_metadata({kSparkRowMetadataKey}, {spark_schema});
    }
    ARROW_RETURN_NOT_OK(output_->Begin(std::string_view(*model), report_.model->k(),
                                       projector->schema(), metadata));
    ARROW_ASSIGN_OR_RAISE(auto batches, table_->Read({}));
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
      if (!next) break;
      ARROW_RETURN_NOT_OK(options_.stop.Poll());
      const auto projected = projector->Project(next->batch, next->first_row);
      ARROW_RETURN_NOT_OK(InFile(*next, projected.status()));
      report_.rows += (*projected)->num_rows();
      ARROW_RETURN_NOT_OK(output_->Append(**projected));
    }
    report_.skipped = projector->skipped();
    return output_->EndRows().Value(&report_.parts);
  }

  const PcaRunOptions& options_;
  const int threads_;
  std::unique_ptr<DerivedTable> output_;
  std::unique_ptr<FeatureTable> table_;
  PcaRunReport report_;
};

}  // namespace

Result<PcaRunReport> RunPca(const PcaRunOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  try {
    return PcaRun(options, threads).Execute();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the rows of ", options.features);
  }
}

Status PcaRunOptions::Validate() const {
  ARROW_RETURN_NOT_OK(CheckTableOptions(features, column, storage));
  ARROW_RETURN_NOT_OK(pca.Validate());
  ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  if (!model.empty() && (pca.k || pca.variance || pca.standardize || !pca.center)) {
    return Status::Invalid("option `model` has its own k, variance, center and standardize");
  }
  ARROW_RETURN_NOT_OK(CheckRowsPerFile(rows_per_file));
  ARROW_RETURN_NOT_OK(CheckThreads(threads));
  return Status::OK();
}

Result<PcaModel> LoadPcaModel(const std::string& path, const StorageOptions& storage) {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(path));
  ARROW_ASSIGN_OR_RAISE(auto location, OpenFileSystem(uri, storage));
  ARROW_ASSIGN_OR_RAISE(auto info, location.filesystem->GetFileInfo(location.path));
  if (info.IsDirectory()) {
    ARROW_ASSIGN_OR_RAISE(info,
                          location.filesystem->GetFileInfo(location.path + "/" + kPcaModelFile));
  }
  if (!info.IsFile()) {
    return Status::Invalid("there is no PCA model in ", ShownUri(path), "\nhint: ", kHint);
  }
  ARROW_ASSIGN_OR_RAISE(auto input, location.filesystem->OpenInputFile(info));
  ARROW_ASSIGN_OR_RAISE(const int64_t size, input->GetSize());
  ARROW_ASSIGN_OR_RAISE(auto bytes, input->ReadAt(0, size));
  auto model = PcaModel::FromBytes(bytes);
  if (model.ok()) return model;
  return NotWhatWasNamed(model.status(), info.path(), *bytes, kHint);
}

}  // namespace pomona
