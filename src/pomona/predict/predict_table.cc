#include "pomona/predict/predict_table.h"

#include <new>
#include <string>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/json.h"
#include "pomona/base/peak_memory.h"
#include "pomona/base/sha256.h"
#include "pomona/classify/classifier_file.h"
#include "pomona/classify/table_for_classifier.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_table.h"
#include "pomona/predict/answered_rows.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/table/derived_table.h"
#include "pomona/table/layout.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int64_t kRowsPerFile = 65'536;

/// One call of PredictTable: its state between the steps.
class PredictRun {
 public:
  PredictRun(const PredictOptions& options, int threads)
      : options_(options),
        source_(options.run.list.source),
        rows_per_file_(options.rows_per_file.value_or(kRowsPerFile)),
        threads_(threads) {}

  Result<PredictReport> Execute() {
    auto report = Work();
    if (report.ok() || output_ == nullptr || !output_->changed()) return report;
    return AfterFirstChange(report.status());
  }

 private:
  Result<PredictReport> Work() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(const auto file, ReadClassifierFile(options_.classifier,
                                                              options_.run.extract.storage));
    ARROW_ASSIGN_OR_RAISE(table_, OpenTableFor(file.classifiers.front(), options_.classifier,
                                               {.uri = source_,
                                                .column = options_.column,
                                                .prove = true,
                                                .threads = threads_,
                                                .storage = options_.run.extract.storage}));
    const std::string_view model(*file.bytes);
    ARROW_ASSIGN_OR_RAISE(output_, DerivedTable::Open({.source = source_,
                                                       .output = options_.run.output,
                                                       .model_file = kClassifierFile,
                                                       .rows_per_file = rows_per_file_,
                                                       .overwrite = options_.run.overwrite,
                                                       .storage = options_.run.extract.storage,
                                                       .record = Record(model)}));
    if (output_->finished()) {
      report_.finished_before = true;
      report_.rows = output_->finished()->totals().rows;
      report_.parts = output_->finished()->totals().parts;
      for (const Classifier& one : file.classifiers) report_.targets.push_back({.classifier = one});
    } else {
      ARROW_RETURN_NOT_OK(Answer(file));
    }
    report_.version = kVersion;
    report_.source = source_;
    report_.output = options_.run.output;
    report_.peak_memory_bytes = PeakMemoryBytes();
    report_.seconds = SecondsSince(start);
    if (!report_.finished_before) ARROW_RETURN_NOT_OK(output_->Finish(report_.ToJson()));
    return report_;
  }

  /// What decides the rows. The features are those that the table has now.
  std::string Record(std::string_view model) const {
    return CompactJson({{"made_by", "predict"},
                        {"features", ShownUri(source_)},
                        {"fingerprint", table_->fingerprint()},
                        {"column", options_.column},
                        {"classifier", ToHex(Sha256Of(model))},
                        {"rows_per_file", rows_per_file_}});
  }

  Status Answer(const ClassifierFile& file) {
    AnsweredRows rows(table_->schema(), options_.column, file.classifiers, threads_);
    ARROW_ASSIGN_OR_RAISE(auto batches, table_->Read({}));
    // The first rows are answered before anything changes: a table of other rows is refused by
    // them.
    ARROW_ASSIGN_OR_RAISE(auto next, batches->Next());
    bool begun = false;
    for (; next; begun = true) {
      ARROW_RETURN_NOT_OK(options_.run.extract.stop.Poll());
      const auto answered = rows.Answer(next->batch, next->first_row);
      if (!answered.ok()) {
        return AsDamagedData(answered.status())
            .WithMessage(next->file, ": ", answered.status().message());
      }
      if (!begun) {
        ARROW_RETURN_NOT_OK(
            output_->Begin(std::string_view(*file.bytes), file.rows(), rows.schema(), nullptr));
      }
      report_.rows += (*answered)->num_rows();
      ARROW_RETURN_NOT_OK(output_->Append(**answered));
      ARROW_ASSIGN_OR_RAISE(next, batches->Next());
    }
    if (!begun) return DamagedData("the table ", ShownUri(source_), " has no rows");
    report_.skipped = rows.skipped();
    report_.targets = rows.counts();
    return output_->EndRows().Value(&report_.parts);
  }

  const PredictOptions& options_;
  const std::string& source_;
  const int64_t rows_per_file_;
  const int threads_;
  std::unique_ptr<FeatureTable> table_;
  std::unique_ptr<DerivedTable> output_;
  PredictReport report_;
};

}  // namespace

Result<PredictReport> PredictTable(const PredictOptions& options) {
  const int given = options.run.extract.threads;
  try {
    return PredictRun(options, given == 0 ? AvailableCores() : given).Execute();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the rows of ",
                               ShownUri(options.run.list.source));
  }
}

}  // namespace pomona
