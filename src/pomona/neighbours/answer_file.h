#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pomona/storage.h"
#include "pomona/storage/whole_file.h"

namespace pomona {

/// Rows of an answer's batches.
inline constexpr int64_t kAnswerRows = 65'536;

/// A file that an answer goes to, if one was asked for.
class AnswerFile {
 public:
  /// `uri` may be empty: nothing is written then. Finds out whether it can be, as
  /// WholeFile::CheckCanPut does, and changes nothing.
  static arrow::Result<AnswerFile> At(const std::string& uri, bool overwrite,
                                      const StorageOptions& storage);

  /// As Parquet, a row group a batch, with `record` under the key "pomona." + `name` of the footer.
  arrow::Status PutTable(const std::shared_ptr<arrow::Schema>& schema,
                         const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches,
                         const std::string& name, const std::string& record) const;
  arrow::Status PutText(const std::string& text) const;

 private:
  explicit AnswerFile(std::optional<WholeFile> file) : file_(std::move(file)) {}

  std::optional<WholeFile> file_;
};

}  // namespace pomona
