#include "pomona/cost/spot_simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pomona {
namespace {

/// 10,000 images on 4 machines that do 10 a second each: 250 s of work.
SpotJob Job() {
  return {.workers = 4,
          .images = 10'000,
          .worker_images_per_second = 10,
          .most_images_per_second = 1000,
          .ready_after_seconds = 100,
          .replacement_seconds = 30,
          .images_at_risk = 200,
          .interruptions_per_hour = 0,
          .billing = {.increment_seconds = 1, .minimum_seconds = 60}};
}

struct Means {
  double seconds = 0, worker_seconds = 0, interruptions = 0, lost_images = 0;
};

Means MeansOf(const SpotJob& job) {
  constexpr int kRuns = 2000;
  Random random(7);
  Means means;
  for (int i = 0; i < kRuns; ++i) {
    const SpotRun run = SimulateSpotRun(job, random).value();
    means.seconds += run.seconds / kRuns;
    means.worker_seconds += run.worker_seconds / kRuns;
    means.interruptions += static_cast<double>(run.interruptions) / kRuns;
    means.lost_images += run.lost_images / kRuns;
  }
  return means;
}

TEST(SpotSimulationTest, without_interruptions_it_is_arithmetic) {
  Random random(1);
  const SpotRun run = SimulateSpotRun(Job(), random).value();
  EXPECT_DOUBLE_EQ(run.seconds, 350);
  EXPECT_DOUBLE_EQ(run.worker_seconds, 4 * 350);
  EXPECT_EQ(run.interruptions, 0);
  EXPECT_EQ(run.lost_images, 0);
}

TEST(SpotSimulationTest, the_store_limits_all_workers_together) {
  SpotJob job = Job();
  job.most_images_per_second = 20;
  Random random(1);
  EXPECT_DOUBLE_EQ(SimulateSpotRun(job, random)->seconds, 600);
}

TEST(SpotSimulationTest, the_same_seed_gives_the_same_run) {
  SpotJob job = Job();
  job.interruptions_per_hour = 20;
  Random first(3);
  Random second(3);
  Random other(4);
  const SpotRun run = SimulateSpotRun(job, first).value();
  EXPECT_EQ(run.seconds, SimulateSpotRun(job, second)->seconds);
  EXPECT_NE(run.seconds, SimulateSpotRun(job, other)->seconds);
}

TEST(SpotSimulationTest, interruptions_come_as_often_as_told) {
  SpotJob job = Job();
  job.interruptions_per_hour = 1;
  // 4 machines for some 350 s, less the time that their replacements take to come.
  const Means means = MeansOf(job);
  EXPECT_NEAR(means.interruptions, 4 * 350.0 / 3600, 0.04);
}

TEST(SpotSimulationTest, more_interruptions_are_slower_and_never_faster_than_none) {
  double seconds = 350;
  double lost = 0;
  for (const double rate : {2.0, 8.0, 20.0}) {
    SpotJob job = Job();
    job.interruptions_per_hour = rate;
    const Means means = MeansOf(job);
    EXPECT_GT(means.seconds, seconds) << rate;
    EXPECT_GT(means.lost_images, lost) << rate;
    seconds = means.seconds;
    lost = means.lost_images;
  }
}

TEST(SpotSimulationTest, an_interruption_loses_what_is_in_progress_at_most) {
  SpotJob job = Job();
  job.interruptions_per_hour = 10;
  Random random(5);
  for (int i = 0; i < 500; ++i) {
    const SpotRun run = SimulateSpotRun(job, random).value();
    EXPECT_GE(run.seconds, 350);
    EXPECT_LE(run.lost_images, 200.0 * static_cast<double>(run.interruptions));
  }
  job.images_at_risk = 0;  // all is committed at once
  EXPECT_EQ(MeansOf(job).lost_images, 0);
}

TEST(SpotSimulationTest, a_replacement_is_charged_from_when_it_is_rented) {
  SpotJob job = Job();
  job.interruptions_per_hour = 5;
  job.billing = {.increment_seconds = 1e-9, .minimum_seconds = 0};
  Random random(9);
  for (int i = 0; i < 200; ++i) {
    // Each place is charged from the beginning to the end, whoever holds it; a place that waits for
    // its next machine at the end is not charged for that one.
    const SpotRun run = SimulateSpotRun(job, random).value();
    EXPECT_LE(run.worker_seconds, 4 * run.seconds * (1 + 1e-9));
    EXPECT_GE(run.worker_seconds, 4 * (run.seconds - job.replacement_seconds));
  }
}

TEST(SpotSimulationTest, the_minimum_is_charged_for_each_machine) {
  SpotJob job = Job();
  job.interruptions_per_hour = 10;
  const double fair = MeansOf(job).worker_seconds;
  job.billing.minimum_seconds = 3600;
  EXPECT_GE(MeansOf(job).worker_seconds, 4 * 3600);
  EXPECT_GT(MeansOf(job).worker_seconds, fair);
}

TEST(SpotSimulationTest, gives_up_where_machines_never_live_long_enough) {
  SpotJob job = Job();
  job.interruptions_per_hour = 3600;
  job.images_at_risk = 10'000;
  Random random(1);
  EXPECT_EQ(SimulateSpotRun(job, random), std::nullopt);
  job.interruptions_per_hour = 1e300;  // no machine lives at all
  job.replacement_seconds = 0;
  EXPECT_EQ(SimulateSpotRun(job, random), std::nullopt);
}

TEST(SpotSimulationTest, gives_up_where_a_job_takes_too_many_machines) {
  SpotJob job = Job();
  job.interruptions_per_hour = 1;
  job.images = 4 * 10 * 3600 * 100;  // 100 hours: some 400 interruptions
  Random random(1);
  const SpotRun run = SimulateSpotRun(job, random).value();
  EXPECT_GT(run.interruptions, 300);
  job.images = 1e15;
  EXPECT_EQ(SimulateSpotRun(job, random), std::nullopt);
}

}  // namespace
}  // namespace pomona
