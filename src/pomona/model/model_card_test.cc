#include "pomona/model/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string ErrorOf(std::string_view json) {
  const auto card = ParseModelCard(json, "m/card.json");
  EXPECT_TRUE(card.status().IsSerializationError()) << json;
  return card.ok() ? "" : card.status().message();
}

TEST(ParseModelCard, reads_every_key) {
  const auto card = ParseModelCard(R"({
    "name": "net", "description": "d", "source": "s", "license": "MIT",
    "height": 160, "width": 192, "layout": "NHWC",
    "normalisation": {"mean": [1, 2.5, 3], "scale": [4, 5, 6], "bgr": true},
    "features": "gap", "features_layout": "NHWC", "levels": ["first", "second"]})",
                                   "m/card.json");
  ASSERT_TRUE(card.ok()) << card.status();
  EXPECT_EQ(card->name, "net");
  EXPECT_EQ(card->description, "d");
  EXPECT_EQ(card->source, "s");
  EXPECT_EQ(card->license, "MIT");
  EXPECT_EQ(card->height, 160);
  EXPECT_EQ(card->width, 192);
  EXPECT_EQ(card->layout, "NHWC");
  EXPECT_THAT(card->normalisation->mean, ElementsAre(1, 2.5, 3));
  EXPECT_THAT(card->normalisation->scale, ElementsAre(4, 5, 6));
  EXPECT_TRUE(card->normalisation->bgr);
  EXPECT_EQ(card->features, "gap");
  EXPECT_EQ(card->features_layout, "NHWC");
  EXPECT_THAT(card->levels, ElementsAre("first", "second"));
}

TEST(ParseModelCard, leaves_absent_what_is_not_said) {
  const auto card = ParseModelCard("{}", "m/card.json");
  ASSERT_TRUE(card.ok());
  EXPECT_FALSE(card->height || card->width || card->layout || card->normalisation);
  EXPECT_EQ(card->features, "");
}

TEST(ParseModelCard, refuses_unknown_keys) {
  EXPECT_EQ(ErrorOf(R"({"heigth": 3})").substr(0, 60),
            "model card `m/card.json` has an unknown key `heigth`\nhint: k");
  EXPECT_THAT(ErrorOf(R"({"normalisation": {"std": [1,1,1]}})"),
              HasSubstr("unknown key `normalisation.std`\nhint: known keys are bgr, mean, scale"));
}

TEST(ParseModelCard, names_the_key_of_a_bad_value) {
  EXPECT_EQ(ErrorOf(R"({"height": 0})"),
            "model card `m/card.json`: `height` must be a whole number of pixels from 1 to 4096, "
            "not 0");
  EXPECT_THAT(ErrorOf(R"({"width": "224"})"), HasSubstr("`width` must be"));
  for (const char* levels : {"[]", "\"a\"", "[1]", "[\"\"]", "[\"a\", \"a\"]"}) {
    EXPECT_THAT(ErrorOf(std::string(R"({"levels": )") + levels + "}"),
                HasSubstr("`levels` must be a list of names"));
  }
  EXPECT_THAT(ErrorOf(R"({"layout": "CHWN"})"), HasSubstr("`layout` must be"));
  EXPECT_THAT(ErrorOf(R"({"features_layout": 1})"), HasSubstr("`features_layout` must be"));
  EXPECT_THAT(ErrorOf(R"({"name": 7})"), HasSubstr("`name` must be text, not 7"));
  EXPECT_THAT(ErrorOf(R"({"normalisation": "torch"})"), HasSubstr("`normalisation` must be"));
  EXPECT_THAT(ErrorOf(R"({"normalisation": {"mean": [1, 2]}})"),
              HasSubstr("`normalisation.mean` must be a list of 3 numbers, not [1,2]"));
  EXPECT_THAT(ErrorOf(R"({"normalisation": {"scale": [1, 0, 1]}})"),
              HasSubstr("`normalisation.scale` must be a list of 3 numbers above 0"));
  EXPECT_THAT(ErrorOf(R"({"normalisation": {"bgr": 1}})"), HasSubstr("`normalisation.bgr`"));
}

TEST(ParseModelCard, refuses_what_is_no_object) {
  EXPECT_THAT(ErrorOf("{"),
              HasSubstr("model card `m/card.json` is no JSON: parse error at line 1"));
  EXPECT_EQ(ErrorOf("[]"), "model card `m/card.json` is no JSON object");
}

TEST(ParseModelCard, refuses_what_nests_too_deep) {
  const std::string open(200'000, '[');
  const std::string deep = open + std::string(open.size(), ']');
  for (const std::string& json :
       {open, deep, R"({"name": )" + deep + "}", R"({"normalisation": {"mean": )" + deep + "}}"}) {
    EXPECT_EQ(ErrorOf(json), "model card `m/card.json` nests more than 64 levels deep");
  }
}

TEST(ParseModelCard, shows_only_the_beginning_of_a_long_bad_value) {
  const std::string message = ErrorOf(R"({"height": ")" + std::string(10'000, 'x') + "\"}");
  EXPECT_THAT(message, HasSubstr("xxx..."));
  EXPECT_LT(message.size(), 300U);
}

TEST(ReadModelCard, says_that_it_cannot_be_read) {
  EXPECT_TRUE(ReadModelCard("/nonexistent/card.json").status().IsIOError());
  EXPECT_TRUE(ReadModelCard("/").status().IsIOError());
}

TEST(PreprocessPreset, knows_the_usual_ones) {
  EXPECT_THAT(PreprocessPreset("keras-tf")->mean, ElementsAre(127.5F, 127.5F, 127.5F));
  EXPECT_TRUE(PreprocessPreset("keras-caffe")->bgr);
  EXPECT_FALSE(PreprocessPreset("torch")->bgr);
  EXPECT_THAT(PreprocessPreset("lite")->scale, ElementsAre(128, 128, 128));
  EXPECT_EQ(PreprocessPreset("tf").status().message(),
            "no preprocessing preset `tf`\nhint: one of keras-tf, keras-caffe, torch, lite, none");
}

TEST(ParsePrecision, is_the_inverse_of_its_name) {
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kAuto}) {
    EXPECT_EQ(*ParsePrecision(PrecisionName(precision)), precision);
  }
  EXPECT_TRUE(ParsePrecision("fp16").status().IsInvalid());
}

}  // namespace
}  // namespace pomona
