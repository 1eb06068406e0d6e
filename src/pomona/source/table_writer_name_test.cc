#include "pomona/source/table_writer_name.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(TableWriterName, what_programs_put_beside_a_table) {
  for (const char* name : {"_SUCCESS",
                           "_temporary",
                           "_logs",
                           "__magic",
                           "__magic_job-0001",
                           "_metadata",
                           "_common_metadata",
                           "_spark_metadata",
                           "_pomona",
                           "_delta_log",
                           "_delta_index",
                           "_change_data",
                           "_symlink_format_manifest",
                           "_copy_into_log",
                           "_impala_insert_staging",
                           "_committed_8123",
                           "_started_8123",
                           "_tmp.-ext-10000",
                           "_task_tmp.-ext-10000",
                           "_distcp_logs_x",
                           "part-00000-0f3a-c000.snappy.parquet"}) {
    EXPECT_TRUE(IsTableWriterName(name)) << name;
  }
}

TEST(TableWriterName, not_what_cameras_and_people_write) {
  for (const char* name : {"_DSC0002.JPG", "_MG_0003.JPG", "_unknown_", "_", "__", "_metadata.jpg",
                           "_SUCCESS.jpg", "_success", "part-1.jpg", "part-1", "a_temporary", ""}) {
    EXPECT_FALSE(IsTableWriterName(name)) << name;
  }
}

}  // namespace
}  // namespace pomona
