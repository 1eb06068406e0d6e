#include "pomona/model/pooled_features.h"

#include <openvino/opsets/opset13.hpp>

#include "pomona/model/feature_tensor.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
using Value = ov::Output<ov::Node>;

Value Integers(const std::vector<int64_t>& values) {
  return ops::Constant::create(ov::element::i64, {values.size()}, values);
}

Value AsFloat(const Value& value) {
  if (value.get_element_type() == ov::element::f32) return value;
  return std::make_shared<ops::Convert>(value, ov::element::f32);
}

std::vector<int64_t> PixelAxes(size_t channel_axis) {
  std::vector<int64_t> axes;
  for (const int64_t axis : {1, 2, 3}) {
    if (axis != static_cast<int64_t>(channel_axis)) axes.push_back(axis);
  }
  return axes;
}

class Joined {
 public:
  void Add(const std::string& tensor, const char* pool, const Value& value) {
    // Whatever axes of length 1 it has.
    const Value row = std::make_shared<ops::Reshape>(AsFloat(value), Integers({1, -1}), false);
    slices_.push_back({tensor, pool, static_cast<int>(row.get_shape()[1])});
    values_.push_back(row);
  }

  PooledFeatures Finish(const ov::ParameterVector& parameters) {
    const Value all =
        values_.size() == 1 ? values_.front() : std::make_shared<ops::Concat>(values_, 1);
    return {std::make_shared<ov::Model>(ov::ResultVector{std::make_shared<ops::Result>(all)},
                                        parameters),
            std::move(slices_)};
  }

 private:
  ov::OutputVector values_;
  std::vector<FeatureSlice> slices_;
};

}  // namespace

std::shared_ptr<ov::Model> CutAt(const ov::Model& network,
                                 const std::vector<FeatureSource>& sources) {
  ov::ResultVector results;
  for (const auto& source : sources) {
    results.push_back(std::make_shared<ops::Result>(source.tensor));
  }
  return std::make_shared<ov::Model>(results, network.get_parameters());
}

PooledFeatures PoolFeatures(const ov::Model& part, const std::vector<FeatureSource>& sources,
                            Pooling pooling) {
  Joined joined;
  for (const auto& source : sources) {
    const std::string name = TensorName(source.tensor);
    if (!source.is_map) {
      joined.Add(name, "", source.tensor);
      continue;
    }
    const Value map = AsFloat(source.tensor);
    const Value axes = Integers(PixelAxes(source.channel_axis));
    const Value mean = std::make_shared<ops::ReduceMean>(map, axes, true);
    joined.Add(name, "mean", mean);
    if (pooling == Pooling::kMean) continue;
    const Value off = std::make_shared<ops::Subtract>(map, mean);
    const Value squares = std::make_shared<ops::Multiply>(off, off);
    joined.Add(name, "std",
               std::make_shared<ops::Sqrt>(std::make_shared<ops::ReduceMean>(squares, axes, true)));
  }
  return joined.Finish(part.get_parameters());
}

}  // namespace pomona
