#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pomona/table/layout.h"
#include "pomona/table/output_store.h"

namespace pomona {

/// One file of an output, as it was written.
struct FileRecord {
  std::string name;  ///< relative to the output
  int64_t rows = 0;
  int64_t bytes = 0;
  std::string sha256;  ///< hex
};

/// A committed part: its rows, its references (one per image asked for, in order), and
/// its rejects, if any. rows(data) + rows(rejects) == rows(references).
struct PartRecord {
  PartId id;
  int generation = 0;  ///< which pass wrote it: 0 the first, then one more per update
  FileRecord data;
  FileRecord references;
  std::optional<FileRecord> rejects;
};

/// What an output is made of and with: written once, before its first part.
struct RunRecord {
  std::string uuid;     ///< in every part's name
  std::string version;  ///< Pomona's
  /// Everything that decides the rows, resolved: source, model digest, precision, ...
  nlohmann::ordered_json options;
};

arrow::Result<RunRecord> ParseRunRecord(const std::string& text);
arrow::Result<PartRecord> ParsePartRecord(const std::string& text);
std::string ToJson(const RunRecord& run);
std::string ToJson(const PartRecord& part);

/// The log of an output: `_pomona/run.json` and one small file per committed part, so
/// that a commit is the appearance of one file on every kind of store. Of a part that was
/// rewritten the highest revision counts; an entry of zero bytes does not count (Azure
/// shows one while an upload is under way).
/// Memory: about 600 bytes a part. For one thread.
class Manifest {
 public:
  /// nullopt if the output has none. DamagedData if it is damaged.
  static arrow::Result<std::optional<Manifest>> Load(const OutputStore& store);
  /// Starts the log of a new output.
  static arrow::Result<Manifest> Begin(OutputStore& store, RunRecord run);

  const RunRecord& run() const { return run_; }
  const std::vector<PartRecord>& parts() const { return parts_; }
  /// 0 for an empty log.
  int last_generation() const;

  /// Appends (index == parts().size()) or replaces a part. After it, the part is committed.
  arrow::Status Commit(OutputStore& store, PartRecord part);

 private:
  explicit Manifest(RunRecord run) : run_(std::move(run)) {}

  RunRecord run_;
  std::vector<PartRecord> parts_;
};

/// "precision: f32 in the output, bf16 now" for every option that differs, in order.
std::vector<std::string> DifferingOptions(const nlohmann::ordered_json& in_output,
                                          const nlohmann::ordered_json& now);

}  // namespace pomona
