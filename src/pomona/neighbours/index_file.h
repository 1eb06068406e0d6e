#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/features/feature_matrix.h"
#include "pomona/linalg/sifting_copy.h"
#include "pomona/storage/whole_file.h"

namespace pomona {

/// Which table an index is of.
struct IndexRecord {
  std::string fingerprint;  ///< FeatureTable::fingerprint
  std::string column;       ///< that holds the features
  std::string made_of;      ///< FeatureTable::made_of
};

/// What an index holds, in memory or mapped. A value; cheap to copy.
struct IndexedRows {
  IndexRecord record;
  FeatureMatrix matrix;
  SiftingCopy copy;
  const uint64_t* checks = nullptr;   ///< [rows]: CheckOfRow of each
  std::shared_ptr<const void> keeps;  ///< what `copy` and `checks` view
};

/// Tells a row from one whose bytes were changed: the sum of its 32-bit words, word i times 2 i +
/// 1, modulo 2^64. Each change of one word changes it.
uint64_t CheckOfRow(const float* row, int64_t dim);

/// Makes what is beside the rows.
IndexedRows IndexRows(FeatureMatrix matrix, IndexRecord record, ThreadTeam& team);

/// Writes them as docs/format/index.md says. The same rows make the same bytes.
arrow::Status WriteIndex(const WholeFile& file, const IndexedRows& rows);

/// Maps the file at the local `path`, which was named as `uri`, and proves all but the features.
/// DamagedData: it is no index, damaged, or of another format. IOError: there is none.
arrow::Result<IndexedRows> ReadIndex(const std::string& path, const std::string& uri);

}  // namespace pomona
