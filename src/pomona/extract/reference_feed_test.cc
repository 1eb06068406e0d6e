#include "pomona/extract/reference_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "pomona/list.h"
#include "pomona/reject.h"
#include "temp_folder.h"
#include "test_rows.h"

namespace pomona {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int64_t kMaxBytes = 100;

std::unique_ptr<ReferenceFeed> Feed(const std::shared_ptr<arrow::RecordBatch>& batch) {
  const auto reader = arrow::RecordBatchReader::Make({batch}, batch->schema()).ValueOrDie();
  return ReferenceFeed::Make(reader, StorageOptions{}, 4, kMaxBytes).ValueOrDie();
}

arrow::Result<std::string> Read(ReferenceFeed& feed, int64_t row) {
  std::promise<arrow::Result<std::string>> promise;
  EXPECT_TRUE(feed.Read(row,
                        [&](auto bytes) {
                          promise.set_value(bytes.ok()
                                                ? arrow::Result((*bytes)->ToString())
                                                : arrow::Result<std::string>(bytes.status()));
                        })
                  .ok());
  return promise.get_future().get();
}

/// References that know nothing but URIs ("" is null), as a column of paths gives them.
std::shared_ptr<arrow::RecordBatch> Paths(const std::vector<std::string>& uris) {
  arrow::StringBuilder builder;
  for (const std::string& uri : uris) {
    EXPECT_TRUE((uri.empty() ? builder.AppendNull() : builder.Append(uri)).ok());
  }
  arrow::ArrayVector columns = {*builder.Finish()};
  const auto rows = static_cast<int64_t>(uris.size());
  for (int i = 1; i < ReferenceSchema()->num_fields(); ++i) {
    columns.push_back(*arrow::MakeArrayOfNull(ReferenceSchema()->field(i)->type(), rows));
  }
  return arrow::RecordBatch::Make(ReferenceSchema(), rows, columns);
}

TEST(ReferenceFeedTest, UnknownSizesAreCutOffAtTheLimit) {
  const TempFolder folder;
  auto feed = Feed(Paths({folder.Write("large", std::string(kMaxBytes + 1, 'x')),
                          folder.Write("fits", std::string(kMaxBytes, 'x'))}));
  ASSERT_TRUE(feed->Next().ok());
  const auto large = Read(*feed, 0).status();
  EXPECT_EQ(RejectReasonOf(large), RejectReason::kTooManyBytes) << large;
  EXPECT_EQ(large.message(), "101 bytes, limit 100");
  EXPECT_EQ(Read(*feed, 1)->size(), static_cast<size_t>(kMaxBytes));
}

TEST(ReferenceFeedTest, UnknownSizesAreReadWholeHoweverTheFileIsWritten) {
  const TempFolder folder;
  const std::string path = folder.Write("100%/a%20b: c#.jpg", "bytes");
  auto feed = Feed(Paths({path, "file:" + path, "file://" + path}));
  const auto batch = feed->Next().ValueOrDie();
  ASSERT_EQ(batch->num_rows(), 3);
  for (int64_t row = 0; row < 3; ++row) {
    EXPECT_EQ(feed->size(row), kUnknownSize);
    EXPECT_EQ(Read(*feed, row).ValueOrDie(), "bytes") << row;
  }
  EXPECT_EQ(feed->counters().requests, 3);
  EXPECT_EQ(feed->counters().bytes, 15);
}

TEST(ReferenceFeedTest, WhatIsKnownIsCompared) {
  const TempFolder folder;
  const std::string path = folder.Write("a.jpg", "bytes");
  std::vector<TestRow> rows(4, {.uri = path, .size = 5, .mtime_us = 1});
  rows[1].size = -1;
  rows[2].size = 6;
  rows[2].mtime_us = rows[3].mtime_us = 0;
  auto feed = Feed(ReferenceBatch(rows).ValueOrDie());
  ASSERT_NE(feed->Next().ValueOrDie(), nullptr);
  for (const int64_t row : {0, 1, 2}) {
    EXPECT_EQ(RejectReasonOf(Read(*feed, row).status()), RejectReason::kChanged) << row;
  }
  EXPECT_EQ(feed->size(1), kUnknownSize);
  EXPECT_EQ(Read(*feed, 3).ValueOrDie(), "bytes");
}

TEST(ReferenceFeedTest, WhatIsNoFileIsRejected) {
  const TempFolder folder;
  folder.Write("folder/a.jpg", "bytes");
  auto feed = Feed(Paths({"", folder.string() + "/gone.jpg", folder.string() + "/folder"}));
  ASSERT_NE(feed->Next().ValueOrDie(), nullptr);
  EXPECT_EQ(RejectReasonOf(Read(*feed, 0).status()), RejectReason::kNotFound);
  EXPECT_EQ(RejectReasonOf(Read(*feed, 1).status()), RejectReason::kNotFound);
  EXPECT_EQ(RejectReasonOf(Read(*feed, 2).status()), RejectReason::kIoError);
}

TEST(ReferenceFeedTest, SlicesKeepTheirRows) {
  const TempFolder folder;
  std::vector<TestRow> rows;
  for (int i = 0; i < 6; ++i) {
    const std::string text(static_cast<size_t>(i), 'x');
    rows.push_back({.uri = folder.Write(std::to_string(i), text), .size = i, .mtime_us = 0});
  }
  auto feed = Feed(ReferenceBatch(rows).ValueOrDie()->Slice(2, 3));
  ASSERT_EQ(feed->Next().ValueOrDie()->num_rows(), 3);
  EXPECT_EQ(feed->size(2), 4);
  EXPECT_EQ(Read(*feed, 0).ValueOrDie(), "xx");
}

TEST(ReferenceFeedTest, AnAddressOfNoStoreIsARejectAndTheOthersAreRead) {
  const TempFolder folder;
  const std::string path = folder.Write("a.jpg", "bytes");
  const std::vector<std::string> bad = {
      "ftp://host/a.jpg",   "http://host/a.jpg", "s3n://bucket/a",
      "viewfs://cluster/a", "wasbs://c@a/x",     "s3a://",
      "s3a:///key",         "dbfs:/a.jpg",       "file://host/a.jpg",
      "hdfs://host:port/a", "gs://a:b/x",        "abfs://container/x"};
  std::vector<std::string> uris = bad;
  uris.push_back(path);
  auto feed = Feed(Paths(uris));
  ASSERT_NE(feed->Next().ValueOrDie(), nullptr);
  for (size_t row = 0; row < bad.size(); ++row) {
    const auto status = Read(*feed, static_cast<int64_t>(row)).status();
    EXPECT_EQ(RejectReasonOf(status), RejectReason::kBadAddress) << bad[row];
  }
  EXPECT_THAT(Read(*feed, 1).status().message(), HasSubstr("unknown scheme `http`"));
  EXPECT_EQ(Read(*feed, static_cast<int64_t>(bad.size())).ValueOrDie(), "bytes");
}

TEST(ReferenceFeedTest, SchemesAreTakenInAnyCase) {
  const TempFolder folder;
  const std::string path = folder.Write("a.jpg", "bytes");
  auto feed = Feed(Paths({"FILE:" + path, "File://" + path}));
  ASSERT_NE(feed->Next().ValueOrDie(), nullptr);
  for (const int64_t row : {0, 1}) EXPECT_EQ(Read(*feed, row).ValueOrDie(), "bytes");
}

TEST(ReferenceFeedTest, AFileThatIsNotThereByAnEncodedNameSaysSo) {
  const TempFolder folder;
  folder.Write("Apple Braeburn/a.jpg", "bytes");
  auto feed = Feed(Paths({"file:" + folder.string() + "/Apple%20Braeburn/a.jpg",
                          "file:" + folder.string() + "/100% Apple.jpg"}));
  ASSERT_NE(feed->Next().ValueOrDie(), nullptr);
  const auto encoded = Read(*feed, 0).status();
  EXPECT_EQ(RejectReasonOf(encoded), RejectReason::kNotFound);
  EXPECT_THAT(encoded.message(), HasSubstr("percent-encoded"));
  EXPECT_THAT(Read(*feed, 1).status().message(), Not(HasSubstr("percent-encoded")));
}

TEST(ReferenceFeedTest, ColumnsAreRequiredButNotTheirNullability) {
  auto fields = ReferenceSchema()->fields();
  for (auto& field : fields) field = field->WithNullable(false);
  const auto strict = arrow::schema(fields);
  const auto of = [](const std::shared_ptr<arrow::Schema>& schema) {
    return ReferenceFeed::Make(arrow::RecordBatchReader::Make({}, schema).ValueOrDie(),
                               StorageOptions{}, 4, kMaxBytes)
        .status();
  };
  EXPECT_TRUE(of(strict).ok());
  EXPECT_TRUE(of(arrow::schema({fields[0]})).IsInvalid());
  fields[1] = arrow::field("size", arrow::int32());
  EXPECT_TRUE(of(arrow::schema(fields)).IsInvalid());
}

}  // namespace
}  // namespace pomona
