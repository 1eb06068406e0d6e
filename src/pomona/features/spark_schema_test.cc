#include "pomona/features/spark_schema.h"

#include <gtest/gtest.h>

#include <string>

namespace pomona {
namespace {

const arrow::Schema& Columns() {
  static const arrow::Schema columns({arrow::field("path", arrow::utf8()),
                                      arrow::field("features", arrow::list(arrow::float32()))});
  return columns;
}

std::string After(const std::string& before, const arrow::Schema& columns = Columns()) {
  return SparkSchemaAfter(before, columns, "features", FeatureFormat::kArray);
}

TEST(SparkSchemaAfter, KeepsWhatWasSaidOfTheOtherColumns) {
  const std::string after =
      After(R"({"type":"struct","fields":[)"
            R"({"name":"path","type":"string","nullable":true,"metadata":{"comment":"where"}},)"
            R"({"name":"features","type":"long","nullable":true,"metadata":{}}]})");
  EXPECT_NE(after.find(R"("comment":"where")"), std::string::npos) << after;
  EXPECT_EQ(after.find("long"), std::string::npos) << after;
}

TEST(SparkSchemaAfter, IsMadeOfTheColumnsWhereThereIsNoDescription) {
  const std::string made = After("");
  EXPECT_NE(made.find(R"({"name":"path","type":"string")"), std::string::npos) << made;
  EXPECT_EQ(After("{"), made);
  EXPECT_EQ(After(R"({"type":"struct","fields":[]})"), made);
  const arrow::Schema mapped({arrow::field("at", arrow::map(arrow::utf8(), arrow::utf8())),
                              arrow::field("features", arrow::list(arrow::float32()))});
  EXPECT_EQ(After("", mapped), "");
}

TEST(SparkSchemaAfter, ADescriptionThatNestsTooDeepCountsAsNone) {
  constexpr size_t kLevels = 200'000;
  std::string deep = R"({"type":"struct","fields":[{"name":"features"},)";
  for (size_t i = 0; i < kLevels; ++i) deep += R"({"type":)";
  deep += "1" + std::string(kLevels, '}') + "]}";
  EXPECT_EQ(After(deep), After(""));
}

}  // namespace
}  // namespace pomona
