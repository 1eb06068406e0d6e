#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pomona/core_speed.h"
#include "pomona/demo.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::HasSubstr;

CalibrationOptions Short() {
  CalibrationOptions options;
  options.duration = std::chrono::milliseconds(500);
  return options;
}

/// With a set of 12 images in `folder`, on one core.
CalibrationOptions OfDemo(const TempFolder& folder) {
  EXPECT_TRUE(
      DrawDemo(folder.string() + "/set", {.training_per_class = 1, .test_per_class = 0}).ok());
  CalibrationOptions options = Short();
  options.list.source = folder.string() + "/set";
  options.extract.threads = 1;
  return options;
}

TEST(CalibrateTest, measures_with_drawn_images_where_there_is_no_source) {
  const auto speed = Calibrate(Short());
  ASSERT_TRUE(speed.ok()) << speed.status();
  EXPECT_GT(speed->images_per_second, 0);
  EXPECT_EQ(speed->feature_dim, 1280);
  EXPECT_EQ(speed->precision, "f32");
  EXPECT_THAT(speed->source, HasSubstr("images drawn for it"));
  EXPECT_THAT(speed->warning, HasSubstr("100x100"));
}

TEST(CalibrateTest, measures_with_the_first_images_of_the_source) {
  TempFolder folder;
  CalibrationOptions options = OfDemo(folder);
  const auto speed = Calibrate(options);
  ASSERT_TRUE(speed.ok()) << speed.status();
  EXPECT_GT(speed->images_per_second, 0);
  EXPECT_THAT(speed->source, HasSubstr("for 0.5 s on 1 core with 12 images of the source"));
  EXPECT_EQ(speed->warning, "");
  options.extract.memory_bytes = 1;  // one image is taken whatever its size
  EXPECT_THAT(Calibrate(options)->source, HasSubstr("with 1 image of the source"));
}

TEST(CalibrateTest, images_that_cannot_be_decoded_say_nothing_about_speed) {
  TempFolder folder;
  folder.Write("set/one.jpg", "no picture");
  CalibrationOptions options = Short();
  options.list.source = folder.string() + "/set";
  EXPECT_THAT(Calibrate(options).status().message(), HasSubstr("decoded"));
  options.list.source = folder.string() + "/missing";
  EXPECT_FALSE(Calibrate(options).ok());
}

TEST(CalibrateTest, some_that_cannot_be_decoded_do_not_make_it_faster) {
  TempFolder folder;
  CalibrationOptions options = OfDemo(folder);
  const double alone = Calibrate(options)->images_per_second;
  for (int i = 0; i < 468; ++i) {
    folder.Write("set/broken/" + std::to_string(i) + ".jpg", "no picture");
  }
  const auto mixed = Calibrate(options);
  ASSERT_TRUE(mixed.ok()) << mixed.status();
  EXPECT_LT(mixed->images_per_second, 5 * alone);  // 40 times as many rows as images
  EXPECT_THAT(mixed->warning, HasSubstr("% of the images measured cannot be decoded"));
}

TEST(CalibrateTest, options_are_refused_by_name) {
  CalibrationOptions options;
  options.duration = std::chrono::milliseconds(0);
  EXPECT_THAT(Calibrate(options).status().message(), HasSubstr("duration"));
}

}  // namespace
}  // namespace pomona
