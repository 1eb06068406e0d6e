#pragma once

#include <arrow/buffer.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/classifier.h"

namespace pomona {

/// The classifiers of a file, and the file byte for byte.
struct ClassifierFile {
  std::vector<Classifier> classifiers;  ///< one a target; not empty
  std::shared_ptr<arrow::Buffer> bytes;

  int64_t rows() const;  ///< of the file: classes of all targets
};

/// As LoadClassifiers, with its errors.
arrow::Result<ClassifierFile> ReadClassifierFile(const std::string& path,
                                                 const StorageOptions& storage);

}  // namespace pomona
