#include "pomona/features/feature_rows.h"

#include <arrow/api.h>
#include <arrow/json/from_string.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::shared_ptr<arrow::DataType> Vectors() {
  return arrow::struct_({
      arrow::field("type", arrow::int8(), false),
      arrow::field("size", arrow::int32()),
      arrow::field("indices", arrow::list(arrow::field("element", arrow::int32(), false))),
      arrow::field("values", arrow::list(arrow::field("element", arrow::float64(), false))),
  });
}

std::shared_ptr<arrow::Array> Column(const std::shared_ptr<arrow::DataType>& type,
                                     const std::string& json) {
  return arrow::json::ArrayFromJSONString(type, json).ValueOrDie();
}

std::vector<double> Values(const FeatureRows& rows) {
  return rows.Visit([&](const auto* values, int64_t count) {
    return std::vector<double>(values, values + count * rows.dim());
  });
}

std::string Why(const std::shared_ptr<arrow::Array>& column, int64_t dim = 0) {
  return FeatureRows::Make(*column, dim, 10).status().message();
}

class ListTypes : public testing::TestWithParam<std::shared_ptr<arrow::DataType>> {};

INSTANTIATE_TEST_SUITE_P(All, ListTypes,
                         testing::Values(arrow::list(arrow::float32()),
                                         arrow::list(arrow::float64()),
                                         arrow::list(arrow::field("array", arrow::float32())),
                                         arrow::large_list(arrow::float32()),
                                         arrow::fixed_size_list(arrow::float64(), 2)),
                         [](const auto& tested) {
                           return "Number" + std::to_string(tested.index);
                         });

TEST_P(ListTypes, AreViewedWithoutACopy) {
  const auto column = Column(GetParam(), "[[1, 2], [3, 4], [5, 6]]");
  ASSERT_TRUE(CheckFeatureType(*column->type(), "features").ok());
  const auto rows = FeatureRows::Make(*column, 0, 0).ValueOrDie();
  EXPECT_EQ(rows.dim(), 2);
  EXPECT_THAT(Values(rows), ElementsAre(1, 2, 3, 4, 5, 6));
  const auto slice = FeatureRows::Make(*column->Slice(1, 1), 2, 0).ValueOrDie();
  EXPECT_THAT(Values(slice), ElementsAre(3, 4));
}

TEST_P(ListTypes, NullRowsAreSkippedAndCounted) {
  const auto column = Column(GetParam(), "[null, [1, 2], null, [3, 4]]");
  const auto rows = FeatureRows::Make(*column, 0, 0).ValueOrDie();
  EXPECT_EQ(rows.skipped(), 2);
  EXPECT_THAT(Values(rows), ElementsAre(1, 2, 3, 4));
  const auto none = FeatureRows::Make(*column->Slice(2, 1), 2, 0).ValueOrDie();
  EXPECT_EQ(none.rows(), 0);
}

TEST_P(ListTypes, WhatIsNoNumberIsNamed) {
  EXPECT_THAT(Why(Column(GetParam(), "[[1, 2], null, [3, null]]")),
              HasSubstr("row 12 has null as feature 1"));
  EXPECT_THAT(Why(Column(GetParam(), "[[1, 2], null, [NaN, 1]]")),
              HasSubstr("row 12 has nan as feature 0"));
  EXPECT_THAT(Why(Column(GetParam(), "[[1, 2], [1, -Inf]]")),
              HasSubstr("row 11 has -inf as feature 1"));
}

TEST(FeatureRows, AnotherLengthIsNamed) {
  const auto column = Column(arrow::list(arrow::float32()), "[[1, 2], [1, 2, 3], []]");
  EXPECT_THAT(Why(column), HasSubstr("row 11 has 3 features, others have 2"));
  EXPECT_THAT(Why(column, 3), HasSubstr("row 10 has 2 features, others have 3"));
  EXPECT_THAT(Why(column->Slice(2)), HasSubstr("row 10 has no features"));
}

TEST(FeatureRows, SparkVectorsDenseAndSparse) {
  const auto column = Column(Vectors(), R"([
      {"type": 1, "values": [1, 2, 3]},
      null,
      {"type": 0, "size": 3, "indices": [2], "values": [9]},
      {"type": 0, "size": 3, "indices": [], "values": []}])");
  const auto rows = FeatureRows::Make(*column, 0, 0).ValueOrDie();
  EXPECT_EQ(rows.dim(), 3);
  EXPECT_EQ(rows.skipped(), 1);
  EXPECT_THAT(Values(rows), ElementsAre(1, 2, 3, 0, 0, 9, 0, 0, 0));
  const auto sparse = FeatureRows::Make(*column->Slice(2, 1), 0, 0).ValueOrDie();
  EXPECT_THAT(Values(sparse), ElementsAre(0, 0, 9));
}

TEST(FeatureRows, WrongVectorsAreNamed) {
  EXPECT_THAT(Why(Column(Vectors(), R"([{"type": 1, "values": [1, 2]},
                                        {"type": 0, "size": 3, "indices": [], "values": []}])")),
              HasSubstr("row 11 has 3 features, others have 2"));
  for (const char* indices : {"[3]", "[-1]", "[]"}) {
    const auto column = Column(Vectors(), std::string(R"([{"type": 0, "size": 3, "indices": )") +
                                              indices + R"(, "values": [1]}])");
    EXPECT_THAT(Why(column), HasSubstr("row 10 is no sparse vector of 3 features")) << indices;
  }
}

TEST(FeatureRows, OtherTypesAreRefused) {
  for (const auto& type :
       {arrow::float32(), arrow::list(arrow::int32()), arrow::utf8(), arrow::list(arrow::utf8()),
        arrow::struct_({arrow::field("values", arrow::list(arrow::float64()))})}) {
    EXPECT_THAT(CheckFeatureType(*type, "label").message(),
                HasSubstr("column label holds no features: " + type->ToString()));
  }
}

}  // namespace
}  // namespace pomona
