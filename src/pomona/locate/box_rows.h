#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <memory>
#include <string>
#include <vector>

#include "pomona/locate/box_drawing.h"

namespace pomona {

/// The rows of Locate's file.
class BoxRows {
 public:
  BoxRows();
  ~BoxRows();

  /// A row a box; without one a row of the path alone.
  arrow::Status Add(const std::string& path, const std::vector<PixelBox>& boxes);
  arrow::Status AddReject(const std::string& path, const std::string& reason);

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Finish();

 private:
  struct Columns;
  const std::unique_ptr<Columns> columns_;
};

}  // namespace pomona
