#include "pomona/predict.h"

#include <new>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/json.h"
#include "pomona/base/peak_memory.h"
#include "pomona/base/sha256.h"
#include "pomona/classify/answered_rows.h"
#include "pomona/classify/table_for_classifier.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_table.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/table/derived_table.h"
#include "pomona/table/layout.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// One call of Predict: its state between the steps.
class PredictRun {
 public:
  PredictRun(const PredictOptions& options, int threads) : options_(options), threads_(threads) {}

  Result<PredictReport> Execute() {
    auto report = Work();
    if (report.ok() || output_ == nullptr || !output_->changed()) return report;
    return AfterFirstChange(report.status());
  }

 private:
  Result<PredictReport> Work() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(report_.classifier,
                          LoadClassifier(options_.classifier, options_.storage));
    ARROW_ASSIGN_OR_RAISE(table_, OpenTableFor(*report_.classifier, options_.classifier,
                                               {.uri = options_.features,
                                                .column = options_.column,
                                                .prove = true,
                                                .threads = threads_,
                                                .storage = options_.storage}));
    ARROW_ASSIGN_OR_RAISE(const auto bytes, report_.classifier->ToBytes());
    const std::string_view model(*bytes);
    ARROW_ASSIGN_OR_RAISE(output_, DerivedTable::Open({.source = options_.features,
                                                       .output = options_.output,
                                                       .model_file = kClassifierFile,
                                                       .rows_per_file = options_.rows_per_file,
                                                       .overwrite = options_.overwrite,
                                                       .storage = options_.storage,
                                                       .record = Record(model)}));
    if (output_->finished()) {
      report_.finished_before = true;
      report_.rows = output_->finished()->totals().rows;
      report_.parts = output_->finished()->totals().parts;
    } else {
      ARROW_RETURN_NOT_OK(Answer(model));
    }
    report_.version = kVersion;
    report_.features = options_.features;
    report_.output = options_.output;
    report_.peak_memory_bytes = PeakMemoryBytes();
    report_.seconds = SecondsSince(start);
    if (!report_.finished_before) ARROW_RETURN_NOT_OK(output_->Finish(report_.ToJson()));
    return report_;
  }

  /// What decides the rows. The features are those that the table has now.
  std::string Record(std::string_view model) const {
    return CompactJson({{"made_by", "predict"},
                        {"features", ShownUri(options_.features)},
                        {"fingerprint", table_->fingerprint()},
                        {"column", options_.column},
                        {"classifier", ToHex(Sha256Of(model))},
                        {"rows_per_file", options_.rows_per_file}});
  }

  Status Answer(std::string_view model) {
    AnsweredRows rows(table_->schema(), options_.column, *report_.classifier, threads_);
    ARROW_ASSIGN_OR_RAISE(auto batches, table_->Read({}));
    // The first rows are answered before anything changes: a table of other rows is refused by
    // them.
    ARROW_ASSIGN_OR_RAISE(auto next, batches->Next());
    bool begun = false;
    for (; next; begun = true) {
      ARROW_RETURN_NOT_OK(options_.stop.Poll());
      const auto answered = rows.Answer(next->batch, next->first_row);
      if (!answered.ok()) {
        return AsDamagedData(answered.status())
            .WithMessage(next->file, ": ", answered.status().message());
      }
      if (!begun) {
        ARROW_RETURN_NOT_OK(
            output_->Begin(model, report_.classifier->classes(), rows.schema(), nullptr));
      }
      report_.rows += (*answered)->num_rows();
      ARROW_RETURN_NOT_OK(output_->Append(**answered));
      ARROW_ASSIGN_OR_RAISE(next, batches->Next());
    }
    if (!begun) return DamagedData("the table ", ShownUri(options_.features), " has no rows");
    report_.skipped = rows.skipped();
    report_.unknown = rows.unknown();
    report_.single = rows.single();
    return output_->EndRows().Value(&report_.parts);
  }

  const PredictOptions& options_;
  const int threads_;
  std::unique_ptr<FeatureTable> table_;
  std::unique_ptr<DerivedTable> output_;
  PredictReport report_;
};

}  // namespace

Result<PredictReport> Predict(const PredictOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  try {
    return PredictRun(options, threads).Execute();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the rows of ",
                               ShownUri(options.features));
  }
}

Status PredictOptions::Validate() const {
  ARROW_RETURN_NOT_OK(storage.Validate());
  for (const auto& place : {features, output, classifier}) {
    ARROW_RETURN_NOT_OK(Uri::Parse(place).status());
  }
  if (column.empty()) return Status::Invalid("column must not be empty");
  ARROW_RETURN_NOT_OK(CheckRowsPerFile(rows_per_file));
  return CheckThreads(threads);
}

std::string PredictReport::ToJson() const {
  Json json = {{"pomona", version},
               {"features", ShownUri(features)},
               {"output", ShownUri(output)},
               {"rows", rows},
               {"skipped", skipped},
               {"unknown", unknown},
               {"single", single},
               {"parts", parts},
               {"finished_before", finished_before}};
  if (classifier) {
    json["classes"] = classifier->classes();
    json["coverage"] = classifier->coverage();
    json["false_alarms"] = classifier->false_alarms();
  }
  json["seconds"] = seconds;
  json["peak_memory_bytes"] = peak_memory_bytes;
  return JsonDocument(json);
}

}  // namespace pomona
