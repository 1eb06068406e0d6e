#pragma once

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "pomona/table/manifest.h"
#include "pomona/table/part_rows.h"
#include "pomona/table/table_file.h"

namespace pomona {

/// Columns of the two tables that every part keeps beside its rows.
/// References: uri, size, mtime, version, label, reject, message: one row an image asked for.
std::shared_ptr<arrow::Schema> PartReferencesSchema();
/// Rejects: uri, label, reason, message, size.
std::shared_ptr<arrow::Schema> RejectsSchema();

/// One part: its rows, its references, its rejects. For one thread; destruction
/// without Commit leaves nothing visible.
class PartWriter {
 public:
  struct Options {
    PartId id;
    int generation = 0;
    std::string uuid;
    std::shared_ptr<PartRows> rows = FeaturesThemselves();
    std::shared_ptr<const arrow::KeyValueMetadata> metadata;  ///< of the data file's footer
  };
  static arrow::Result<std::unique_ptr<PartWriter>> Open(OutputStore& store, Options options);

  /// `batch`: FeatureSchema(), or what else Options::rows takes beside references and rejects.
  arrow::Status Append(const arrow::RecordBatch& batch);
  /// References so far.
  int64_t references() const { return references_->rows(); }

  /// Publishes references, then rejects, then rows. The part counts once the returned
  /// record is in the manifest; until then a rerun replaces these files.
  arrow::Result<PartRecord> Commit();

 private:
  PartWriter(OutputStore& store, Options options) : store_(store), options_(std::move(options)) {}
  arrow::Status AppendRejects(const arrow::RecordBatch& batch);

  OutputStore& store_;
  const Options options_;
  std::unique_ptr<TableFile> data_;
  std::unique_ptr<TableFile> references_;
  std::unique_ptr<TableFile> rejects_;  ///< made with the first reject
};

}  // namespace pomona
