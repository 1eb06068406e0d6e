#include "pomona/extract/memory_feed.h"

#include <arrow/api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pomona/reject.h"

namespace pomona {
namespace {

using testing::HasSubstr;

/// Longer than what a binary_view holds in itself.
const std::string kLong(100, 'x');

/// "short", null, "" and kLong, as a slice.
std::shared_ptr<arrow::Array> Cells(const std::shared_ptr<arrow::DataType>& type) {
  auto builder = arrow::MakeBuilder(type).ValueOrDie();
  const auto append = [&](const std::string& text) {
    const auto cell = arrow::MakeScalar(type, arrow::Buffer::FromString(text)).ValueOrDie();
    EXPECT_TRUE(builder->AppendScalar(*cell).ok());
  };
  append("before");
  append("short");
  EXPECT_TRUE(builder->AppendNull().ok());
  append("");
  append(kLong);
  return builder->Finish().ValueOrDie()->Slice(1);
}

std::shared_ptr<arrow::RecordBatchReader> Reader(
    const std::vector<std::shared_ptr<arrow::Array>>& columns) {
  std::vector<std::shared_ptr<arrow::Field>> fields;
  for (const auto& column : columns) fields.push_back(arrow::field("content", column->type()));
  const auto schema = arrow::schema(fields);
  const int64_t rows = columns.empty() ? 0 : columns[0]->length();
  return arrow::RecordBatchReader::Make({arrow::RecordBatch::Make(schema, rows, columns)}, schema)
      .ValueOrDie();
}

arrow::Result<std::shared_ptr<arrow::Buffer>> Read(MemoryFeed& feed, int64_t row) {
  arrow::Result<std::shared_ptr<arrow::Buffer>> got = arrow::Status::UnknownError("not called");
  EXPECT_TRUE(feed.Read(row, [&](auto bytes) { got = std::move(bytes); }).ok());
  return got;
}

class MemoryFeedTest : public testing::TestWithParam<std::shared_ptr<arrow::DataType>> {};

TEST_P(MemoryFeedTest, GivesTheBytesOfEachCell) {
  auto feed = MemoryFeed::Make(Reader({Cells(GetParam())})).ValueOrDie();
  const auto batch = feed->Next().ValueOrDie();
  EXPECT_EQ(batch->num_rows(), 4);
  EXPECT_EQ(batch->num_columns(), 0);
  EXPECT_EQ(feed->size(0), 5);
  EXPECT_EQ(feed->size(1), 0);
  EXPECT_EQ(feed->size(3), 100);
  EXPECT_EQ(Read(*feed, 0).ValueOrDie()->ToString(), "short");
  EXPECT_EQ(RejectReasonOf(Read(*feed, 1).status()), RejectReason::kEmptyFile);
  EXPECT_EQ(Read(*feed, 2).ValueOrDie()->size(), 0);
  EXPECT_EQ(Read(*feed, 3).ValueOrDie()->ToString(), kLong);
  EXPECT_EQ(feed->counters().bytes, 105);
  EXPECT_EQ(feed->Next().ValueOrDie(), nullptr);
}

TEST_P(MemoryFeedTest, BytesStayWhereTheyAreAndOutliveTheirBatch) {
  auto column = Cells(GetParam());
  std::weak_ptr<arrow::Array> alive = column;
  auto feed = MemoryFeed::Make(Reader({column})).ValueOrDie();
  column.reset();
  ASSERT_NE(feed->Next().ValueOrDie(), nullptr);
  auto bytes = Read(*feed, 3).ValueOrDie();
  auto again = Read(*feed, 3).ValueOrDie();
  EXPECT_EQ(bytes->data(), again->data());
  again.reset();
  ASSERT_EQ(feed->Next().ValueOrDie(), nullptr);
  feed.reset();
  EXPECT_FALSE(alive.expired());
  EXPECT_EQ(bytes->ToString(), kLong);
  bytes.reset();
  EXPECT_TRUE(alive.expired());
}

INSTANTIATE_TEST_SUITE_P(Types, MemoryFeedTest,
                         testing::Values(arrow::binary(), arrow::large_binary(),
                                         arrow::binary_view()),
                         [](const auto& type) { return type.param->name(); });

TEST(MemoryFeedRefusal, OtherColumnsAreInvalid) {
  const auto binary = arrow::MakeEmptyArray(arrow::binary()).ValueOrDie();
  const auto text = arrow::MakeEmptyArray(arrow::utf8()).ValueOrDie();
  for (const auto& reader : {Reader({}), Reader({text}), Reader({binary, binary})}) {
    const auto status = MemoryFeed::Make(reader).status();
    EXPECT_TRUE(status.IsInvalid());
    EXPECT_THAT(status.message(), HasSubstr("one binary column"));
  }
}

}  // namespace
}  // namespace pomona
