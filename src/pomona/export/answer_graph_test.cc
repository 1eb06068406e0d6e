#include "pomona/export/answer_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openvino/opsets/opset13.hpp>
#include <openvino/runtime/core.hpp>
#include <vector>

#include "pomona/base/random.h"
#include "pomona/classify/classifier_fields.h"
#include "pomona/image/resampler.h"
#include "pomona/image/row_sink.h"
#include "pomona/model/openvino_core.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
using ::testing::FloatNear;
using ::testing::Pointwise;

constexpr int kSide = 4;
constexpr size_t kDim = 3 * kSide * kSide;

/// The pixels themselves as features.
std::shared_ptr<ov::Model> Pixels() {
  const auto image =
      std::make_shared<ops::Parameter>(ov::element::u8, ov::Shape{1, kSide, kSide, 3});
  const auto row = std::make_shared<ops::Reshape>(
      image, ops::Constant::create(ov::element::i64, {2}, {1, -1}), false);
  const auto features = std::make_shared<ops::Convert>(row, ov::element::f32);
  return std::make_shared<ov::Model>(ov::OutputVector{features}, ov::ParameterVector{image});
}

std::vector<double> Numbers(Random& random, size_t count, double scale = 1) {
  std::vector<double> numbers;
  for (size_t i = 0; i < count; ++i) numbers.push_back(scale * (random.Share() - 0.5));
  return numbers;
}

Classifier Made(LearnMethod method, ScoreKind kind) {
  Random random(7);
  const size_t rank = method == LearnMethod::kCentroid ? kDim : 2;
  Classifier::Fields fields;
  fields.method = method;
  fields.score_kind = kind;
  fields.labels = {"apple", "lemon", "plum"};
  fields.counts = {1, 2, 3};
  fields.mean = Numbers(random, kDim, 200);
  if (method != LearnMethod::kCentroid) fields.projection = Numbers(random, rank * kDim, 0.05);
  fields.class_means = Numbers(random, 3 * rank, 10);
  if (method == LearnMethod::kLogistic) {
    fields.weights = Numbers(random, 3 * kDim, 0.002);
    fields.bias = Numbers(random, 3);
  }
  fields.temperature = kind == ScoreKind::kCosine         ? 1
                       : method == LearnMethod::kCentroid ? 2000
                                                          : 50;
  fields.doubt = 0.1;
  return Classifier(fields);
}

struct Answered {
  std::vector<float> probabilities, unknown, features;
};

Answered Ask(const Classifier& classifier, const std::vector<uint8_t>& pixels, size_t height,
             size_t width) {
  auto request = OpenVino()
                     .compile_model(AnswerGraph(Pixels(), classifier), "CPU",
                                    ov::hint::inference_precision(ov::element::f32))
                     .create_infer_request();
  request.set_tensor(kImage, ov::Tensor(ov::element::u8, {1, height, width, 3},
                                        const_cast<uint8_t*>(pixels.data())));
  request.infer();
  const auto numbers = [&](const char* name) {
    const ov::Tensor tensor = request.get_tensor(name);
    const auto* first = tensor.data<const float>();
    return std::vector<float>(first, first + tensor.get_size());
  };
  return {numbers(kProbabilities), numbers(kUnknownScore), numbers(kFeatures)};
}

std::vector<uint8_t> Picture(int height, int width) {
  Random random(3);
  std::vector<uint8_t> pixels;
  for (int i = 0; i < height * width * 3; ++i) pixels.push_back(random.Next() % 256);
  return pixels;
}

class OfKind : public ::testing::TestWithParam<std::pair<LearnMethod, ScoreKind>> {};

TEST_P(OfKind, answers_are_the_classifiers) {
  const Classifier classifier = Made(GetParam().first, GetParam().second);
  const auto pixels = Picture(kSide, kSide);
  const std::vector<float> features(pixels.begin(), pixels.end());
  const auto wanted = classifier.Answer(features.data(), 1);
  const Answered given = Ask(classifier, pixels, kSide, kSide);
  EXPECT_EQ(given.features, features);
  EXPECT_THAT(given.probabilities, Pointwise(FloatNear(1e-5F), wanted.probabilities));
  EXPECT_NEAR(given.unknown.at(0), wanted.unknown.at(0), 1e-5 * (1 + wanted.unknown.at(0)));
  EXPECT_GT(wanted.probabilities[0], 0.04F) << "what is compared shall say something";
}

INSTANTIATE_TEST_SUITE_P(
    AnswerGraph, OfKind,
    ::testing::Values(std::pair(LearnMethod::kDiscriminant, ScoreKind::kCosine),
                      std::pair(LearnMethod::kDiscriminant, ScoreKind::kDistance),
                      std::pair(LearnMethod::kLogistic, ScoreKind::kCosine),
                      std::pair(LearnMethod::kCentroid, ScoreKind::kCosine),
                      std::pair(LearnMethod::kCentroid, ScoreKind::kDistance)));

TEST(AnswerGraph, a_row_like_no_class_has_the_cosine_zero) {
  Classifier::Fields fields;
  fields.method = LearnMethod::kCentroid;
  fields.labels = {"a", "b"};
  fields.counts = {1, 1};
  fields.mean = std::vector<double>(kDim, 9);
  fields.class_means = std::vector<double>(2 * kDim, 1);
  const Answered given = Ask(Classifier(fields), std::vector<uint8_t>(kDim, 9), kSide, kSide);
  EXPECT_THAT(given.probabilities, ::testing::ElementsAre(0.5F, 0.5F));
  EXPECT_EQ(given.unknown.at(0), 1.0F);
}

TEST(AnswerGraph, resizes_any_image_as_Pillow) {
  for (const auto& [height, width] : {std::pair(9, 31), std::pair(3, 2), std::pair(64, 48)}) {
    auto pixels = Picture(height, width);
    const Answered given = Ask(Made(LearnMethod::kCentroid, ScoreKind::kCosine), pixels,
                               static_cast<size_t>(height), static_cast<size_t>(width));
    std::vector<uint8_t> resized(kDim);
    image::Resampler resampler(kSide, kSide, ResizeFilter::kBicubic);
    resampler.Start(width, height, resized.data());
    pixels.resize(pixels.size() + image::kRowPadding);
    resampler.Push(pixels.data(), static_cast<size_t>(width) * 3, height);
    EXPECT_THAT(given.features,
                Pointwise(FloatNear(1), std::vector<float>(resized.begin(), resized.end())))
        << height << " x " << width;
  }
}

}  // namespace
}  // namespace pomona
