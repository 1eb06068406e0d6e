#include "pomona/extract/preset.h"

#include <gtest/gtest.h>

#include "pomona/model/engine_facts.h"

namespace pomona {
namespace {

TEST(JustifiedSize, is_little_more_than_the_pictures_and_at_most_the_networks_own) {
  EXPECT_EQ(JustifiedSize(100, 224), 160);
  EXPECT_EQ(JustifiedSize(101, 224), 192);
  EXPECT_EQ(JustifiedSize(10, 224), 96);
  EXPECT_EQ(JustifiedSize(348, 224), 224);
  EXPECT_EQ(JustifiedSize(10, 64), 64);
}

TEST(WithPreset, same_is_what_no_preset_was) {
  const ExtractOptions same = *WithPreset({}, 100);
  EXPECT_EQ(same.precision, Precision::kF32);
  EXPECT_EQ(same.input_size, 0);
  EXPECT_EQ(same.features, "");
  EXPECT_TRUE(same.views->empty());
}

TEST(WithPreset, fast_takes_what_the_cpu_does_fast_and_the_size_that_the_source_justifies) {
  ExtractOptions options;
  options.preset = Preset::kFast;
  const ExtractOptions fast = *WithPreset(options, 100);
  const bool bf16 = FindEngineFacts()->auto_precision == Precision::kBf16;
  EXPECT_EQ(fast.precision, bf16 ? Precision::kBf16 : Precision::kInt8);
  EXPECT_EQ(fast.input_size, 160);
  // Without a source nothing justifies a smaller image.
  EXPECT_EQ(WithPreset(options, std::nullopt)->input_size, 0);
}

TEST(WithPreset, rich_takes_levels_and_all_views) {
  ExtractOptions options;
  options.preset = Preset::kRich;
  const ExtractOptions rich = *WithPreset(options, 100);
  EXPECT_EQ(rich.features, "levels");
  EXPECT_EQ(rich.views->size(), 7U);
  EXPECT_EQ(rich.input_size, 0);
}

TEST(WithPreset, leaves_what_is_given) {
  ExtractOptions options;
  options.preset = Preset::kFast;
  options.precision = Precision::kF32;
  options.input_size = 128;
  const ExtractOptions fast = *WithPreset(options, 100);
  EXPECT_EQ(fast.precision, Precision::kF32);
  EXPECT_EQ(fast.input_size, 128);
  options.preset = Preset::kRich;
  options.features = "last";
  options.views.emplace();
  const ExtractOptions rich = *WithPreset(options, 100);
  EXPECT_EQ(rich.features, "last");
  EXPECT_TRUE(rich.views->empty());
}

}  // namespace
}  // namespace pomona
