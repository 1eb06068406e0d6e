#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace pomona {

/// Names inside an output, relative to it: docs/format/output.md. What Spark, pyarrow
/// and DuckDB must not read begins with an underscore.
inline constexpr char kSuccessFile[] = "_SUCCESS";
inline constexpr char kPomonaFolder[] = "_pomona";
/// Spark's committer works in it: it is there while a job runs or after it was killed.
inline constexpr char kTemporaryFolder[] = "_temporary";
inline constexpr char kReportFile[] = "_pomona/report.json";
/// The components, in an output of `pomona pca`: docs/format/pca.md.
inline constexpr char kPcaModelFile[] = "_pomona/pca.parquet";
/// What answered, in an output of `pomona predict`: docs/format/classifier.md.
inline constexpr char kClassifierFile[] = "_pomona/classifier.parquet";
inline constexpr char kStatesFolder[] = "_pomona/states";
inline constexpr char kReferencesFolder[] = "_pomona/references";
inline constexpr char kRejectsFolder[] = "_pomona/rejects";
inline constexpr char kLeaseFolder[] = "_pomona/lease";
inline constexpr char kStagingFolder[] = "_pomona/staging";
/// What tables of 0.1.0 have instead of states.
inline constexpr char kRunFile[] = "_pomona/run.json";
inline constexpr char kManifestFolder[] = "_pomona/manifest";

/// The highest number of a state and of an epoch: names have no room for another.
inline constexpr int kLastNumber = 999'999'999;

/// Which part, and the epoch of the run that wrote it: an update drops rows of deleted images. So
/// no run ever writes to a name that another one wrote to.
struct PartId {
  int64_t index = 0;
  int epoch = 0;
};

/// "part-00007-<uuid>-c000.snappy.parquet": Spark's form; c000 is the epoch.
std::string PartFileName(const PartId& id, const std::string& uuid);
std::string ReferencesFileName(const PartId& id);
std::string RejectsFileName(const PartId& id);
/// The name of a part's entry in a table of 0.1.0.
std::string PartEntryName(const PartId& id);

/// "_pomona/states/00000007.jsonl".
std::string StateFileName(int64_t number);
/// -1 if it is no state's name.
int64_t StateNumberOf(std::string_view name);
/// "_pomona/states/segment-00003-00000007-c002.jsonl": the entries of the parts from 3 x 1,024 on,
/// as of state 7.
std::string SegmentFileName(int64_t place, int64_t state, int epoch);
bool IsSegmentFile(std::string_view name);
/// "_pomona/lease/00000002.json".
std::string ClaimFileName(int epoch);
/// -1 if it is no claim's name.
int ClaimEpochOf(std::string_view name);

/// Checks an option that is a number of rows a file: Invalid, naming the field, unless it is 1 to
/// 1,048,576.
arrow::Status CheckRowsPerFile(int64_t rows);

/// Whether `name`, directly in the output, is a part of some run, ours or not.
bool IsPartFile(const std::string& name);
/// Whether it is a part of the run with this uuid.
bool IsPartFileOf(const std::string& name, const std::string& uuid);
/// Whether `name`, relative to the output, is one that a run of ours gives to a file, half written
/// ones in staging included: nothing else is ever removed, but parts of whoever's run where a table
/// is replaced. "part-00007-<uuid>-c000.snappy.parquet", "_pomona/lease/<uuid>-3.json".
bool IsOwnFile(std::string_view name);
/// The epoch in the name of a part of ours; -1 if it has none.
int PartEpochOf(const std::string& name);
/// Whether `text` is an id as NewUuid makes them.
bool IsUuid(std::string_view text);

}  // namespace pomona
