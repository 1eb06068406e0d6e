#include "pomona/source/table_writer_name.h"

#include <algorithm>
#include <array>

namespace pomona {
namespace {

// A table remembers the rule that its source was listed by (see ListingRule). A name that is added
// here makes an image below it disappear from the tables that have it, so that an addition is
// another rule.
constexpr std::array<std::string_view, 14> kNames = {
    "_SUCCESS",                  // Hadoop: the job's end
    "_temporary",                // Hadoop: what tasks are writing
    "_logs",                     // Hadoop: a job's history
    "__magic",                   // Hadoop's committer on S3
    "_metadata",                 // Parquet: footers of all parts
    "_common_metadata",          // Parquet
    "_spark_metadata",           // Spark: a stream's log
    "_pomona",                   // ours
    "_delta_log",                // Delta Lake
    "_delta_index",              // Delta Lake: Bloom filters
    "_change_data",              // Delta Lake: the change feed
    "_symlink_format_manifest",  // Delta Lake: for Presto and Athena
    "_copy_into_log",            // Databricks: COPY INTO
    "_impala_insert_staging",    // Impala
};

constexpr std::array<std::string_view, 6> kBeginnings = {
    "_committed_",    // Databricks: a transaction's files
    "_started_",      // Databricks
    "__magic_job-",   // Hadoop's committer on S3, since 3.4
    "_tmp.",          // Hive: what a task is writing
    "_task_tmp.",     // Hive
    "_distcp_logs_",  // Hadoop: a copy's history
};

}  // namespace

bool IsTableWriterName(std::string_view name) {
  if (name.starts_with("part-")) return name.ends_with(".parquet");
  if (!name.starts_with('_')) return false;
  return std::ranges::find(kNames, name) != kNames.end() ||
         std::ranges::any_of(kBeginnings, [&](auto begin) { return name.starts_with(begin); });
}

}  // namespace pomona
