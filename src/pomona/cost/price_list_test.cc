#include "pomona/prices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace pomona {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// Tests run in the repository's root.
constexpr char kExample[] = "deploy/aws/prices/example-us-east-1.json";

json Example() {
  std::ifstream file(kExample);
  return json::parse(file);
}

std::string Refusal(const json& prices) {
  return ParsePriceList(prices.dump(), "prices").status().message();
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
  json prices = Example();
  prices["instances"][0].erase("spot_per_hour");
  prices["instances"][0].erase("emr_per_hour");
  prices["instances"][0]["relative_speed"] = 1.5;
  const auto list = ParsePriceList(prices.dump(), "prices");
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_FALSE(list->instances[0].spot_per_hour);
  EXPECT_FALSE(list->instances[0].emr_per_hour);
  EXPECT_DOUBLE_EQ(list->instances[0].relative_speed, 1.5);
}

TEST(PriceListTest, every_field_but_those_is_needed_and_named) {
  const json example = Example();
  for (const auto& [key, unused] : example.items()) {
    if (key == "example") continue;
    json prices = example;
    prices.erase(key);
    EXPECT_THAT(Refusal(prices), HasSubstr("no `" + key + "`"));
  }
  for (const char* section : {"billing", "startup", "spot", "s3", "disk"}) {
    for (const auto& [key, unused] : example[section].items()) {
      json prices = example;
      prices[section].erase(key);
      EXPECT_THAT(Refusal(prices), HasSubstr(section + std::string(" has no `") + key + "`"));
    }
  }
  for (const char* key :
       {"type", "cores", "on_demand_per_hour", "network_gbit_per_second", "source"}) {
    json prices = example;
    prices["instances"][1].erase(key);
    EXPECT_THAT(Refusal(prices), HasSubstr("instances[1] has no `" + std::string(key) + "`"));
  }
}

TEST(PriceListTest, refuses_what_cannot_be) {
  const auto with = [](const json::json_pointer& at, const json& value) {
    json prices = Example();
    prices[at] = value;
    return Refusal(prices);
  };
  using Pointer = json::json_pointer;
  EXPECT_THAT(with(Pointer("/format"), 2), HasSubstr("`format` is 2"));
  EXPECT_THAT(with(Pointer("/currency"), ""), HasSubstr("`currency` must be text"));
  EXPECT_THAT(with(Pointer("/example"), 1), HasSubstr("`example` must be true or false"));
  EXPECT_THAT(with(Pointer("/s3"), 1), HasSubstr("`s3` must be an object"));
  EXPECT_THAT(with(Pointer("/s3/get_per_1000"), -1), HasSubstr("`get_per_1000` must be a number"));
  EXPECT_THAT(with(Pointer("/s3/get_per_1000"), "0.4"), HasSubstr("`get_per_1000` must be"));
  EXPECT_THAT(with(Pointer("/s3/gets_per_second_per_prefix"), 0), HasSubstr("above 0"));
  EXPECT_THAT(with(Pointer("/billing/increment_seconds"), 0), HasSubstr("above 0"));
  EXPECT_THAT(with(Pointer("/instances"), json::array()), HasSubstr("not empty"));
  EXPECT_THAT(with(Pointer("/instances/0/cores"), 0), HasSubstr("`cores` must be a whole number"));
  EXPECT_THAT(with(Pointer("/instances/0/cores"), 2.5), HasSubstr("whole number"));
  EXPECT_THAT(with(Pointer("/instances/0/relative_speed"), 0), HasSubstr("above 0"));
  EXPECT_THAT(with(Pointer("/instances/0/type"), "m5.4xlarge"), HasSubstr("twice"));
  const std::string unknown = with(Pointer("/instances/0/spot_price"), 1);
  EXPECT_THAT(unknown, HasSubstr("unknown key `spot_price`\nhint: known keys are"));
  EXPECT_THAT(unknown, HasSubstr("spot_per_hour"));
}

TEST(PriceListTest, what_is_no_json_object_is_refused_with_a_hint) {
  const std::string deep(200'000, '[');
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("prices"),
        "{\"instances\": " + deep + std::string(deep.size(), ']') + "}"}) {
    const auto status = ParsePriceList(text, "prices").status();
    EXPECT_TRUE(status.IsInvalid());
    EXPECT_THAT(status.message(), HasSubstr("prices is no JSON object\nhint: "));
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
