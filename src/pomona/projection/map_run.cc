#include <arrow/util/key_value_metadata.h>

#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/json.h"
#include "pomona/base/peak_memory.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_matrix.h"
#include "pomona/features/feature_table.h"
#include "pomona/features/made_of.h"
#include "pomona/features/spark_schema.h"
#include "pomona/map.h"
#include "pomona/projection/mapped_rows.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/table/derived_table.h"
#include "pomona/table/layout.h"
#include "pomona/table/table_schema.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// One call of RunMap: its state between the steps.
class MapRun {
 public:
  MapRun(const MapOptions& options, int threads)
      : options_(options), projection_(options.projection) {
    projection_.threads = threads;
  }

  Result<MapReport> Execute() {
    auto report = Work();
    if (report.ok() || output_ == nullptr || !output_->changed()) return report;
    return AfterFirstChange(report.status());
  }

 private:
  Result<MapReport> Work() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(table_, FeatureTable::Open({.uri = options_.features,
                                                      .column = options_.column,
                                                      .prove = true,
                                                      .threads = projection_.threads,
                                                      .storage = options_.storage}));
    ARROW_ASSIGN_OR_RAISE(output_, DerivedTable::Open({.source = options_.features,
                                                       .output = options_.output,
                                                       .model_file = "",
                                                       .rows_per_file = options_.rows_per_file,
                                                       .overwrite = options_.overwrite,
                                                       .storage = options_.storage,
                                                       .record = Record()}));
    if (output_->finished()) {
      report_.finished_before = true;
      report_.rows = output_->finished()->totals().rows;
      report_.parts = output_->finished()->totals().parts;
    } else {
      ARROW_RETURN_NOT_OK(Read());
      report_.read_seconds = SecondsSince(start);
      ARROW_RETURN_NOT_OK(Place());
      ARROW_RETURN_NOT_OK(Write());
    }
    report_.version = kVersion;
    report_.features = options_.features;
    report_.output = options_.output;
    report_.neighbors = projection_.neighbors;
    report_.metric = NeighborMetricName(projection_.metric);
    report_.kept_features = options_.keep_features;
    report_.cores = projection_.threads;
    report_.peak_memory_bytes = PeakMemoryBytes();
    report_.seconds = SecondsSince(start);
    if (!report_.finished_before) ARROW_RETURN_NOT_OK(output_->Finish(report_.ToJson()));
    return report_;
  }

  /// What decides the rows. The features are those that the table has now.
  std::string Record() const {
    return CompactJson({{"made_by", "map"},
                        {"features", ShownUri(options_.features)},
                        {"fingerprint", table_->fingerprint()},
                        {"column", options_.column},
                        {"neighbors", projection_.neighbors},
                        {"metric", NeighborMetricName(projection_.metric)},
                        {"keep_features", options_.keep_features},
                        {"rows_per_file", options_.rows_per_file}});
  }

  Status Read() {
    ARROW_ASSIGN_OR_RAISE(
        matrix_, ReadFeatureMatrix(*table_, options_.features, options_.column, projection_.stop,
                                   FeaturePart::kLastLayer, UnusableRows::kLeaveOut));
    if (matrix_.rows == 0) {
      return DamagedData("the table ", ShownUri(options_.features), " has no row with features");
    }
    report_.skipped = matrix_.skipped;
    report_.unusable = matrix_.unusable;
    report_.dim = matrix_.row_dim;
    report_.compared = matrix_.dim;
    return Status::OK();
  }

  Status Place() {
    const auto start = Clock::now();
    const auto* values = reinterpret_cast<const float*>(matrix_.values->data());
    const FeatureView rows = {.values = {values, static_cast<size_t>(matrix_.rows * matrix_.dim)},
                              .dim = matrix_.dim};
    ARROW_ASSIGN_OR_RAISE(places_, ProjectToPlane(rows, projection_));
    matrix_.values.reset();
    report_.projection_seconds = SecondsSince(start);
    return Status::OK();
  }

  Status Write() {
    const auto start = Clock::now();
    std::vector<std::string> dropped;
    if (!options_.keep_features) dropped = {options_.column, "views"};
    MappedRows rows(*table_->schema(), dropped, matrix_, places_);
    ARROW_RETURN_NOT_OK(output_->Begin("", 0, rows.schema(), Footer(*rows.schema())));
    ARROW_ASSIGN_OR_RAISE(auto batches, table_->Read({}));
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
      if (!next) break;
      ARROW_RETURN_NOT_OK(projection_.stop.Poll());
      ARROW_ASSIGN_OR_RAISE(const auto mapped, rows.Map(*next->batch));
      report_.rows += mapped->num_rows();
      ARROW_RETURN_NOT_OK(output_->Append(*mapped));
    }
    ARROW_ASSIGN_OR_RAISE(report_.parts, output_->EndRows());
    report_.write_seconds = SecondsSince(start);
    return Status::OK();
  }

  /// What the table says of its features, and Spark's words for the columns.
  std::shared_ptr<const arrow::KeyValueMetadata> Footer(const arrow::Schema& schema) const {
    auto footer = std::make_shared<arrow::KeyValueMetadata>();
    if (options_.keep_features && table_->footer() != nullptr) {
      footer = MadeOfEntries(*table_->footer());
    }
    const std::string spark_schema = SparkSchemaOf(table_->spark_schema(), schema);
    if (!spark_schema.empty()) footer->Append(kSparkRowMetadataKey, spark_schema);
    return footer;
  }

  const MapOptions& options_;
  ProjectionOptions projection_;
  std::unique_ptr<FeatureTable> table_;
  std::unique_ptr<DerivedTable> output_;
  FeatureMatrix matrix_;
  PlaneProjection places_;
  MapReport report_;
};

}  // namespace

Status MapOptions::Validate() const {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_RETURN_NOT_OK(projection.Validate());
  ARROW_RETURN_NOT_OK(Uri::Parse(features).status());
  ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  if (column.empty()) return Status::Invalid("column must not be empty");
  return CheckRowsPerFile(rows_per_file);
}

std::string MapReport::ToJson() const {
  return JsonDocument({{"pomona", version},
                       {"features", ShownUri(features)},
                       {"output", ShownUri(output)},
                       {"rows", rows},
                       {"skipped", skipped},
                       {"unusable", unusable},
                       {"dim", dim},
                       {"compared", compared},
                       {"neighbors", neighbors},
                       {"metric", metric},
                       {"kept_features", kept_features},
                       {"parts", parts},
                       {"finished_before", finished_before},
                       {"cores", cores},
                       {"peak_memory_bytes", peak_memory_bytes},
                       {"seconds",
                        {{"read", read_seconds},
                         {"projection", projection_seconds},
                         {"write", write_seconds},
                         {"all", seconds}}}});
}

Result<MapReport> RunMap(const MapOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int given = options.projection.threads;
  try {
    return MapRun(options, given == 0 ? AvailableCores() : given).Execute();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the rows of ",
                               ShownUri(options.features));
  }
}

}  // namespace pomona
