#include "pomona/features/parquet_table.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "pomona/base/thread_team.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_rows.h"
#include "pomona/features/made_of.h"
#include "pomona/features/ordered_batches.h"
#include "pomona/features/parquet_file.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Footers read at once: each waits for its store twice.
constexpr int kFootersAtOnce = 16;

Result<std::vector<ParquetFile>> OpenAll(const std::shared_ptr<arrow::fs::FileSystem>& filesystem,
                                         const std::vector<arrow::fs::FileInfo>& infos) {
  std::vector<std::optional<Result<ParquetFile>>> opened(infos.size());
  ThreadTeam(std::min(kFootersAtOnce, static_cast<int>(infos.size())))
      .Run(static_cast<int64_t>(infos.size()), [&](int64_t i) {
        opened[static_cast<size_t>(i)] =
            ParquetFile::Open(filesystem, infos[static_cast<size_t>(i)]);
      });
  std::vector<ParquetFile> files;
  for (auto& file : opened) {
    ARROW_RETURN_NOT_OK(file->status());
    files.push_back(std::move(**file));
  }
  return files;
}

Result<int> FindColumn(const ParquetFile& file, const std::string& name) {
  const int index = file.schema()->GetFieldIndex(name);
  if (index < 0) {
    std::string names;
    for (const auto& field : file.schema()->fields()) {
      names += (names.empty() ? "" : ", ") + field->name();
    }
    return Status::Invalid(ShownUri(file.path()), " has no column ", name, ", only ", names,
                           "\nhint: option `column` says which one holds the features");
  }
  const Status status = CheckFeatureType(*file.schema()->field(index)->type(), name);
  if (!status.ok()) return Status::Invalid(ShownUri(file.path()), ": ", status.message());
  return index;
}

/// The columns other than that of the features are the same, in name, type and place.
Status CheckSameColumns(const ParquetFile& first, const ParquetFile& other, int features) {
  const auto same = [&](int i) {
    const auto& a = *first.schema()->field(i);
    const auto& b = *other.schema()->field(i);
    return a.name() == b.name() && (i == features || a.type()->Equals(*b.type()));
  };
  bool all = first.schema()->num_fields() == other.schema()->num_fields();
  for (int i = 0; all && i < first.schema()->num_fields(); ++i) all = same(i);
  if (all) return Status::OK();
  return DamagedData(ShownUri(other.path()), " has other columns than ", ShownUri(first.path()));
}

/// Of the files that say how their features were made, all say the same.
Status CheckSameFeatures(const ParquetFile& first, const ParquetFile& other) {
  const auto differing = DifferingFeatures(first.made_of(), other.made_of());
  if (differing.empty()) return Status::OK();
  return DamagedData(ShownUri(other.path()), " has features of another kind than ",
                     ShownUri(first.path()), ": ", differing);
}

class ParquetTable : public FeatureTable {
 public:
  ParquetTable(std::vector<ParquetFile> files, int threads)
      : FeatureTable(files.front().schema()->WithMetadata(nullptr), files.front().spark_schema(),
                     files.front().made_of(), files.front().schema()->metadata()),
        files_(std::move(files)),
        threads_(threads) {}

  Result<std::unique_ptr<TableBatches>> Read(const std::vector<std::string>& columns) override {
    std::vector<int> places;
    for (const auto& name : columns) {
      places.push_back(schema()->GetFieldIndex(name));
      if (places.back() < 0) return Status::KeyError("no column ", name);
    }
    std::sort(places.begin(), places.end());
    return std::make_unique<OrderedBatches>(files_, std::move(places), threads_);
  }

 private:
  const std::vector<ParquetFile> files_;
  const int threads_;
};

}  // namespace

Result<std::unique_ptr<FeatureTable>> OpenParquetTable(
    std::shared_ptr<arrow::fs::FileSystem> filesystem, std::vector<arrow::fs::FileInfo> infos,
    const std::string& column, int threads) {
  ARROW_ASSIGN_OR_RAISE(auto files, OpenAll(filesystem, infos));
  ARROW_ASSIGN_OR_RAISE(const int features, FindColumn(files.front(), column));
  for (const auto& file : files) {
    ARROW_RETURN_NOT_OK(CheckSameColumns(files.front(), file, features));
    ARROW_RETURN_NOT_OK(CheckSameFeatures(files.front(), file));
    ARROW_RETURN_NOT_OK(FindColumn(file, column).status());
  }
  return std::make_unique<ParquetTable>(std::move(files), threads);
}

}  // namespace pomona
