#include <arrow/builder.h>
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <numeric>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/json.h"
#include "pomona/base/peak_memory.h"
#include "pomona/base/thread_team.h"
#include "pomona/classifier.h"
#include "pomona/classify/table_for_classifier.h"
#include "pomona/curate/spread_rows.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_matrix.h"
#include "pomona/features/feature_table.h"
#include "pomona/linalg/projection.h"
#include "pomona/neighbours/answer_file.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/suggest.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Rows that are answered at once.
constexpr int64_t kAnsweredRows = 4096;

/// Rows and where they lie.
struct Places {
  std::vector<int64_t> rows;  ///< of the matrix
  std::vector<float> values;  ///< [rows][dim]
};

/// One call of Suggest: its state between the steps.
class SuggestRun {
 public:
  SuggestRun(const SuggestOptions& options, int threads)
      : options_(options), threads_(threads), team_(threads) {}

  Result<SuggestReport> Execute() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(const auto file,
                          AnswerFile::At(options_.output, options_.overwrite, options_.storage));
    ARROW_RETURN_NOT_OK(ReadTable());
    ChooseCandidates();
    ARROW_ASSIGN_OR_RAISE(const SpreadRows spread, classifier_ ? ByClassifier() : ByFeatures());
    for (size_t i = 0; i < spread.rows.size(); ++i) Take(spread, i);
    ARROW_RETURN_NOT_OK(CheckPaths());
    FillReport();
    ARROW_ASSIGN_OR_RAISE(auto batch, Batch());
    ARROW_RETURN_NOT_OK(
        file.PutTable(SuggestSchema(), {std::move(batch)}, "suggest", FooterRecord()));
    report_.peak_memory_bytes = PeakMemoryBytes();
    report_.seconds = SecondsSince(start);
    return std::move(report_);
  }

 private:
  Status ReadTable() {
    const FeatureTable::Options opened = {.uri = options_.features,
                                          .column = options_.column,
                                          .threads = threads_,
                                          .storage = options_.storage};
    std::unique_ptr<FeatureTable> table;
    if (options_.classifier.empty()) {
      ARROW_ASSIGN_OR_RAISE(table, FeatureTable::Open(opened));
    } else {
      ARROW_ASSIGN_OR_RAISE(classifier_,
                            LoadClassifier(options_.classifier, options_.storage, options_.target));
      ARROW_ASSIGN_OR_RAISE(table, OpenTableFor(*classifier_, options_.classifier, opened));
    }
    fingerprint_ = table->fingerprint();
    ARROW_ASSIGN_OR_RAISE(
        matrix_, ReadFeatureMatrix(*table, options_.features, options_.column, options_.stop));
    ARROW_RETURN_NOT_OK(matrix_.CheckHasPaths(options_.features));
    if (classifier_ && classifier_->dim() != matrix_.dim) {
      return DamagedData("the rows of ", ShownUri(options_.features), " have ", matrix_.dim,
                         " features, the classifier learned from ", classifier_->dim());
    }
    return Status::OK();
  }

  void ChooseCandidates() {
    for (int64_t row = 0; row < matrix_.rows; ++row) {
      const bool has_label = matrix_.label != nullptr && matrix_.label->IsValid(row) &&
                             !matrix_.label->GetView(row).empty();
      (has_label ? labelled_ : candidates_).push_back(row);
    }
    report_.labelled = static_cast<int64_t>(labelled_.size());
    if (!candidates_.empty()) return;
    std::swap(candidates_, labelled_);
    report_.remarks.emplace_back("all rows have a label: all of them may be suggested");
  }

  Result<SpreadRows> ByFeatures() {
    const Places candidates = AtFeatures(candidates_);
    const Places known = AtFeatures(labelled_);
    const std::vector<double> weight(candidates_.size(), 1);
    report_.known = static_cast<int64_t>(labelled_.size());
    return Spread(RowsOf(candidates, matrix_.dim), weight, RowsOf(known, matrix_.dim),
                  options_.budget, threads_, options_.stop);
  }

  /// Copies rows, unless these are all: then they lie there already.
  Places AtFeatures(const std::vector<int64_t>& rows) const {
    Places places = {.rows = rows, .values = {}};
    if (static_cast<int64_t>(rows.size()) == matrix_.rows) return places;
    for (const int64_t row : rows) {
      const auto values = matrix_.row(row);
      places.values.insert(places.values.end(), values.begin(), values.end());
    }
    return places;
  }

  Rows RowsOf(const Places& places, int64_t dim) const {
    const float* values = places.values.data();
    if (places.values.empty() && !places.rows.empty()) values = matrix_.row(0).data();
    const auto count = static_cast<int64_t>(places.rows.size());
    return {.values = values, .count = count, .dim = dim};
  }

  Result<SpreadRows> ByClassifier() {
    const int64_t rank = classifier_->rank();
    if (classifier_->projection().empty()) {
      return Status::Invalid("classifier: method ", LearnMethodName(classifier_->method()),
                             " has no directions\nhint: train it by another method");
    }
    const Projection projection(classifier_->dim(), rank, classifier_->projection(),
                                classifier_->mean(), {});
    std::vector<float> places;
    std::vector<float> block;
    std::vector<double> z;
    for (size_t first = 0; first < candidates_.size(); first += kAnsweredRows) {
      ARROW_RETURN_NOT_OK(options_.stop.Poll());
      const size_t end = std::min(candidates_.size(), first + kAnsweredRows);
      block.clear();
      for (size_t i = first; i < end; ++i) {
        const auto values = matrix_.row(candidates_[i]);
        block.insert(block.end(), values.begin(), values.end());
      }
      const auto count = static_cast<int64_t>(end - first);
      z.resize(static_cast<size_t>(count * rank));
      projection.Apply(block.data(), count, z.data(), team_);
      places.insert(places.end(), z.begin(), z.end());
      Weigh(classifier_->Answer(block.data(), count, threads_).probabilities);
    }
    std::vector<float> means(classifier_->class_means().begin(), classifier_->class_means().end());
    report_.known = classifier_->classes();
    // A classifier of few rows may be sure of everything: then rows still lie apart.
    std::vector<double> weight = uncertainty_;
    for (double& one : weight) one += 1;
    return Spread(
        {.values = places.data(), .count = static_cast<int64_t>(candidates_.size()), .dim = rank},
        weight, {.values = means.data(), .count = report_.known, .dim = rank}, options_.budget,
        threads_, options_.stop);
  }

  /// Appends what the probabilities [rows][classes] say of their rows.
  void Weigh(const std::vector<float>& probabilities) {
    const auto classes = static_cast<size_t>(classifier_->classes());
    for (size_t first = 0; first < probabilities.size(); first += classes) {
      const auto row = std::span(probabilities).subspan(first, classes);
      const auto likeliest = std::max_element(row.begin(), row.end());
      float second = 0;
      for (auto one = row.begin(); one != row.end(); ++one) {
        if (one != likeliest) second = std::max(second, *one);
      }
      uncertainty_.push_back(1 - (static_cast<double>(*likeliest) - second));
      predicted_.push_back(static_cast<int32_t>(likeliest - row.begin()));
    }
  }

  void Take(const SpreadRows& spread, size_t i) {
    const auto at = static_cast<size_t>(spread.rows[i]);
    const int64_t row = candidates_[at];
    SuggestedRow one;
    one.row = matrix_.table_row(row);
    one.path = matrix_.path->IsNull(row) ? "" : matrix_.path->GetString(row);
    one.distance = spread.distance[i];
    if (classifier_) {
      one.uncertainty = uncertainty_[at];
      one.predicted_label = classifier_->labels()[static_cast<size_t>(predicted_[at])];
    }
    report_.suggested.push_back(std::move(one));
  }

  /// They go out one a line.
  Status CheckPaths() const {
    for (const SuggestedRow& one : report_.suggested) {
      if (one.path.empty()) return DamagedData("row ", one.row, " has no path");
      if (one.path.find_first_of("\r\n") != std::string::npos) {
        return Status::Invalid("there is a line break in ", ShownUri(one.path));
      }
    }
    return Status::OK();
  }

  void FillReport() {
    report_.version = kVersion;
    report_.features = options_.features;
    report_.classifier = options_.classifier;
    report_.output = options_.output;
    report_.rows = matrix_.rows;
    report_.dim = matrix_.dim;
    report_.skipped = matrix_.skipped;
    report_.candidates = static_cast<int64_t>(candidates_.size());
    report_.budget = options_.budget;
    report_.cores = threads_;
    if (report_.skipped > 0) {
      report_.remarks.push_back(
          fmt::format("{} rows have no features and are left out", report_.skipped));
    }
    if (options_.budget > report_.candidates) {
      report_.remarks.push_back(fmt::format("there are only {} rows to suggest, not {}",
                                            report_.candidates, options_.budget));
    }
    if (!classifier_) {
      report_.remarks.emplace_back(
          "without a classifier rows are chosen by where they lie alone: pomona train makes one");
    }
  }

  Result<std::shared_ptr<arrow::RecordBatch>> Batch() const {
    arrow::Int64Builder order;
    arrow::Int64Builder row;
    arrow::StringBuilder path;
    arrow::DoubleBuilder uncertainty;
    arrow::StringBuilder predicted;
    arrow::DoubleBuilder distance;
    for (const SuggestedRow& one : report_.suggested) {
      ARROW_RETURN_NOT_OK(order.Append(order.length()));
      ARROW_RETURN_NOT_OK(row.Append(one.row));
      ARROW_RETURN_NOT_OK(path.Append(one.path));
      ARROW_RETURN_NOT_OK(uncertainty.AppendOrNull(one.uncertainty));
      ARROW_RETURN_NOT_OK(classifier_ ? predicted.Append(one.predicted_label)
                                      : predicted.AppendNull());
      ARROW_RETURN_NOT_OK(distance.AppendOrNull(one.distance));
    }
    std::vector<std::shared_ptr<arrow::Array>> columns;
    for (arrow::ArrayBuilder* builder : std::initializer_list<arrow::ArrayBuilder*>{
             &order, &row, &path, &uncertainty, &predicted, &distance}) {
      ARROW_RETURN_NOT_OK(builder->Finish().Value(&columns.emplace_back()));
    }
    return arrow::RecordBatch::Make(SuggestSchema(), static_cast<int64_t>(report_.suggested.size()),
                                    std::move(columns));
  }

  /// What the answer is of. Nothing that another run would say otherwise.
  std::string FooterRecord() const {
    return CompactJson(
        {{"pomona", kVersion},
         {"features", ShownUri(options_.features)},
         {"fingerprint", fingerprint_},
         {"classifier", options_.classifier.empty() ? Json() : Json(ShownUri(options_.classifier))},
         {"target", options_.target.empty() ? Json() : Json(options_.target)},
         {"budget", options_.budget}});
  }

  const SuggestOptions& options_;
  const int threads_;
  ThreadTeam team_;
  std::string fingerprint_;
  std::optional<Classifier> classifier_;
  FeatureMatrix matrix_;
  std::vector<int64_t> candidates_, labelled_;  ///< rows of the matrix
  std::vector<double> uncertainty_;             ///< [candidates], of a classifier
  std::vector<int32_t> predicted_;              ///< [candidates], of a classifier
  SuggestReport report_;
};

}  // namespace

Result<SuggestReport> Suggest(const SuggestOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  try {
    return SuggestRun(options, threads).Execute();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the rows of ",
                               ShownUri(options.features));
  }
}

std::shared_ptr<arrow::Schema> SuggestSchema() {
  return arrow::schema(
      {arrow::field("order", arrow::int64(), false), arrow::field("row", arrow::int64(), false),
       arrow::field("path", arrow::utf8(), false), arrow::field("uncertainty", arrow::float64()),
       arrow::field("predicted_label", arrow::utf8()), arrow::field("distance", arrow::float64())});
}

Status SuggestOptions::Validate() const {
  ARROW_RETURN_NOT_OK(CheckTableOptions(features, column, storage));
  for (const std::string* file : {&classifier, &output}) {
    if (!file->empty()) ARROW_RETURN_NOT_OK(Uri::Parse(*file).status());
  }
  if (!target.empty() && classifier.empty()) {
    return Status::Invalid(
        "option `target`: there is no classifier\nhint: option `classifier` names one");
  }
  if (budget < 1) return Status::Invalid("option `budget` must be 1 or more, not ", budget);
  return CheckThreads(threads);
}

}  // namespace pomona
