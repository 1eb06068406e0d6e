#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <string>

namespace pomona {

/// Names inside an output, relative to it: docs/format/output.md. What Spark, pyarrow
/// and DuckDB must not read begins with an underscore.
inline constexpr char kSuccessFile[] = "_SUCCESS";
inline constexpr char kPomonaFolder[] = "_pomona";
/// Spark's committer works in it: it is there while a job runs or after it was killed.
inline constexpr char kTemporaryFolder[] = "_temporary";
inline constexpr char kRunFile[] = "_pomona/run.json";
inline constexpr char kReportFile[] = "_pomona/report.json";
/// The components, in an output of `pomona pca`: docs/format/pca.md.
inline constexpr char kPcaModelFile[] = "_pomona/pca.parquet";
inline constexpr char kManifestFolder[] = "_pomona/manifest";
inline constexpr char kReferencesFolder[] = "_pomona/references";
inline constexpr char kRejectsFolder[] = "_pomona/rejects";
inline constexpr char kLeaseFolder[] = "_pomona/lease";
inline constexpr char kStagingFolder[] = "_pomona/staging";

/// Which part, and how often it was rewritten (an update drops rows of deleted images).
struct PartId {
  int64_t index = 0;
  int revision = 0;
};

/// "part-00007-<uuid>-c000.snappy.parquet": Spark's form; c000 counts revisions.
std::string PartFileName(const PartId& id, const std::string& uuid);
std::string ReferencesFileName(const PartId& id);
std::string RejectsFileName(const PartId& id);
/// A manifest entry has the revision in its name too, so that a rewrite adds a file:
/// HDFS cannot replace one in a single step.
std::string PartEntryName(const PartId& id);

/// Checks an option that is a number of rows a file: Invalid, naming the field, unless it is 1 to
/// 1,048,576.
arrow::Status CheckRowsPerFile(int64_t rows);

/// Whether `name`, directly in the output, is a part of some run, ours or not.
bool IsPartFile(const std::string& name);
/// Whether it is a part of the run with this uuid.
bool IsPartFileOf(const std::string& name, const std::string& uuid);

}  // namespace pomona
