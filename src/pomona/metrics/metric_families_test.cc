#include "pomona/metrics/metric_families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <string>

namespace pomona {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

MetricsSnapshot Some() {
  MetricsSnapshot snapshot;
  snapshot.start_timestamp = 1'795'000'000.5;
  snapshot.last_progress_timestamp = 1'795'000'060.25;
  snapshot.peak_memory_bytes = 314'572'800;
  RunProgress& progress = snapshot.progress;
  progress.unchanged = 40;
  progress.total = 2'000'000'000;
  progress.rejects_by_reason = {{"truncated", 2}, {"not_found", 1}};
  progress.parts_written = 7;
  progress.counters.images = 1'234'567'890;
  progress.counters.rejects = 3;
  progress.counters.bytes = 5'000'000'000'123;
  progress.counters.requests = 1'234'567'900;
  progress.counters.retries = 10;
  progress.counters.fetch_ns = 1'500'000'000;
  progress.counters.decode_ns = 2'250'000'000;
  progress.counters.resize_ns = 500'000'000;
  progress.counters.infer_ns = 8'000'000'000;
  progress.counters.streams = 4;
  progress.counters.workers = 2;
  progress.write_seconds = 0.75;
  progress.model = "efficientnet-lite0";
  progress.model_digest = "sha256:5b4c";
  progress.features = "features";
  progress.precision = "bf16";
  progress.cores = 2;
  progress.price_per_hour = 7.2;
  return snapshot;
}

std::string Text(const MetricsSnapshot& snapshot) {
  return prometheus::TextSerializer().Serialize(MetricFamilies(snapshot));
}

TEST(MetricFamiliesTest, CountersAreExactInTheTextFormat) {
  EXPECT_THAT(
      Text(Some()),
      AllOf(HasSubstr("# HELP pomona_images_total Images whose features this run computed.\n"
                      "# TYPE pomona_images_total counter\n"
                      "pomona_images_total 1234567890\n"),
            HasSubstr("\npomona_bytes_total 5000000000123\n"),
            HasSubstr("\npomona_requests_total 1234567900\n"),
            HasSubstr("\npomona_retries_total 10\n"), HasSubstr("\npomona_parts_total 7\n"),
            HasSubstr("\n# TYPE pomona_references gauge\npomona_references 2000000000\n"),
            HasSubstr("\npomona_unchanged 40\n"), HasSubstr("\npomona_cores 2\n"),
            HasSubstr("\npomona_price_per_second 0.002\n"),
            HasSubstr("\npomona_peak_memory_bytes 314572800\n"),
            HasSubstr("\npomona_run_start_timestamp_seconds 1795000000.5\n"),
            HasSubstr("\npomona_last_progress_timestamp_seconds 1795000060.25\n")));
}

TEST(MetricFamiliesTest, EveryReasonIsThereFromTheStart) {
  MetricsSnapshot snapshot = Some();
  EXPECT_THAT(Text(snapshot), AllOf(HasSubstr("\npomona_rejects_total{reason=\"truncated\"} 2\n"),
                                    HasSubstr("\npomona_rejects_total{reason=\"not_found\"} 1\n"),
                                    HasSubstr("\npomona_rejects_total{reason=\"corrupt\"} 0\n")));
  const auto families = MetricFamilies(MetricsSnapshot{});
  const auto rejects = std::find_if(families.begin(), families.end(), [](const auto& family) {
    return family.name == "pomona_rejects_total";
  });
  ASSERT_NE(rejects, families.end());
  EXPECT_EQ(rejects->metric.size(), 16U);
}

TEST(MetricFamiliesTest, StagesHaveSecondsAndWorkers) {
  EXPECT_THAT(Text(Some()),
              AllOf(HasSubstr("\npomona_stage_seconds_total{stage=\"fetch\"} 1.5\n"),
                    HasSubstr("\npomona_stage_seconds_total{stage=\"decode\"} 2.25\n"),
                    HasSubstr("\npomona_stage_seconds_total{stage=\"resize\"} 0.5\n"),
                    HasSubstr("\npomona_stage_seconds_total{stage=\"infer\"} 8\n"),
                    HasSubstr("\npomona_stage_seconds_total{stage=\"write\"} 0.75\n"),
                    HasSubstr("\npomona_stage_workers{stage=\"fetch\"} 1\n"),
                    HasSubstr("\npomona_stage_workers{stage=\"decode\"} 2\n"),
                    HasSubstr("\npomona_stage_workers{stage=\"infer\"} 4\n")));
}

TEST(MetricFamiliesTest, WhatIsNotKnownIsLeftOut) {
  EXPECT_THAT(Text(MetricsSnapshot{}),
              AllOf(Not(HasSubstr("pomona_references")), Not(HasSubstr("pomona_build_info")),
                    Not(HasSubstr("pomona_price_per_second")), Not(HasSubstr("pomona_cores")),
                    HasSubstr("\npomona_unchanged 0\n")));
}

TEST(MetricFamiliesTest, TheEndIsFinishedOrFailed) {
  MetricsSnapshot snapshot = Some();
  EXPECT_THAT(Text(snapshot),
              AllOf(HasSubstr("\npomona_run_finished 0\n"), HasSubstr("\npomona_run_failed 0\n")));
  snapshot.finished = true;
  EXPECT_THAT(Text(snapshot), HasSubstr("\npomona_run_finished 1\n"));
  snapshot.finished = false;
  snapshot.failed = true;
  EXPECT_THAT(Text(snapshot),
              AllOf(HasSubstr("\npomona_run_finished 0\n"), HasSubstr("\npomona_run_failed 1\n")));
}

TEST(MetricFamiliesTest, EverySeriesCarriesTheRun) {
  MetricsSnapshot snapshot = Some();
  snapshot.run = "fruits";
  for (const auto& family : MetricFamilies(snapshot)) {
    for (const auto& metric : family.metric) {
      ASSERT_FALSE(metric.label.empty()) << family.name;
      EXPECT_EQ(metric.label.back().name, "run");
      EXPECT_EQ(metric.label.back().value, "fruits");
    }
  }
}

TEST(MetricFamiliesTest, LabelsAreEscapedAndUtf8) {
  MetricsSnapshot snapshot = Some();
  snapshot.run = "a\"b\\c\nd";
  snapshot.progress.model = "caf\xe9";
  EXPECT_THAT(Text(snapshot), AllOf(HasSubstr("\npomona_cores{run=\"a\\\"b\\\\c\\\\nd\"} 2\n"),
                                    HasSubstr("model=\"caf\\\\xe9\"")));
  snapshot.progress.model = "café";
  EXPECT_THAT(Text(snapshot), HasSubstr("model=\"café\""));
}

}  // namespace
}  // namespace pomona
