#pragma once

#include <arrow/result.h>

#include <string>

#include "pomona/base/json.h"
#include "pomona/classifier.h"
#include "pomona/classify/classifier_fields.h"

namespace pomona {

/// DamagedData: what was read is no classifier.
arrow::Status NoClassifier(const std::string& why);

/// What a classifier's file says of one target beside its numbers: docs/format/classifier.md.
Json RecordOf(const Classifier& classifier);

/// The same, read; and what goes with the numbers.
struct ReadRecord {
  Classifier::Fields fields;  ///< as far as the record has them
  int64_t classes = 0;
  int64_t rank = 0;
};
arrow::Result<ReadRecord> FieldsOf(const Json& record);

}  // namespace pomona
