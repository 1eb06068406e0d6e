#pragma once

#include <memory>
#include <openvino/core/model.hpp>
#include <openvino/opsets/opset13.hpp>
#include <string>
#include <vector>

#include "pomona/model.h"

namespace pomona {

/// Small networks for tests, layer by layer. Weights are 1/1, 1/2, 1/3, ...
class TestNetwork {
 public:
  using Value = ov::Output<ov::Node>;

  explicit TestNetwork(const ov::PartialShape& shape = {1, 3, 8, 8},
                       ov::element::Type type = ov::element::f32)
      : image_(std::make_shared<ov::opset13::Parameter>(type, shape)) {
    image_->output(0).set_names({"image"});
  }

  Value image() const { return image_; }

  static Value Named(Value value, const std::string& name) {
    value.set_names({name});
    return value;
  }

  static Value Weights(const ov::Shape& shape) {
    std::vector<float> values(ov::shape_size(shape));
    for (size_t i = 0; i < values.size(); ++i) values[i] = 1.0F / static_cast<float>(i + 1);
    return ov::opset13::Constant::create(ov::element::f32, shape, values);
  }

  /// [1,in,h,w] -> [1,out,h/stride,w/stride], 1x1 kernel.
  static Value Convolution(const Value& x, size_t in, size_t out, size_t stride = 1) {
    const ov::CoordinateDiff none{0, 0};
    return std::make_shared<ov::opset13::Convolution>(
        x, Weights({out, in, 1, 1}), ov::Strides{stride, stride}, none, none, ov::Strides{1, 1});
  }

  static Value Relu(const Value& x) { return std::make_shared<ov::opset13::Relu>(x); }

  /// [1,c,h,w] -> [1,c]
  static Value Pool(const Value& x, const std::vector<int64_t>& axes = {2, 3}) {
    return std::make_shared<ov::opset13::ReduceMean>(
        x, ov::opset13::Constant::create(ov::element::i64, {axes.size()}, axes), false);
  }

  /// [1,in] -> [1,out]
  static Value Dense(const Value& x, size_t in, size_t out) {
    const auto y = std::make_shared<ov::opset13::MatMul>(x, Weights({in, out}));
    return std::make_shared<ov::opset13::Add>(y, Weights({1, out}));
  }

  static Value Softmax(const Value& x) { return std::make_shared<ov::opset13::Softmax>(x, 1); }

  std::shared_ptr<ov::Model> Build(const std::vector<Value>& outputs) const {
    return std::make_shared<ov::Model>(ov::OutputVector(outputs.begin(), outputs.end()),
                                       ov::ParameterVector{image_});
  }

 private:
  std::shared_ptr<ov::opset13::Parameter> image_;
};

}  // namespace pomona
