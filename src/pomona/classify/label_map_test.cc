#include "pomona/classify/label_map.h"

#include <arrow/builder.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pomona/error_kind.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

std::shared_ptr<arrow::StringArray> Texts(const std::vector<std::string>& values) {
  arrow::StringBuilder builder;
  for (const auto& value : values) {
    EXPECT_TRUE((value.empty() ? builder.AppendNull() : builder.Append(value)).ok());
  }
  std::shared_ptr<arrow::StringArray> array;
  EXPECT_TRUE(builder.Finish(&array).ok());
  return array;
}

const std::vector<std::string> kPaths = {"file:/d/apples/1.jpg", "file:/d/apples/2.jpg",
                                         "file:/d/bananas/3_O.jpg", "file:/d/bananas/3_R.jpg",
                                         "file:/d/lemons/1.jpg"};
const std::vector<std::string> kLabels = {"Apple 1", "Apple Rotten 1", "banana", "banana", "Lemon"};

arrow::Result<MappedLabels> Map(const std::string& csv) {
  ARROW_ASSIGN_OR_RAISE(const auto map, LabelMap::Parse(csv));
  return map.Apply(Texts(kPaths).get(), *Texts(kLabels));
}

TEST(LabelMap, maps_labels_and_paths_to_several_targets) {
  const auto mapped =
      Map("from,species,state\nApple 1,apple,fresh\nApple Rotten 1,apple,rotten\n"
          "*/bananas/*_O.jpg,banana,rotten\nbanana,banana,\n");
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  ASSERT_EQ(mapped->targets.size(), 2);
  EXPECT_EQ(mapped->targets[0].name, "species");
  EXPECT_THAT(mapped->targets[0].values, ElementsAre("apple", "banana"));
  EXPECT_THAT(mapped->targets[0].value, ElementsAre(0, 0, 1, 1, -1));
  EXPECT_THAT(mapped->targets[1].values, ElementsAre("fresh", "rotten"));
  EXPECT_THAT(mapped->targets[1].value, ElementsAre(0, 1, 1, -1, -1));
  EXPECT_THAT(mapped->line_rows, ElementsAre(1, 1, 1, 1));
  EXPECT_EQ(mapped->left_out, 1);
  EXPECT_THAT(mapped->left_out_labels, ElementsAre(Pair("Lemon", 1)));
  EXPECT_THAT(mapped->remarks, Contains("left out, as no line takes them: 1 row of Lemon (1)"));
}

TEST(LabelMap, the_first_line_that_takes_a_row_counts) {
  const auto mapped = Map("from,t\nbanana,a\n*/bananas/*,b\nLemon,c\n*mons*,d\n");
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  EXPECT_THAT(mapped->line_rows, ElementsAre(2, 0, 1, 0));
}

TEST(LabelMap, a_star_keeps_the_rest_under_its_own_label) {
  const auto mapped = Map("from,t\n*,*\nbanana,fruit\n");
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  EXPECT_THAT(mapped->targets[0].values,
              ElementsAre("Apple 1", "Apple Rotten 1", "Lemon", "fruit"));
  EXPECT_EQ(mapped->left_out, 0);
  EXPECT_THAT(mapped->line_rows, ElementsAre(3, 2));
}

TEST(LabelMap, numbers_and_quoted_names_are_text) {
  const auto map = LabelMap::Parse("from,t\n\"a, b\",1\n007,NA\n");
  ASSERT_TRUE(map.ok()) << map.status();
  const auto mapped = map->Apply(nullptr, *Texts({"a, b", "007", ""}));
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  EXPECT_THAT(mapped->targets[0].values, ElementsAre("1", "NA"));
  EXPECT_THAT(mapped->left_out_labels, ElementsAre(Pair("", 1)));
}

TEST(LabelMap, what_is_no_map_is_refused) {
  const auto refused = [](const std::string& csv) {
    const auto status = LabelMap::Parse(csv).status();
    EXPECT_EQ(KindOf(status), ErrorKind::kData) << status;
    return status.message();
  };
  refused("");
  EXPECT_THAT(refused("label,t\na,b\n"), HasSubstr("header is not `from`"));
  EXPECT_THAT(refused("from\na\n"), HasSubstr("header is not `from`"));
  EXPECT_THAT(refused("from,t,t\na,b,c\n"), HasSubstr("names the target t twice"));
  EXPECT_THAT(refused("from,\na,b\n"), HasSubstr("target without a name"));
  EXPECT_THAT(refused("from,t\n"), HasSubstr("names nothing"));
  EXPECT_THAT(refused("from,t\na,\n"), HasSubstr("names nothing"));
  EXPECT_THAT(refused("from,t\na,b\na,c\n"), HasSubstr("two lines for a"));
  EXPECT_THAT(refused("from,t\n,b\n"), HasSubstr("nothing to map"));
  refused("from,t\na,b,c\n");
}

TEST(LabelMap, a_map_of_another_table_is_refused) {
  const auto none = Map("from,t\nPear,a\nPlum,b\n").status();
  EXPECT_EQ(KindOf(none), ErrorKind::kRequest);
  EXPECT_THAT(none.message(), HasSubstr("no line of the map takes a row"));
  EXPECT_THAT(Map("from,t\nLemon,a\nPlum,b\n").status().message(),
              HasSubstr("the target t one value alone, a"));
}

TEST(LabelMap, a_file_is_named_in_errors) {
  const TempFolder folder;
  folder.Write("map.csv", "from,t\na,\n");
  const auto map = LabelMap::Read((folder.path() / "map.csv").string(), {});
  EXPECT_THAT(map.status().message(), HasSubstr("map.csv: the map names nothing"));
  EXPECT_EQ(KindOf(LabelMap::Read((folder.path() / "none.csv").string(), {}).status()),
            ErrorKind::kRequest);
}

}  // namespace
}  // namespace pomona
