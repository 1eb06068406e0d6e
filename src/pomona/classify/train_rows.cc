#include <arrow/array/array_nested.h>
#include <arrow/array/array_primitive.h>
#include <arrow/builder.h>

#include <limits>
#include <new>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/peak_memory.h"
#include "pomona/classify/train_target.h"
#include "pomona/features/memory_table.h"
#include "pomona/train.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// A table that views them.
Result<std::unique_ptr<FeatureTable>> TableOf(const RowsToLearn& rows, const std::string& column) {
  const auto count = static_cast<int64_t>(rows.labels.size());
  const auto whole = count * rows.dim == static_cast<int64_t>(rows.values.size());
  if (rows.dim < 1 || rows.dim > std::numeric_limits<int32_t>::max() || !whole) {
    return Status::Invalid("there are ", rows.values.size(), " features, and ", count,
                           " labels of rows of ", rows.dim);
  }
  const auto buffer =
      std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(rows.values.data()),
                                      static_cast<int64_t>(rows.values.size_bytes()));
  const auto values =
      std::make_shared<arrow::FloatArray>(static_cast<int64_t>(rows.values.size()), buffer);
  ARROW_ASSIGN_OR_RAISE(const auto features, arrow::FixedSizeListArray::FromArrays(
                                                 values, static_cast<int32_t>(rows.dim)));
  arrow::StringBuilder text;
  ARROW_RETURN_NOT_OK(text.AppendValues(rows.labels));
  ARROW_ASSIGN_OR_RAISE(const auto labels, text.Finish());
  const auto schema =
      arrow::schema({arrow::field("label", arrow::utf8()), arrow::field(column, features->type())});
  return TableInMemory(arrow::RecordBatch::Make(schema, count, {labels, features}));
}

}  // namespace

Result<TrainReport> TrainOnRows(const RowsToLearn& rows, const TrainOptions& options) {
  ARROW_RETURN_NOT_OK(options.ValidateLearning());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  const auto start = Clock::now();
  try {
    TrainTables tables;
    ARROW_ASSIGN_OR_RAISE(tables.features, TableOf(rows, options.column));
    ARROW_ASSIGN_OR_RAISE(auto which, LearnAllRows(*tables.features, rows.groups,
                                                   LearningSource().folds, options.stop));
    ARROW_ASSIGN_OR_RAISE(TrainReport report,
                          LearnTarget(tables, std::move(which), std::nullopt, options, threads));
    report.version = kVersion;
    report.peak_memory_bytes = PeakMemoryBytes();
    report.seconds = SecondsSince(start);
    return report;
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the statistics of the rows",
                               "\nhint: PcaStatistics makes fewer features of many");
  }
}

}  // namespace pomona
