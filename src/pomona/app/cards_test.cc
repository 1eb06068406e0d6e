#include "pomona/app/cards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pomona/base/json.h"
#include "pomona/error_kind.h"

namespace pomona {
namespace {

using testing::HasSubstr;

constexpr char kHeader[] =
    "id,labels,name_en,name_fr,scientific_name,family,origin_en,origin_fr,season_en,season_fr,"
    "fact_en,fact_fr,source_1,source_2,fact_source,season_source,checked,licence\n";

/// A card of these labels, with nothing else in it that matters here.
std::string Row(const std::string& id, const std::string& labels) {
  return id + "," + labels + ",Apple,Pomme,Malus,Rosaceae,,,,,,,,,,,0,CC0-1.0\n";
}

TEST(CardsFor, keeps_the_cards_that_labels_need_and_of_them_these_labels) {
  const std::string csv =
      kHeader + Row("apple", "Apple Red;Apple Green;Apple Old") + Row("pear", "Pear");
  const auto cards = CardsFor(csv, {"Apple Green", "Apple Red", "Durian"}).ValueOrDie();
  EXPECT_EQ(cards.count, 1);
  EXPECT_EQ(cards.labels_without_card, 1);
  const Json card = ParseJson(cards.json).ValueOrDie().at(0);
  EXPECT_EQ(card["labels"], (Json{"Apple Red", "Apple Green"}));
  EXPECT_EQ(card["name_fr"], "Pomme");
  EXPECT_FALSE(card.contains("checked"));
}

TEST(CardsFor, of_a_label_on_two_cards_is_damage) {
  const auto status = CardsFor(kHeader + Row("a", "Fig") + Row("b", "Fig"), {"Fig"}).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kData);
  EXPECT_THAT(status.message(), HasSubstr("`Fig`"));
}

TEST(CardsFor, without_a_column_is_damage_that_names_it) {
  const auto status = CardsFor("id,labels\na,Fig\n", {"Fig"}).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kData);
  EXPECT_THAT(status.message(), HasSubstr("`name_en`"));
}

}  // namespace
}  // namespace pomona
