#pragma once

#include <arrow/buffer.h>
#include <arrow/result.h>

#include <memory>
#include <string>

#include "pomona/classifier.h"

namespace pomona {

/// A classifier, and its file byte for byte.
struct ClassifierFile {
  Classifier classifier;
  std::shared_ptr<arrow::Buffer> bytes;
};

/// As LoadClassifier, with its errors.
arrow::Result<ClassifierFile> ReadClassifierFile(const std::string& path,
                                                 const StorageOptions& storage);

}  // namespace pomona
