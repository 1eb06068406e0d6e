#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "pomona/base/json.h"
#include "pomona/cost.h"
#include "pomona/prices.h"

namespace pomona {
namespace {

/// Round numbers: one type, a core of which works as fast as the one that was measured.
PriceList TestPrices() {
  PriceList prices;
  prices.currency = "USD";
  prices.region = "nowhere-1";
  prices.date = "2026-11-27";
  prices.source = "invented";
  prices.machine_startup_seconds = 90;
  prices.cluster_startup_seconds = 600;
  prices.replacement_startup_seconds = 300;
  prices.interruptions_per_hour = 0.1;
  prices.get_per_1000 = 0.0004;
  prices.put_per_1000 = 0.005;
  prices.storage_per_gb_month = 0.023;
  prices.gets_per_second_per_prefix = 5500;
  prices.list_page_seconds = 0.04;
  prices.disk_gb_per_machine = 73;
  prices.disk_per_gb_month = 0.1;
  InstancePrice instance;
  instance.type = "x.large";
  instance.cores = 4;
  instance.on_demand_per_hour = 0.2;
  instance.spot_per_hour = 0.08;
  instance.emr_per_hour = 0.05;
  instance.network_gbit_per_second = 1;
  instance.source = "invented";
  prices.instances = {instance};
  return prices;
}

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

CoreSpeed Speed(double images_per_second) {
  CoreSpeed speed;
  speed.images_per_second = images_per_second;
  return speed;
}

CostPlan Plan(const Workload& workload, const CostOptions& options = {}, double speed = 100,
              const PriceList& prices = TestPrices()) {
  return PlanCost(options, workload, Speed(speed), prices).ValueOrDie();
}

CostOptions Sizes(std::vector<int> workers) {
  CostOptions options;
  options.workers = std::move(workers);
  return options;
}

std::vector<CostOption> OnDemand(const CostPlan& plan) {
  std::vector<CostOption> options;
  std::copy_if(plan.options.begin(), plan.options.end(), std::back_inserter(options),
               [](const CostOption& option) { return !option.spot; });
  return options;
}

TEST(CostPlanTest, one_machine_by_hand) {
  const CostOption option = Plan({.images = 1'000'000}, Sizes({1})).options.at(0);
  EXPECT_FALSE(option.cluster);
  EXPECT_DOUBLE_EQ(option.startup_seconds, 90);
  EXPECT_DOUBLE_EQ(option.phases.cores, 2500);  // 1e6 / (4 x 100)
  EXPECT_DOUBLE_EQ(option.phases.listing, 40);  // 1,000 pages of 40 ms
  EXPECT_DOUBLE_EQ(option.phases.requests, 1e6 / 5500);
  EXPECT_DOUBLE_EQ(option.phases.network, 0);   // no bytes told
  EXPECT_DOUBLE_EQ(option.work_seconds, 2500);  // listing and requests hide behind the cores
  EXPECT_EQ(option.phases.bottleneck(), "cores");
  const double hours = 2590.0 / 3600;
  EXPECT_DOUBLE_EQ(option.cost.instances, hours * 0.2);
  EXPECT_DOUBLE_EQ(option.cost.emr, 0);
  EXPECT_DOUBLE_EQ(option.cost.disks, hours * 0.01);  // 73 GB x 0.1 / 730 h
  // GETs, 1,000 pages listed, 123 parts.
  EXPECT_DOUBLE_EQ(option.cost.requests, (1e6 * 0.0004 + (1000 + 123 * 8 + 24) * 0.005) / 1000);
  EXPECT_DOUBLE_EQ(option.cost.storage, 1e6 * 2570 / 1e9 * 0.023);
  EXPECT_DOUBLE_EQ(option.cost_per_million, option.cost.total());
}

TEST(CostPlanTest, a_cluster_by_hand) {
  const CostOption option = Plan({.images = 1'000'000}, Sizes({4})).options.at(0);
  EXPECT_TRUE(option.cluster);
  EXPECT_DOUBLE_EQ(option.startup_seconds, 600);
  EXPECT_DOUBLE_EQ(option.work_seconds, 40 + 625);  // Spark's driver lists first
  const double machine_hours = 5 * 1265.0 / 3600;   // the primary node, too
  EXPECT_DOUBLE_EQ(option.cost.instances, machine_hours * 0.2);
  EXPECT_DOUBLE_EQ(option.cost.emr, machine_hours * 0.05);
}

TEST(CostPlanTest, more_nodes_are_never_slower_and_faster_while_cores_are_the_limit) {
  const std::vector<int> sizes = {2, 3, 4, 7, 8, 16, 31, 64, 128, 512, 1024};
  PriceList prices = TestPrices();
  prices.instances[0].spot_per_hour.reset();
  for (const int64_t images : {1, 999, 90'380, 10'000'000, 1'000'000'000}) {
    for (const double speed : {0.5, 6.0, 145.0, 2000.0}) {
      for (const int64_t bytes_an_image : {0, 5'000, 5'000'000}) {
        const Workload workload = {.images = images, .bytes = images * bytes_an_image};
        const auto options = Plan(workload, Sizes(sizes), speed, prices).options;
        ASSERT_EQ(options.size(), sizes.size());
        for (size_t i = 1; i < options.size(); ++i) {
          const CostOption& fewer = options[i - 1];
          const CostOption& more = options[i];
          EXPECT_LE(more.seconds(), fewer.seconds());
          if (fewer.phases.bottleneck() == "cores" || fewer.phases.bottleneck() == "network") {
            EXPECT_LT(more.seconds(), fewer.seconds());
          }
          if (fewer.phases.bottleneck() == "requests") {
            EXPECT_EQ(more.seconds(), fewer.seconds());
            EXPECT_EQ(more.phases.bottleneck(), "requests");
          }
        }
      }
    }
  }
}

TEST(CostPlanTest, no_cost_is_below_cores_times_their_price) {
  for (const int64_t images : {1, 50'000, 3'000'000}) {
    for (const double speed : {1.0, 145.0}) {
      CostOptions options = Sizes({1, 2, 5, 64});
      options.interruptions_per_hour = 1;
      for (const CostOption& option : Plan({.images = images}, options, speed).options) {
        const double price = option.spot ? 0.08 : 0.2;
        const double machine_hours = static_cast<double>(images) / (4 * speed) / 3600;
        EXPECT_GE(option.cost.instances, machine_hours * price * (1 - 1e-9))
            << option.workers << (option.spot ? " spot" : "");
        EXPECT_GT(option.cost.total(), option.cost.instances);
        EXPECT_GE(option.cost.requests, static_cast<double>(images) * 0.0004 / 1000);
      }
    }
  }
}

TEST(CostPlanTest, names_what_limits_it) {
  const auto bottleneck = [](const Workload& workload, int workers, double speed,
                             const PriceList& prices) {
    return Plan(workload, Sizes({workers}), speed, prices).options.at(0).phases.bottleneck();
  };
  const PriceList prices = TestPrices();
  EXPECT_EQ(bottleneck({.images = 1'000'000}, 4, 100, prices), "cores");
  EXPECT_EQ(bottleneck({.images = 1'000'000}, 64, 100, prices), "requests");
  EXPECT_EQ(bottleneck({.images = 1'000'000, .prefixes = 100}, 256, 100, prices), "listing");
  EXPECT_EQ(bottleneck({.images = 1'000'000, .bytes = 5'000'000'000'000}, 4, 100, prices),
            "network");
}

TEST(CostPlanTest, prefixes_raise_the_rate_of_requests) {
  const auto seconds = [](int prefixes) {
    return Plan({.images = 10'000'000, .prefixes = prefixes}, Sizes({128})).options[0].phases;
  };
  EXPECT_DOUBLE_EQ(seconds(1).requests, 4 * seconds(4).requests);
}

TEST(CostPlanTest, a_faster_type_takes_less_time) {
  PriceList prices = TestPrices();
  prices.instances.push_back(prices.instances[0]);
  prices.instances[1].type = "fast.large";
  prices.instances[1].relative_speed = 2;
  const CostPlan plan = Plan({.images = 1'000'000}, Sizes({1}), 100, prices);
  EXPECT_DOUBLE_EQ(plan.options.at(2).phases.cores, plan.options.at(0).phases.cores / 2);
}

TEST(CostPlanTest, doubles_clusters_while_that_helps) {
  std::vector<int> sizes;
  const CostPlan plan = Plan({.images = 20'000'000});
  for (const CostOption& option : OnDemand(plan)) sizes.push_back(option.workers);
  // 5,500 GET/s are 13.75 machines of 400 images/s: from 16 on nothing gains.
  EXPECT_THAT(sizes, ElementsAre(1, 2, 4, 8, 16, 32));
  EXPECT_EQ(OnDemand(plan).back().phases.bottleneck(), "requests");
}

TEST(CostPlanTest, the_cheapest_meets_the_deadline_and_the_fastest_the_budget) {
  const Workload workload = {.images = 20'000'000};
  for (const double minutes : {90.0, 120.0, 400.0, 2000.0}) {
    CostOptions options;
    options.deadline_seconds = minutes * 60;
    const CostPlan plan = Plan(workload, options);
    ASSERT_TRUE(plan.cheapest);
    const CostOption& cheapest = plan.options[*plan.cheapest];
    EXPECT_LE(cheapest.sure_seconds(), minutes * 60);
    for (const CostOption& option : plan.options) {
      if (option.sure_seconds() > minutes * 60) continue;
      EXPECT_GE(option.cost.total(), cheapest.cost.total());
    }
  }
  for (const double budget : {11.0, 13.0, 30.0}) {
    CostOptions options;
    options.budget = budget;
    const CostPlan plan = Plan(workload, options);
    ASSERT_TRUE(plan.fastest) << budget;
    const CostOption& fastest = plan.options[*plan.fastest];
    EXPECT_LE(fastest.sure_cost(), budget);
    for (const CostOption& option : plan.options) {
      if (option.sure_cost() > budget) continue;
      EXPECT_GE(option.seconds(), fastest.seconds());
    }
  }
}

TEST(CostPlanTest, says_so_when_nothing_keeps_to_the_limits) {
  CostOptions options;
  options.deadline_seconds = 1;
  EXPECT_FALSE(Plan({.images = 1000}, options).cheapest);
  options = {};
  options.budget = 1e-6;
  EXPECT_FALSE(Plan({.images = 1000}, options).fastest);
}

TEST(CostPlanTest, unbeaten_options_are_those_that_nothing_beats) {
  const CostPlan plan = Plan({.images = 5'000'000});
  const auto beaten = [&](const CostOption& option) {
    return std::any_of(plan.options.begin(), plan.options.end(), [&](const CostOption& other) {
      return other.seconds() < option.seconds() && other.cost.total() < option.cost.total();
    });
  };
  for (const CostOption& option : plan.options) {
    EXPECT_FALSE(option.unbeaten && beaten(option)) << option.workers;
  }
  EXPECT_TRUE(plan.options[plan.cheapest.value()].unbeaten);
  EXPECT_TRUE(plan.options[plan.fastest.value()].unbeaten);
}

TEST(CostPlanTest, spot_without_interruptions_takes_as_long_as_on_demand) {
  CostOptions options = Sizes({1, 2, 8});
  options.interruptions_per_hour = 0;
  const CostPlan plan = Plan({.images = 3'000'000, .bytes = 30'000'000'000}, options);
  ASSERT_EQ(plan.options.size(), 6);
  for (size_t i = 0; i < plan.options.size(); i += 2) {
    const CostOption& bought = plan.options[i];
    const CostOption& spot = plan.options[i + 1];
    EXPECT_NEAR(spot.seconds(), bought.seconds(), 1e-6 * bought.seconds());
    EXPECT_LT(spot.cost.instances, bought.cost.instances);
    EXPECT_NEAR(spot.cost.emr, bought.cost.emr, 1e-6);
  }
}

TEST(CostPlanTest, interruptions_cost_time_and_the_seed_decides_which) {
  CostOptions options = Sizes({4});
  options.interruptions_per_hour = 2;
  const auto spot = [&] { return Plan({.images = 10'000'000}, options).options.at(1); };
  const CostOption one = spot();
  EXPECT_GT(one.seconds(), Plan({.images = 10'000'000}, options).options.at(0).seconds());
  EXPECT_GT(one.simulated->interruptions, 1);
  EXPECT_GT(one.simulated->lost_images, 0);
  EXPECT_GT(one.sure_seconds(), one.seconds());
  EXPECT_GT(one.sure_cost(), one.cost.total());
  EXPECT_EQ(one.seconds(), spot().seconds());
  options.seed = 2;
  EXPECT_NE(one.seconds(), spot().seconds());
  EXPECT_NEAR(one.seconds(), spot().seconds(), 0.02 * one.seconds());
}

TEST(CostPlanTest, what_cannot_be_had_is_left_out_and_said) {
  PriceList prices = TestPrices();
  prices.instances[0].emr_per_hour.reset();
  prices.instances[0].spot_per_hour.reset();
  const CostPlan plan = Plan({.images = 1000}, {}, 100, prices);
  EXPECT_EQ(plan.options.size(), 1);
  EXPECT_THAT(plan.notes, Contains(HasSubstr("x.large has no EMR price")));
  EXPECT_THAT(PlanCost(Sizes({2}), {.images = 1}, Speed(1), prices).status().message(),
              HasSubstr("no option is left"));
  CostOptions options = Sizes({1});
  options.interruptions_per_hour = 60;
  const CostPlan slow = Plan({.images = 1'000'000}, options, 0.01);
  EXPECT_EQ(slow.options.size(), 1);
  EXPECT_THAT(slow.notes, Contains(HasSubstr("Spot is left out")));
}

TEST(CostPlanTest, a_job_of_any_size_is_planned_and_simulated_where_it_can_be) {
  constexpr int64_t kImages = std::numeric_limits<int64_t>::max();
  const CostPlan plan = Plan({.images = kImages}, Sizes({1, 1024}), 1e-6);
  EXPECT_EQ(plan.options.size(), 2);
  EXPECT_GT(plan.options[0].seconds(), static_cast<double>(kImages));
  EXPECT_THAT(plan.notes, ElementsAre(HasSubstr("x.large x 1 on Spot is left out: more than 1000"),
                                      HasSubstr("x.large x 1024 on Spot is left out")));
}

TEST(CostPlanTest, an_example_of_prices_and_a_doubtful_speed_are_noted) {
  PriceList prices = TestPrices();
  prices.example = true;
  CoreSpeed speed = Speed(1);
  speed.warning = "doubtful";
  const auto plan = PlanCost({}, {.images = 1}, speed, prices);
  EXPECT_THAT(plan->notes, ElementsAre(HasSubstr("example of 2026-11-27"), "doubtful"));
}

TEST(CostPlanTest, options_are_refused_by_name) {
  const auto refusal = [](const CostOptions& options) {
    return options.Validate(TestPrices()).message();
  };
  CostOptions options;
  EXPECT_THAT(refusal(Sizes({0})), HasSubstr("nodes"));
  EXPECT_THAT(refusal(Sizes({1025})), HasSubstr("nodes"));
  options.deadline_seconds = 0;
  EXPECT_THAT(refusal(options), HasSubstr("deadline"));
  options = {};
  options.budget = std::nan("");
  EXPECT_THAT(refusal(options), HasSubstr("budget"));
  options = {};
  options.interruptions_per_hour = -1;
  EXPECT_THAT(refusal(options), HasSubstr("spot-interruption-rate"));
  PriceList prices = TestPrices();
  prices.interruptions_per_hour = 61;
  EXPECT_THAT(CostOptions().Validate(prices).message(),
              HasSubstr("interruptions_per_hour of the prices must be 0 to 60"));
  options.interruptions_per_hour = 1;
  EXPECT_TRUE(options.Validate(prices).ok());
  options = {};
  options.instances = {"y.large"};
  EXPECT_TRUE(options.Validate(TestPrices()).IsKeyError());
  EXPECT_THAT(refusal(options), HasSubstr("`y.large`\nhint: they have x.large"));
}

TEST(CostPlanTest, work_that_cannot_be_is_refused_by_name) {
  const auto refusal = [](const Workload& workload, double speed) {
    return PlanCost({}, workload, Speed(speed), TestPrices()).status().message();
  };
  EXPECT_THAT(refusal({.images = 0}, 1), HasSubstr("images"));
  EXPECT_THAT(refusal({.images = 1, .bytes = -1}, 1), HasSubstr("bytes"));
  EXPECT_THAT(refusal({.images = 1, .prefixes = 0}, 1), HasSubstr("prefixes"));
  EXPECT_THAT(refusal({.images = 1}, 0), HasSubstr("speed"));
}

TEST(CostPlanTest, json_has_the_options_the_choice_and_the_seed) {
  CostOptions options;
  options.seed = 42;
  options.deadline_seconds = 1e6;
  const CostPlan plan = Plan({.images = 100'000, .bytes = 1'000'000'000}, options);
  const auto json = Json::parse(plan.ToJson());
  EXPECT_EQ(json["options"].size(), plan.options.size());
  EXPECT_EQ(json["spot"]["seed"], 42);
  EXPECT_EQ(json["cheapest"], json["options"][*plan.cheapest]);
  EXPECT_EQ(json["deadline_seconds"], 1e6);
  EXPECT_EQ(json["budget"], nullptr);
  for (const auto& option : json["options"]) {
    double sum = 0;
    for (const auto& [name, value] : option["cost_items"].items()) sum += value.get<double>();
    EXPECT_NEAR(option["cost"], sum, 1e-12);
    EXPECT_EQ(option.contains("spot"), option["market"] == "spot");
  }
}

}  // namespace
}  // namespace pomona
