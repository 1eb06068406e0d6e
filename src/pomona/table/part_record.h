#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pomona/table/layout.h"

namespace pomona {

/// One file of an output, as it was written.
struct FileRecord {
  std::string name;  ///< relative to the output
  int64_t rows = 0;
  int64_t bytes = 0;
  std::string sha256;  ///< hex
};

/// A committed part: its rows, and where they were extracted from images its references (one per
/// image asked for, in order) and its rejects, if any: then rows(data) + rows(rejects) ==
/// rows(references).
struct PartRecord {
  PartId id;
  int generation = 0;  ///< which pass wrote it: 0 the first, then one more per update
  FileRecord data;
  std::optional<FileRecord> references;
  std::optional<FileRecord> rejects;
};

/// What a table is made of and with: the same in all of its states.
struct RunRecord {
  std::string uuid;     ///< in every part's name
  std::string version;  ///< Pomona's that began it
  /// Everything that decides the rows, resolved, as the text of a JSON object: source, model
  /// digest, precision, ...
  std::string options;
  std::vector<FileRecord> files = {};  ///< that belong to the table beside its parts: a PCA's model

  /// Whether it is made of a table rather than of images: a run that did not end begins anew.
  bool is_derived() const;
};

/// In one line.
std::string ToJson(const PartRecord& part);
std::string ToJson(const RunRecord& run);
/// DamagedData if it is none.
arrow::Result<PartRecord> ParsePartRecord(const std::string& text);
arrow::Result<RunRecord> ParseRunRecord(const std::string& text);

/// "precision: f32 in the output, bf16 now" for every option that differs, in order, of two
/// texts as RunRecord has them.
std::vector<std::string> DifferingOptions(const std::string& in_output, const std::string& now);

}  // namespace pomona
