#include "pomona/model/pooled_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "test_network.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::Pointwise;
using Net = TestNetwork;

/// What a graph of one image makes of these numbers, computed by OpenVINO's reference.
std::vector<float> Evaluate(const ov::Model& graph, const ov::Shape& shape,
                            const std::vector<float>& image) {
  ov::Tensor in(ov::element::f32, shape);
  std::copy(image.begin(), image.end(), in.data<float>());
  ov::TensorVector out = {ov::Tensor(ov::element::f32, graph.output().get_shape())};
  EXPECT_TRUE(graph.evaluate(out, {in}));
  return {out[0].data<float>(), out[0].data<float>() + out[0].get_size()};
}

TEST(PoolFeatures, joins_means_deviations_and_vectors_in_their_order) {
  const Net net({1, 2, 2, 2});
  const auto map = Net::Named(Net::Relu(net.image()), "map");
  const auto vector = Net::Named(Net::Pool(net.image()), "vector");
  const auto model = net.Build({vector});
  const std::vector<FeatureSource> sources = {{map, true, 1}, {vector}};
  const auto pooled = PoolFeatures(*CutAt(*model, sources), sources, Pooling::kMeanStd);
  EXPECT_THAT(pooled.slices,
              ElementsAre(FeatureSlice{"map", "mean", 2}, FeatureSlice{"map", "std", 2},
                          FeatureSlice{"vector", "", 2}));
  // The deviation of a channel far from 0 keeps its digits.
  EXPECT_THAT(Evaluate(*pooled.graph, {1, 2, 2, 2}, {1, 2, 3, 6, 4096, 4097, 4096, 4097}),
              Pointwise(FloatEq(), std::vector<float>{3, 4096.5, std::sqrt(3.5F), 0.5, 3, 4096.5}));
}

TEST(PoolFeatures, pools_over_the_axes_that_are_pixels) {
  const Net net({1, 2, 2, 3});
  const std::vector<FeatureSource> last = {{Net::Named(Net::Relu(net.image()), "map"), true, 3}};
  const auto model = net.Build({last[0].tensor});
  const auto pooled = PoolFeatures(*CutAt(*model, last), last, Pooling::kMean);
  EXPECT_THAT(pooled.slices, ElementsAre(FeatureSlice{"map", "mean", 3}));
  EXPECT_THAT(
      Evaluate(*pooled.graph, {1, 2, 2, 3}, {1, 10, 100, 2, 20, 200, 3, 30, 300, 6, 60, 600}),
      Pointwise(FloatEq(), std::vector<float>{3, 30, 300}));
}

TEST(CutAt, drops_what_comes_after) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto model = net.Build({Net::Softmax(Net::Dense(pooled, 5, 4))});
  for (const auto& node : CutAt(*model, {{pooled}})->get_ordered_ops()) {
    EXPECT_FALSE(ov::is_type<ov::opset13::MatMul>(node));
  }
}

}  // namespace
}  // namespace pomona
