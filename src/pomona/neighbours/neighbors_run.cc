#include "pomona/neighbors_run.h"

#include <arrow/array.h>
#include <arrow/array/array_nested.h>
#include <arrow/array/util.h>
#include <arrow/builder.h>

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/json.h"
#include "pomona/base/peak_memory.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_matrix.h"
#include "pomona/features/feature_table.h"
#include "pomona/features/made_of.h"
#include "pomona/linalg/nearest_rows.h"
#include "pomona/neighbours/answer_file.h"
#include "pomona/neighbours/label_rows.h"
#include "pomona/neighbours/photo_queries.h"
#include "pomona/neighbours/sifted_table.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

FeatureView ViewOf(const FeatureMatrix& matrix) {
  const auto* values = reinterpret_cast<const float*>(matrix.values->data());
  return {.values = {values, static_cast<size_t>(matrix.rows * matrix.dim)}, .dim = matrix.dim};
}

/// The text of a row; empty where there is none.
std::string TextOf(const std::shared_ptr<arrow::StringArray>& column, int64_t row) {
  return column == nullptr || column->IsNull(row) ? "" : column->GetString(row);
}

/// One call of RunNeighbors: its state between the steps.
class NeighborsRun {
 public:
  explicit NeighborsRun(const NeighborsRunOptions& options)
      : options_(options), search_(options.search) {
    if (search_.threads == 0) search_.threads = AvailableCores();
  }

  Result<NeighborsRunReport> Execute() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(const auto file,
                          AnswerFile::At(options_.output, options_.overwrite, options_.storage));
    ARROW_RETURN_NOT_OK(ReadTables());
    if (!options_.where.empty()) {
      ARROW_ASSIGN_OR_RAISE(chosen_, RowsWhere(matrix_, options_.where, options_.features));
    }
    report_.read_seconds = SecondsSince(start);
    const auto searching = Clock::now();
    ARROW_ASSIGN_OR_RAISE(Neighbors found, Search());
    report_.search_seconds = SecondsSince(searching);
    if (sifted_) ARROW_RETURN_NOT_OK(sifted_->Save());
    Show(found);
    ARROW_RETURN_NOT_OK(MakeBatches(std::move(found)));
    FillReport();
    ARROW_RETURN_NOT_OK(
        file.PutTable(NeighborsSchema(), report_.batches, "neighbors", FooterRecord()));
    report_.peak_memory_bytes = PeakMemoryBytes();
    report_.seconds = SecondsSince(start);
    return std::move(report_);
  }

 private:
  bool itself() const { return options_.photos.empty() && options_.of.empty(); }

  Result<std::unique_ptr<FeatureTable>> OpenTable(const std::string& uri) const {
    return FeatureTable::Open({.uri = uri,
                               .column = options_.column,
                               .threads = search_.threads,
                               .storage = options_.storage});
  }

  Result<FeatureMatrix> ReadTable(FeatureTable& table, const std::string& uri) {
    ARROW_ASSIGN_OR_RAISE(auto matrix,
                          ReadFeatureMatrix(table, uri, options_.column, search_.stop));
    report_.skipped += matrix.skipped;
    return matrix;
  }

  /// What can be refused without reading rows is refused first.
  Status ReadTables() {
    ARROW_ASSIGN_OR_RAISE(const auto table, OpenTable(options_.features));
    fingerprint_ = table->fingerprint();
    std::unique_ptr<FeatureTable> asking;
    if (!options_.of.empty()) {
      ARROW_ASSIGN_OR_RAISE(asking, OpenTable(options_.of));
      asked_fingerprint_ = asking->fingerprint();
      const auto differing = DifferingFeatures(table->made_of(), asking->made_of());
      if (!differing.empty()) {
        return Status::Invalid("the features of ", ShownUri(options_.features), " and ",
                               ShownUri(options_.of), " are of different kinds: ", differing);
      }
    }
    if (!options_.photos.empty()) {
      ARROW_ASSIGN_OR_RAISE(
          photos_, ExtractPhotos(options_.photos, table->made_of(), options_.model, search_.threads,
                                 options_.storage, search_.stop));
    }
    ARROW_RETURN_NOT_OK(ReadSearched(*table));
    if (asking != nullptr) {
      ARROW_ASSIGN_OR_RAISE(asked_, ReadTable(*asking, options_.of));
    }
    const int64_t dim = Queries().dim;
    if (dim == matrix_.dim) return Status::OK();
    return Status::Invalid("the queries have ", dim, " features, the rows of ",
                           ShownUri(options_.features), " ", matrix_.dim);
  }

  /// By the index, if one is asked for.
  Status ReadSearched(FeatureTable& table) {
    if (options_.index.empty()) return ReadTable(table, options_.features).Value(&matrix_);
    const NeighborIndexOptions index = {.features = options_.features,
                                        .index = options_.index,
                                        .column = options_.column,
                                        .storage = options_.storage,
                                        .stop = search_.stop};
    ARROW_ASSIGN_OR_RAISE(sifted_, SiftedTable::Open(table, index, search_.threads));
    matrix_ = sifted_->matrix();
    report_.skipped += matrix_.skipped;
    return Status::OK();
  }

  FeatureView Queries() const {
    if (!photos_.paths.empty()) return {.values = photos_.features, .dim = photos_.dim};
    return ViewOf(options_.of.empty() ? matrix_ : asked_);
  }

  std::string QueryName(int64_t query) const {
    if (!photos_.paths.empty()) return photos_.paths[static_cast<size_t>(query)];
    return TextOf((options_.of.empty() ? matrix_ : asked_).path, query);
  }

  /// `ids` are rows of the matrix.
  Result<Neighbors> Search() {
    report_.rows = chosen_.empty() ? matrix_.rows : static_cast<int64_t>(chosen_.size());
    report_.queries = Queries().rows();
    if (sifted_ && !itself()) return sifted_->Find(Queries(), search_, chosen_);
    if (sifted_) ARROW_RETURN_NOT_OK(sifted_->CheckRows(search_.threads));
    if (chosen_.empty()) {
      return itself() ? FindNeighbors(ViewOf(matrix_), search_)
                      : FindNeighbors(Queries(), ViewOf(matrix_), search_);
    }
    const std::vector<float> values = GatherRows(matrix_, chosen_);
    const FeatureView rows = {.values = values, .dim = matrix_.dim};
    ARROW_ASSIGN_OR_RAISE(Neighbors found,
                          itself() ? AmongChosen(rows) : FindNeighbors(Queries(), rows, search_));
    for (int64_t& id : found.ids) id = chosen_[static_cast<size_t>(id)];
    return found;
  }

  /// All rows ask, some are searched, and these must not find themselves.
  Result<Neighbors> AmongChosen(const FeatureView& rows) {
    if (search_.k >= rows.rows()) {
      return Status::Invalid("option `k` is ", search_.k, ", there are only ", rows.rows() - 1,
                             " other rows with this label");
    }
    std::vector<int64_t> own(static_cast<size_t>(matrix_.rows), -1);
    for (size_t i = 0; i < chosen_.size(); ++i) {
      own[static_cast<size_t>(chosen_[i])] = static_cast<int64_t>(i);
    }
    const auto metric =
        search_.metric == NeighborMetric::kCosine ? RowMetric::kCosine : RowMetric::kEuclidean;
    const Rows searched = {.values = rows.values.data(), .count = rows.rows(), .dim = rows.dim};
    const Rows asking = {
        .values = ViewOf(matrix_).values.data(), .count = matrix_.rows, .dim = rows.dim};
    ARROW_ASSIGN_OR_RAISE(auto nearest,
                          FindNearestOtherRows(asking, searched, own, search_.k, metric,
                                               search_.threads, search_.stop));
    return Neighbors{
        .k = nearest.k, .ids = std::move(nearest.rows), .distances = std::move(nearest.distances)};
  }

  void Show(const Neighbors& found) {
    const int64_t shown = std::min(report_.queries, NeighborsRunReport::kShownQueries);
    for (int64_t query = 0; query < shown; ++query) {
      report_.shown_queries.push_back(QueryName(query));
      auto& neighbors = report_.shown.emplace_back();
      for (int64_t n = 0; n < found.k; ++n) {
        const auto at = static_cast<size_t>(query * found.k + n);
        const int64_t row = found.ids[at];
        neighbors.push_back({.id = matrix_.table_row(row),
                             .distance = found.distances[at],
                             .path = TextOf(matrix_.path, row),
                             .label = TextOf(matrix_.label, row)});
      }
    }
  }

  Status MakeBatches(Neighbors found) {
    for (int64_t& id : found.ids) id = matrix_.table_row(id);
    for (int64_t first = 0; first < report_.queries; first += kAnswerRows) {
      const int64_t count = std::min(kAnswerRows, report_.queries - first);
      arrow::StringBuilder paths;
      arrow::Int32Builder offsets;
      for (int64_t i = 0; i < count; ++i) {
        const std::string name = QueryName(first + i);
        ARROW_RETURN_NOT_OK(name.empty() ? paths.AppendNull() : paths.Append(name));
      }
      for (int64_t i = 0; i <= count; ++i) {
        ARROW_RETURN_NOT_OK(offsets.Append(static_cast<int32_t>(i * found.k)));
      }
      arrow::Int64Builder ids;
      arrow::FloatBuilder distances;
      ARROW_RETURN_NOT_OK(ids.AppendValues(found.ids.data() + first * found.k, count * found.k));
      ARROW_RETURN_NOT_OK(
          distances.AppendValues(found.distances.data() + first * found.k, count * found.k));
      ARROW_ASSIGN_OR_RAISE(const auto path, paths.Finish());
      ARROW_ASSIGN_OR_RAISE(const auto offset, offsets.Finish());
      ARROW_ASSIGN_OR_RAISE(const auto id, ids.Finish());
      ARROW_ASSIGN_OR_RAISE(const auto distance, distances.Finish());
      ARROW_ASSIGN_OR_RAISE(const auto id_lists, arrow::ListArray::FromArrays(*offset, *id));
      ARROW_ASSIGN_OR_RAISE(const auto distance_lists,
                            arrow::ListArray::FromArrays(*offset, *distance));
      const auto type = NeighborsSchema()->field(1)->type();
      const arrow::ArrayVector lists = {id_lists, distance_lists};
      const auto neighbors = std::make_shared<arrow::StructArray>(type, count, lists);
      report_.batches.push_back(
          arrow::RecordBatch::Make(NeighborsSchema(), count, {path, neighbors}));
    }
    return Status::OK();
  }

  void FillReport() {
    report_.version = kVersion;
    report_.features = options_.features;
    report_.output = options_.output;
    report_.index = options_.index;
    report_.index_made = sifted_ && sifted_->made();
    report_.dim = matrix_.dim;
    report_.k = search_.k;
    report_.metric = NeighborMetricName(search_.metric);
    report_.cores = search_.threads;
  }

  /// What the answer is of. Nothing that another run would say otherwise.
  std::string FooterRecord() const {
    const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
    return CompactJson({{"pomona", kVersion},
                        {"features", ShownUri(options_.features)},
                        {"fingerprint", fingerprint_},
                        {"of", or_null(ShownUri(options_.of))},
                        {"of_fingerprint", or_null(asked_fingerprint_)},
                        {"where", or_null(options_.where)},
                        {"k", search_.k},
                        {"metric", NeighborMetricName(search_.metric)},
                        {"rows", report_.rows}});
  }

  const NeighborsRunOptions& options_;
  NeighborOptions search_;
  std::string fingerprint_, asked_fingerprint_;
  FeatureMatrix matrix_, asked_;
  PhotoQueries photos_;
  std::vector<int64_t> chosen_;  // that may be found; empty: all
  std::optional<SiftedTable> sifted_;
  NeighborsRunReport report_;
};

}  // namespace

std::shared_ptr<arrow::Schema> NeighborsSchema() {
  return arrow::schema(
      {arrow::field("path", arrow::utf8()),
       arrow::field("neighbors",
                    arrow::struct_({arrow::field("ids", arrow::list(arrow::int64())),
                                    arrow::field("distances", arrow::list(arrow::float32()))}))});
}

Status NeighborsRunOptions::Validate() const {
  ARROW_RETURN_NOT_OK(CheckTableOptions(features, column, storage));
  ARROW_RETURN_NOT_OK(search.Validate());
  for (const std::string& photo : photos) ARROW_RETURN_NOT_OK(Uri::Parse(photo).status());
  if (!of.empty()) ARROW_RETURN_NOT_OK(Uri::Parse(of).status());
  if (!output.empty()) ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  if (!photos.empty() && !of.empty()) {
    return Status::Invalid("option `of` and photos exclude each other");
  }
  if (!model.empty() && photos.empty()) {
    return Status::Invalid("option `model` is for photos, and there are none");
  }
  if (!index.empty()) {
    NeighborIndexOptions of_index;
    of_index.features = features;
    of_index.index = index;
    ARROW_RETURN_NOT_OK(of_index.Validate());
  }
  ARROW_RETURN_NOT_OK(CheckWhere(where));
  return Status::OK();
}

Result<NeighborsRunReport> RunNeighbors(const NeighborsRunOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  try {
    return NeighborsRun(options).Execute();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the rows of ",
                               ShownUri(options.features));
  }
}

}  // namespace pomona
