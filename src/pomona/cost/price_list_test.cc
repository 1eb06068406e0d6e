#include "pomona/base/json.h"
#include "pomona/prices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace pomona {
namespace {

using ::testing::HasSubstr;

// Tests run in the repository's root.
constexpr char kExample[] = "deploy/aws/prices/example-us-east-1.json";

Json Example() {
  std::ifstream file(kExample);
  return Json::parse(file);
}

std::string Refusal(const Json& prices) {
  return ParsePriceList(CompactJson(prices), "prices").status().message();
}

TEST(PriceListTest, reads_the_example_and_knows_that_it_is_one) {
  const auto prices = ReadPriceList(kExample);
  ASSERT_TRUE(prices.ok()) << prices.status();
  EXPECT_TRUE(prices->example);
  EXPECT_EQ(prices->currency, "USD");
  EXPECT_EQ(prices->billing.minimum_seconds, 60);
  ASSERT_FALSE(prices->instances.empty());
  const InstancePrice& m5 = prices->instances[0];
  EXPECT_EQ(m5.type, "m5.xlarge");
  EXPECT_EQ(m5.cores, 4);
  EXPECT_DOUBLE_EQ(m5.on_demand_per_hour, 0.192);
  EXPECT_DOUBLE_EQ(m5.emr_per_hour.value(), 0.048);
  EXPECT_DOUBLE_EQ(m5.relative_speed, 1);
}

TEST(PriceListTest, spot_and_emr_may_be_absent) {
  Json prices = Example();
  prices["instances"][0].erase("spot_per_hour");
  prices["instances"][0].erase("emr_per_hour");
  prices["instances"][0]["relative_speed"] = 1.5;
  const auto list = ParsePriceList(CompactJson(prices), "prices");
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_FALSE(list->instances[0].spot_per_hour);
  EXPECT_FALSE(list->instances[0].emr_per_hour);
  EXPECT_DOUBLE_EQ(list->instances[0].relative_speed, 1.5);
}

TEST(PriceListTest, every_field_but_those_is_needed_and_named) {
  const Json example = Example();
  for (const auto& [key, unused] : example.items()) {
    if (key == "example") continue;
    Json prices = example;
    prices.erase(key);
    EXPECT_THAT(Refusal(prices), HasSubstr("no `" + key + "`"));
  }
  for (const char* section : {"billing", "startup", "spot", "s3", "disk"}) {
    for (const auto& [key, unused] : example[section].items()) {
      Json prices = example;
      prices[section].erase(key);
      EXPECT_THAT(Refusal(prices), HasSubstr(section + std::string(" has no `") + key + "`"));
    }
  }
  for (const char* key :
       {"type", "cores", "on_demand_per_hour", "network_gbit_per_second", "source"}) {
    Json prices = example;
    prices["instances"][1].erase(key);
    EXPECT_THAT(Refusal(prices), HasSubstr("instances[1] has no `" + std::string(key) + "`"));
  }
}

TEST(PriceListTest, refuses_what_cannot_be) {
  const auto with = [](const Json::json_pointer& at, const Json& value) {
    Json prices = Example();
    prices[at] = value;
    return Refusal(prices);
  };
  using Pointer = Json::json_pointer;
  EXPECT_THAT(with(Pointer("/format"), 2), HasSubstr("`format` is 2"));
  EXPECT_THAT(with(Pointer("/currency"), ""), HasSubstr("`currency` must be text"));
  EXPECT_THAT(with(Pointer("/example"), 1), HasSubstr("`example` must be true or false"));
  EXPECT_THAT(with(Pointer("/s3"), 1), HasSubstr("`s3` must be an object"));
  EXPECT_THAT(with(Pointer("/s3/get_per_1000"), -1), HasSubstr("`get_per_1000` must be a number"));
  EXPECT_THAT(with(Pointer("/s3/get_per_1000"), "0.4"), HasSubstr("`get_per_1000` must be"));
  EXPECT_THAT(with(Pointer("/s3/get_per_1000"), 1e308), HasSubstr("`get_per_1000` must be"));
  EXPECT_THAT(with(Pointer("/s3/gets_per_second_per_prefix"), 0), HasSubstr("above 0"));
  EXPECT_THAT(with(Pointer("/billing/increment_seconds"), 0), HasSubstr("above 0"));
  EXPECT_THAT(with(Pointer("/instances"), Json::array()), HasSubstr("not empty"));
  EXPECT_THAT(with(Pointer("/instances/0/cores"), 0), HasSubstr("`cores` must be a whole number"));
  EXPECT_THAT(with(Pointer("/instances/0/cores"), 2.5), HasSubstr("whole number"));
  EXPECT_THAT(with(Pointer("/instances/0/relative_speed"), 0), HasSubstr("above 0"));
  EXPECT_THAT(with(Pointer("/instances/0/type"), "m5.4xlarge"), HasSubstr("twice"));
  const std::string unknown = with(Pointer("/instances/0/spot_price"), 1);
  EXPECT_THAT(unknown, HasSubstr("unknown key `spot_price`\nhint: known keys are"));
  EXPECT_THAT(unknown, HasSubstr("spot_per_hour"));
}

TEST(PriceListTest, no_number_is_so_large_or_small_that_a_cost_is_infinite) {
  const Json whole = Example();
  const Json flat = whole.flatten();
  int numbers = 0;
  for (const auto& [path, value] : flat.items()) {
    if (!value.is_number()) continue;
    ++numbers;
    for (const double extreme : {1e308, -1.0}) {
      Json changed = whole;
      changed[Json::json_pointer(path)] = extreme;
      const auto status = ParsePriceList(changed.dump(), "prices").status();
      const std::string field = path.substr(path.rfind('/') + 1);
      EXPECT_THAT(status.message(), HasSubstr("`" + field + "` must be")) << path << extreme;
    }
  }
  EXPECT_GT(numbers, 10);
}

TEST(PriceListTest, deep_nesting_is_damage_and_no_crash) {
  for (const char* opening : {"[", "{\"a\":"}) {
    std::string deep;
    for (int i = 0; i < 200'000; ++i) deep += opening;
    EXPECT_TRUE(ParsePriceList(deep, "prices").status().IsSerializationError());
  }
}

TEST(PriceListTest, what_is_no_json_object_is_refused_with_a_hint) {
  const std::string deep(200'000, '[');
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("prices"),
        "{\"instances\": " + deep + std::string(deep.size(), ']') + "}"}) {
    const auto status = ParsePriceList(text, "prices").status();
    EXPECT_TRUE(status.IsSerializationError()) << text;
    EXPECT_THAT(status.message(), HasSubstr("prices is no JSON object\nhint: ")) << text;
  }
}

TEST(PriceListTest, what_cannot_be_read_is_refused_with_a_hint) {
  for (const char* path : {"no/such/file", "deploy/aws/prices"}) {
    const auto status = ReadPriceList(path).status();
    EXPECT_TRUE(status.IsIOError()) << path;
    EXPECT_THAT(status.message(), HasSubstr(path + std::string("`: "))) << path;
    EXPECT_THAT(status.message(), HasSubstr("\nhint: ")) << path;
  }
}

TEST(BillingRuleTest, rounds_up_and_has_a_minimum) {
  const BillingRule rule;
  EXPECT_DOUBLE_EQ(rule.Billed(0), 60);
  EXPECT_DOUBLE_EQ(rule.Billed(59), 60);
  EXPECT_DOUBLE_EQ(rule.Billed(60.2), 61);
  EXPECT_DOUBLE_EQ((BillingRule{.increment_seconds = 3600, .minimum_seconds = 0}).Billed(1), 3600);
}

}  // namespace
}  // namespace pomona
