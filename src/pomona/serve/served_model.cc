#include "pomona/serve/served_model.h"

#include <arrow/array.h>
#include <arrow/array/array_binary.h>
#include <arrow/array/array_nested.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "pomona/base/environment.h"
#include "pomona/base/sha256.h"
#include "pomona/base/uuid.h"
#include "pomona/classify/classifier_file.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_table.h"
#include "pomona/features/made_here.h"
#include "pomona/features/made_of.h"
#include "pomona/predict/feature_options.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kColumn[] = "features";

/// Cells that lie where the photos lie.
std::shared_ptr<arrow::RecordBatch> CellsOf(const Photos& photos) {
  using View = arrow::BinaryViewType::c_type;
  arrow::BufferVector data;
  auto views = arrow::AllocateBuffer(std::ssize(photos) * int64_t{sizeof(View)}).ValueOrDie();
  auto* cells = reinterpret_cast<View*>(views->mutable_data());
  for (size_t i = 0; i < photos.size(); ++i) {
    const std::string_view bytes(*photos[i]);
    const auto size = static_cast<int32_t>(bytes.size());
    View& cell = cells[i];
    cell = {};
    if (size <= arrow::BinaryViewType::kInlineSize) {
      cell.inlined = {.size = size, .data = {}};
      std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(cell.inlined.data.data()));
    } else {
      cell.ref = {.size = size,
                  .prefix = {},
                  .buffer_index = static_cast<int32_t>(data.size()),
                  .offset = 0};
      std::copy_n(bytes.begin(), arrow::BinaryViewType::kPrefixSize,
                  reinterpret_cast<char*>(cell.ref.prefix.data()));
      data.push_back(photos[i]);
    }
  }
  const auto array = std::make_shared<arrow::BinaryViewArray>(
      arrow::binary_view(), std::ssize(photos), std::move(views), std::move(data));
  return arrow::RecordBatch::Make(arrow::schema({arrow::field("image", arrow::binary_view())}),
                                  std::ssize(photos), {array});
}

Status TroubleOf(const arrow::RecordBatch& rows, int64_t row, bool one_of_several) {
  const auto text = [&](const char* column) {
    return static_cast<const arrow::StringArray&>(*rows.GetColumnByName(column)).GetString(row);
  };
  const auto reason = ParseRejectCode(text("reject")).value_or(RejectReason::kCorrupt);
  const std::string which = one_of_several ? "photo " + std::to_string(row + 1) + ": " : "";
  return Rejected(reason, which + text("message"));
}

Result<std::shared_ptr<Extractor>> ExtractorFor(const Classifier& classifier,
                                                const ServeOptions& options) {
  ARROW_ASSIGN_OR_RAISE(ExtractOptions extract, FeatureOptionsFor(classifier, options.classifier,
                                                                  options.model, options.extract));
  // A phone writes down how it was held, and turns no pixel.
  extract.image.exif_rotate = true;
  ARROW_ASSIGN_OR_RAISE(auto extractor, Extractor::Load(extract));
  const std::string differing = DifferingFromHere(classifier.features(), *extractor);
  if (differing.empty()) return extractor;
  return Status::Invalid("the classifier ", ShownUri(options.classifier),
                         " learned from features of another kind than can be made here: ",
                         differing, "\nhint: option `model` names the file of its network");
}

Status CheckTable(const std::string& made_of, const Classifier& classifier,
                  const ServeOptions& options) {
  const std::string differing = DifferingFeatures(classifier.features(), made_of);
  if (differing.empty()) return Status::OK();
  return Status::Invalid("the classifier ", ShownUri(options.classifier), " and the table ",
                         ShownUri(options.table),
                         " are of features of different kinds: ", differing);
}

/// Without a file of its own, the index is in one that has no name any more.
Result<NeighborIndex> OpenIndex(const ServeOptions& options) {
  NeighborIndexOptions index = {.features = options.table,
                                .index = options.index,
                                .column = kColumn,
                                .threads = options.extract.threads,
                                .storage = options.extract.storage,
                                .stop = options.extract.stop};
  if (!index.index.empty()) return NeighborIndex::Open(index);
  const std::string folder = FirstInEnvironment({"TMPDIR"});
  index.index = (folder.empty() ? "/tmp" : folder) + "/pomona-" + NewUuid() + ".index";
  auto opened = NeighborIndex::Open(index);
  std::error_code none;
  std::filesystem::remove(index.index, none);
  return opened;
}

}  // namespace

Result<std::shared_ptr<const ServedModel>> ServedModel::Load(const ServeOptions& options,
                                                             const ServedModel* before) {
  ARROW_ASSIGN_OR_RAISE(const auto file,
                        ReadClassifierFile(options.classifier, options.extract.storage));
  std::shared_ptr<ServedModel> served(
      new ServedModel(file.classifiers, ToHex(Sha256Of(std::string_view(*file.bytes)))));
  const Classifier& classifier = served->classifiers_.front();
  const bool same_features =
      before != nullptr && before->classifiers_.front().features() == classifier.features();
  if (same_features) {
    served->extractor_ = before->extractor_;
  } else {
    ARROW_ASSIGN_OR_RAISE(served->extractor_, ExtractorFor(classifier, options));
  }
  if (served->extractor_->feature_dim() != classifier.dim()) {
    return Status::Invalid("the classifier ", ShownUri(options.classifier), " learned from ",
                           classifier.dim(), " features, its network gives ",
                           served->extractor_->feature_dim());
  }
  if (options.table.empty()) return served;
  if (before != nullptr) {
    served->table_ = before->table_;
    served->table_made_of_ = before->table_made_of_;
    ARROW_RETURN_NOT_OK(CheckTable(served->table_made_of_, classifier, options));
  } else {
    ARROW_ASSIGN_OR_RAISE(
        const auto table,
        FeatureTable::Open(
            {.uri = options.table, .column = kColumn, .storage = options.extract.storage}));
    served->table_made_of_ = table->made_of();
    ARROW_RETURN_NOT_OK(CheckTable(served->table_made_of_, classifier, options));
    ARROW_ASSIGN_OR_RAISE(served->table_, OpenIndex(options));
  }
  if (served->table_->dim() == classifier.dim()) return served;
  return Status::Invalid("the classifier ", ShownUri(options.classifier), " learned from ",
                         classifier.dim(), " features, the rows of ", ShownUri(options.table),
                         " have ", served->table_->dim());
}

Result<PhotoFeatures> ServedModel::Features(const Photos& photos, ExtractCounters* done) const {
  const auto cells = CellsOf(photos);
  ARROW_ASSIGN_OR_RAISE(auto images, arrow::RecordBatchReader::Make({cells}, cells->schema()));
  ARROW_ASSIGN_OR_RAISE(const auto stream, extractor_->ExtractImages(std::move(images)));
  std::shared_ptr<arrow::RecordBatch> rows;
  ARROW_RETURN_NOT_OK(stream->ReadNext(&rows));
  *done = stream->counters();
  PhotoFeatures made = {.values = {}, .dim = classifiers_.front().dim()};
  const auto& lists = static_cast<const arrow::ListArray&>(*rows->GetColumnByName(kColumn));
  const auto& values = static_cast<const arrow::FloatArray&>(*lists.values());
  for (int64_t row = 0; row < rows->num_rows(); ++row) {
    if (lists.IsNull(row)) return TroubleOf(*rows, row, rows->num_rows() > 1);
    const float* first = values.raw_values() + lists.value_offset(row);
    made.values.insert(made.values.end(), first, first + made.dim);
  }
  return made;
}

Result<std::vector<NearPhoto>> ServedModel::Nearest(const PhotoFeatures& photos, int64_t k) const {
  NeighborOptions search;
  search.k = std::min(k, table_->rows());
  search.threads = 1;  // other requests have the other cores
  ARROW_ASSIGN_OR_RAISE(const Neighbors found,
                        table_->Find({.values = photos.values, .dim = photos.dim}, search));
  std::map<int64_t, float> least;
  for (size_t i = 0; i < found.ids.size(); ++i) {
    const auto [at, is_new] = least.emplace(found.ids[i], found.distances[i]);
    if (!is_new) at->second = std::min(at->second, found.distances[i]);
  }
  std::vector<std::pair<float, int64_t>> order;
  for (const auto& [row, distance] : least) order.emplace_back(distance, row);
  std::ranges::sort(order);
  order.resize(std::min(order.size(), static_cast<size_t>(search.k)));
  std::vector<NearPhoto> rows;
  for (const auto& [distance, row] : order) {
    rows.push_back(
        {.path = table_->path(row), .label = table_->label(row), .row = row, .distance = distance});
  }
  return rows;
}

}  // namespace pomona
