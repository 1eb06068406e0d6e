#include "pomona/table/table_schema.h"

#include <arrow/api.h>
#include <arrow/json/from_string.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace pomona {
namespace {

std::shared_ptr<arrow::Array> Lists(const std::string& json) {
  return arrow::json::ArrayFromJSONString(arrow::list(arrow::field("element", arrow::float32())),
                                          json)
      .ValueOrDie();
}

std::shared_ptr<arrow::Array> Vectors(const std::shared_ptr<arrow::Array>& lists) {
  auto vectors = FormatFeatures(lists, FeatureFormat::kVector).ValueOrDie();
  EXPECT_TRUE(vectors->ValidateFull().ok()) << vectors->ValidateFull().ToString();
  return vectors;
}

std::shared_ptr<arrow::Array> ExpectedVectors(const std::string& json) {
  return arrow::json::ArrayFromJSONString(
             TableSchema(FeatureFormat::kVector)->GetFieldByName("features")->type(), json)
      .ValueOrDie();
}

TEST(TableSchema, IsWhatSparkWrites) {
  const auto schema = TableSchema(FeatureFormat::kArray);
  EXPECT_EQ(schema->ToString(), "path: string\nlabel: string\nfeatures: list<element: float>");
  for (const auto& field : schema->fields()) EXPECT_TRUE(field->nullable());
}

TEST(SparkRowMetadata, OfAnArray) {
  EXPECT_EQ(
      SparkRowMetadata(*TableSchema(FeatureFormat::kArray)),
      R"({"type":"struct","fields":[)"
      R"({"name":"path","type":"string","nullable":true,"metadata":{}},)"
      R"({"name":"label","type":"string","nullable":true,"metadata":{}},)"
      R"({"name":"features","type":{"type":"array","elementType":"float","containsNull":true},)"
      R"("nullable":true,"metadata":{}}]})");
}

TEST(SparkRowMetadata, OfAVector) {
  EXPECT_EQ(
      SparkRowMetadata(*TableSchema(FeatureFormat::kVector)),
      R"({"type":"struct","fields":[)"
      R"({"name":"path","type":"string","nullable":true,"metadata":{}},)"
      R"({"name":"label","type":"string","nullable":true,"metadata":{}},)"
      R"({"name":"features","type":{"type":"udt","class":"org.apache.spark.ml.linalg.VectorUDT",)"
      R"("pyClass":"pyspark.ml.linalg.VectorUDT","sqlType":{"type":"struct","fields":[)"
      R"({"name":"type","type":"byte","nullable":false,"metadata":{}},)"
      R"({"name":"size","type":"integer","nullable":true,"metadata":{}},)"
      R"({"name":"indices","type":{"type":"array","elementType":"integer","containsNull":false},)"
      R"("nullable":true,"metadata":{}},)"
      R"({"name":"values","type":{"type":"array","elementType":"double","containsNull":false},)"
      R"("nullable":true,"metadata":{}}]}},"nullable":true,"metadata":{}}]})");
}

TEST(FormatFeatures, AnArrayIsTheSameObject) {
  const auto lists = Lists("[[1, 2], null]");
  EXPECT_EQ(FormatFeatures(lists, FeatureFormat::kArray).ValueOrDie(), lists);
}

TEST(FormatFeatures, AVectorIsDense) {
  EXPECT_TRUE(
      Vectors(Lists("[[1.5, -2], [3, 4]]"))
          ->Equals(ExpectedVectors("[[1, null, null, [1.5, -2]], [1, null, null, [3, 4]]]")));
}

TEST(FormatFeatures, ANullStaysNull) {
  EXPECT_TRUE(Vectors(Lists("[null, [3, 4], null]"))
                  ->Equals(ExpectedVectors("[null, [1, null, null, [3, 4]], null]")));
}

TEST(FormatFeatures, TakesASlice) {
  const auto lists = Lists("[[0, 0], null, [1, 2], null, [3, 4], [9, 9]]")->Slice(2, 3);
  EXPECT_TRUE(Vectors(lists)->Equals(
      ExpectedVectors("[[1, null, null, [1, 2]], null, [1, null, null, [3, 4]]]")));
}

TEST(FormatFeatures, TakesASliceWithoutNulls) {
  const auto lists = Lists("[[0, 0], [1, 2], [3, 4]]")->Slice(1, 1);
  EXPECT_TRUE(Vectors(lists)->Equals(ExpectedVectors("[[1, null, null, [1, 2]]]")));
}

TEST(FormatFeatures, TakesNoRows) {
  EXPECT_EQ(Vectors(Lists("[]"))->length(), 0);
  EXPECT_EQ(Vectors(Lists("[[1], [2]]")->Slice(1, 0))->length(), 0);
}

TEST(FeatureFormat, NamesGoRound) {
  for (const auto format : {FeatureFormat::kArray, FeatureFormat::kVector}) {
    EXPECT_EQ(ParseFeatureFormat(FeatureFormatName(format)).ValueOrDie(), format);
  }
  EXPECT_THAT(ParseFeatureFormat("list").status().message(), testing::HasSubstr("`list`"));
}

}  // namespace
}  // namespace pomona
