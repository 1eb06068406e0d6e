#include "pomona/export/onnx_file.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <openvino/op/util/convolution_base.hpp>
#include <openvino/opsets/opset13.hpp>
#include <optional>
#include <set>
#include <vector>

#include "pomona/export/onnx_graph.h"
#include "pomona/export/rounded_weights.h"
#include "pomona/model/is_any.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
using arrow::Result;
using arrow::Status;
using Value = ov::Output<ov::Node>;
using Names = std::vector<std::string>;

/// The operations that are one of ONNX with the same inputs and no attribute.
const char* PlainName(const ov::Node* node) {
  if (ov::is_type<ops::Add>(node)) return "Add";
  if (ov::is_type<ops::Subtract>(node)) return "Sub";
  if (ov::is_type<ops::Multiply>(node)) return "Mul";
  if (ov::is_type<ops::Divide>(node)) return "Div";
  if (ov::is_type<ops::Maximum>(node)) return "Max";
  if (ov::is_type<ops::Sqrt>(node)) return "Sqrt";
  if (ov::is_type<ops::Relu>(node)) return "Relu";
  return nullptr;
}

const char* ReductionName(const ov::Node* node) {
  if (ov::is_type<ops::ReduceMean>(node)) return "ReduceMean";
  if (ov::is_type<ops::ReduceSum>(node)) return "ReduceSum";
  if (ov::is_type<ops::ReduceMax>(node)) return "ReduceMax";
  return nullptr;
}

template <typename T>
std::string_view BytesOf(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::optional<OnnxType> TypeOf(const ov::element::Type& type) {
  if (type == ov::element::f32) return OnnxType::kFloat;
  if (type == ov::element::u8) return OnnxType::kUint8;
  if (type == ov::element::i64) return OnnxType::kInt64;
  return std::nullopt;
}

std::vector<int64_t> Lengths(const ov::Shape& shape) { return {shape.begin(), shape.end()}; }

const ops::Constant* ConstantAt(const ov::Node* node, size_t input) {
  return ov::as_type<const ops::Constant>(node->get_input_node_ptr(input));
}

class Translation {
 public:
  explicit Translation(const ov::Model& graph) : graph_(graph) {}

  Result<std::string> Translate(const ExportTexts& texts) {
    for (const auto& result : graph_.get_results()) {
      names_[result->input_value(0)] = result->input_value(0).get_any_name();
    }
    for (const auto& [value, name] : names_) taken_.insert(name);
    for (const auto& node : graph_.get_ordered_ops()) {
      if (IsAny<ops::Constant, ops::Result>(node.get()) || done_.contains(node.get())) continue;
      ARROW_RETURN_NOT_OK(Add(node.get()));
    }
    for (const auto& result : graph_.get_results()) {
      graph_out_.AddOutput(NameOf(result->input_value(0)), OnnxType::kFloat,
                           Shape(result->input_value(0)));
    }
    return graph_out_.Finish(texts);
  }

 private:
  static Names Shape(const Value& value) {
    Names lengths;
    static constexpr const char* kOpen[] = {"batch", "height", "width", "channels"};
    for (const auto& length : value.get_partial_shape()) {
      lengths.push_back(length.is_static() ? std::to_string(length.get_length())
                                           : kOpen[lengths.size() % 4]);
    }
    return lengths;
  }

  Status Refuse(const ov::Node* node, const char* why = "") const {
    return Status::Invalid("the network has the operation `", node->get_type_name(), "` (layer `",
                           ShownText(node->get_friendly_name()), "`)", why,
                           ", which cannot be written as ONNX",
                           "\nhint: option `format=openvino` writes any network");
  }

  std::string Unique(std::string name) {
    while (!taken_.insert(name).second) name += '_';
    return name;
  }

  /// The name of `value`; of a constant that is not in the file yet, it is then.
  std::string NameOf(const Value& value) {
    auto& name = names_[value];
    if (!name.empty()) return name;
    const auto* node = value.get_node();
    const bool counted = node->get_friendly_name() == node->get_name();
    name = Unique(counted ? "v" + std::to_string(names_.size()) : node->get_friendly_name());
    if (const auto* constant = ov::as_type<const ops::Constant>(node)) {
      graph_out_.AddTensor(
          name, *TypeOf(constant->get_element_type()), Lengths(constant->get_shape()),
          {static_cast<const char*>(constant->get_data_ptr()), constant->get_byte_size()});
    }
    return name;
  }

  template <typename T>
  std::string Tensor(const std::string& name, OnnxType type, const std::vector<int64_t>& shape,
                     const std::vector<T>& values) {
    std::string unique = Unique(name);
    graph_out_.AddTensor(unique, type, shape, BytesOf(values));
    return unique;
  }

  void Emit(const char* kind, const Names& inputs, const Value& output,
            const Names& attributes = {}) {
    graph_out_.AddNode(kind, inputs, NameOf(output), attributes);
  }

  std::string EmitNew(const char* kind, const Names& inputs, const std::string& name,
                      const Names& attributes = {}) {
    std::string unique = Unique(name);
    graph_out_.AddNode(kind, inputs, unique, attributes);
    return unique;
  }

  Names Inputs(const ov::Node* node) {
    Names inputs;
    for (const auto& value : node->input_values()) inputs.push_back(NameOf(value));
    return inputs;
  }

  Status Add(ov::Node* node) {
    auto values = node->input_values();
    values.push_back(node->output(0));
    for (const auto& value : values) {
      if (!TypeOf(value.get_element_type())) return Refuse(node, " on numbers of another type");
    }
    const Value output = node->output(0);
    if (const char* name = PlainName(node)) {
      Emit(name, Inputs(node), output);
    } else if (const char* reduction = ReductionName(node)) {
      const auto* how = ov::as_type<const ov::op::util::ArithmeticReductionKeepDims>(node);
      Emit(reduction, Inputs(node), output,
           {OnnxGraph::Integer("keepdims", how->get_keep_dims() ? 1 : 0)});
    } else if (ov::is_type<ops::Parameter>(node)) {
      graph_out_.AddInput(NameOf(output), *TypeOf(output.get_element_type()), Shape(output));
    } else if (const auto* clamp = ov::as_type<const ops::Clamp>(node)) {
      Emit("Clip", {NameOf(node->input_value(0)), Bound(clamp->get_min()), Bound(clamp->get_max())},
           output);
    } else if (const auto* softmax = ov::as_type<const ops::Softmax>(node)) {
      Emit("Softmax", Inputs(node), output,
           {OnnxGraph::Integer("axis", static_cast<int64_t>(softmax->get_axis()))});
    } else if (const auto* concat = ov::as_type<const ops::Concat>(node)) {
      Emit("Concat", Inputs(node), output, {OnnxGraph::Integer("axis", concat->get_axis())});
    } else if (ov::is_type<ops::Convert>(node)) {
      const auto type = static_cast<int64_t>(*TypeOf(output.get_element_type()));
      Emit("Cast", Inputs(node), output, {OnnxGraph::Integer("to", type)});
    } else if (ov::is_type<ov::op::util::ConvolutionFwdPropBase>(node)) {
      return AddConvolution(node);
    } else if (ov::is_type<ops::FakeQuantize>(node)) {
      return AddRounding(node);
    } else {
      return AddByConstants(node, output);
    }
    return Status::OK();
  }

  /// Operations some of whose inputs must be constant.
  Status AddByConstants(ov::Node* node, const Value& output) {
    const auto data = [&] { return NameOf(node->input_value(0)); };
    const auto* second = node->get_input_size() > 1 ? ConstantAt(node, 1) : nullptr;
    if (ov::is_type<ops::Reshape>(node) && second != nullptr) {
      Emit("Reshape", Inputs(node), output, {OnnxGraph::Integer("allowzero", 1)});
      return Status::OK();
    }
    if (ov::is_type<ops::Transpose>(node) && second != nullptr) {
      const auto order = second->cast_vector<int64_t>();
      Emit("Transpose", {data()}, output, {OnnxGraph::Integers("perm", order)});
      return Status::OK();
    }
    if (ov::is_type<ops::Gather>(node) && ConstantAt(node, 2) != nullptr) {
      const int64_t axis = ConstantAt(node, 2)->cast_vector<int64_t>().at(0);
      Emit("Gather", {data(), NameOf(node->input_value(1))}, output,
           {OnnxGraph::Integer("axis", axis)});
      return Status::OK();
    }
    if (const auto* product = ov::as_type<const ops::MatMul>(node)) {
      if (product->get_transpose_a() || product->get_transpose_b()) {
        return Refuse(node, " with a transposition");
      }
      Emit("MatMul", Inputs(node), output);
      return Status::OK();
    }
    if (const auto* resize = ov::as_type<const ops::Interpolate>(node)) {
      return AddResize(*resize, output);
    }
    return Refuse(node);
  }

  /// AnswerGraph's own: Pillow's bicubic. ONNX leaves out what lies beyond the image's edge, as
  /// Pillow does, where `exclude_outside` says so.
  Status AddResize(const ops::Interpolate& resize, const Value& output) {
    const auto& how = resize.get_attrs();
    if (how.mode != ops::Interpolate::InterpolateMode::BICUBIC_PILLOW) return Refuse(&resize);
    const auto axes = ConstantAt(&resize, 2)->cast_vector<int64_t>();
    Emit("Resize", {NameOf(resize.input_value(0)), "", "", NameOf(resize.input_value(1))}, output,
         {OnnxGraph::Text("mode", "cubic"),
          OnnxGraph::Real("cubic_coeff_a", static_cast<float>(how.cube_coeff)),
          OnnxGraph::Integer("antialias", 1), OnnxGraph::Integer("exclude_outside", 1),
          OnnxGraph::Text("coordinate_transformation_mode", "half_pixel"),
          OnnxGraph::Integers("axes", axes)});
    return Status::OK();
  }

  std::string Bound(double value) {
    std::string& name = bounds_[value];
    if (name.empty()) {
      name = Tensor("bound_" + std::to_string(bounds_.size()), OnnxType::kFloat, {},
                    std::vector<float>{static_cast<float>(value)});
    }
    return name;
  }

  Status AddRounding(ov::Node* node) {
    if (WeightsOf(node)) return Status::OK();  // of the layer that reads them
    const auto data = DataOf(node);
    if (!data) return Refuse(node);
    const std::string name = NameOf(node->output(0));
    const std::string scale =
        Tensor(name + ".scale", OnnxType::kFloat, {}, std::vector<float>{data->scale});
    const std::string zero =
        Tensor(name + ".zero", OnnxType::kUint8, {}, std::vector<uint8_t>{data->zero});
    const std::string whole =
        EmitNew("QuantizeLinear", {NameOf(node->input_value(0)), scale, zero}, name + ".whole");
    graph_out_.AddNode("DequantizeLinear", Names{whole, scale, zero}, name, Names());
    return Status::OK();
  }

  Status AddConvolution(ov::Node* node) {
    const auto* layer = ov::as_type<const ov::op::util::ConvolutionFwdPropBase>(node);
    const bool grouped = ov::is_type<ops::GroupConvolution>(node);
    if (!grouped && !ov::is_type<ops::Convolution>(node)) return Refuse(node);
    const ov::Node* weights = node->get_input_node_ptr(1);
    const auto rounded = WeightsOf(weights);
    if (!rounded && ConstantAt(node, 1) == nullptr) return Refuse(node, " without fixed weights");

    // [groups, outputs, inputs, places...] lie as [groups * outputs, inputs, places...] do.
    std::vector<int64_t> shape = Lengths(node->get_input_shape(1));
    const int64_t groups = grouped ? shape[0] : 1;
    if (grouped) {
      shape.erase(shape.begin());
      shape[0] *= groups;
    }
    const std::string name = node->get_friendly_name() == node->get_name()
                                 ? "layer_" + std::to_string(done_.size())
                                 : node->get_friendly_name();
    Names inputs = {NameOf(node->input_value(0))};
    if (rounded) {
      inputs.push_back(
          Scaled(name + ".weights", OnnxType::kInt8, shape, rounded->whole, rounded->scales));
    } else {
      const auto* constant = ConstantAt(node, 1);
      inputs.push_back(Unique(name + ".weights"));
      graph_out_.AddTensor(
          inputs.back(), OnnxType::kFloat, shape,
          {static_cast<const char*>(constant->get_data_ptr()), constant->get_byte_size()});
    }
    Value output = node->output(0);
    if (const ov::Node* bias = BiasAfter(node, shape[0])) {
      const auto values = ConstantAt(bias, 1)->get_vector<float>();
      inputs.push_back(Bias(name + ".bias", values, rounded, DataOf(node->get_input_node_ptr(0))));
      output = Value(const_cast<ov::Node*>(bias)->output(0));
      done_.insert(bias);
    }
    done_.insert(node);

    std::vector<int64_t> pads(layer->get_pads_begin().begin(), layer->get_pads_begin().end());
    pads.insert(pads.end(), layer->get_pads_end().begin(), layer->get_pads_end().end());
    Emit("Conv", inputs, output,
         {OnnxGraph::Integers("strides", Lengths(layer->get_strides())),
          OnnxGraph::Integers("dilations", Lengths(layer->get_dilations())),
          OnnxGraph::Integers("pads", pads), OnnxGraph::Integer("group", groups)});
    return Status::OK();
  }

  /// The addition of a number to each of a layer's `outputs`, where nothing else reads the layer.
  static const ov::Node* BiasAfter(const ov::Node* node, int64_t outputs) {
    const auto readers = node->output(0).get_target_inputs();
    if (readers.size() != 1) return nullptr;
    const ov::Node* reader = readers.begin()->get_node();
    if (!ov::is_type<ops::Add>(reader) || readers.begin()->get_index() != 0) return nullptr;
    const auto* constant = ConstantAt(reader, 1);
    if (constant == nullptr || constant->get_shape().size() != 4) return nullptr;
    const ov::Shape& shape = constant->get_shape();
    const bool of_channels =
        static_cast<int64_t>(shape[1]) == outputs && ov::shape_size(shape) == shape[1];
    return of_channels ? reader : nullptr;
  }

  /// Where data and weights are of 8 bits, the bias in steps of their product, as whole numbers: a
  /// runtime then adds it to the sums of products before these are scaled.
  std::string Bias(const std::string& name, const std::vector<float>& bias,
                   const std::optional<RoundedWeights>& weights,
                   const std::optional<RoundedData>& data) {
    const std::vector<int64_t> shape = {static_cast<int64_t>(bias.size())};
    if (!weights || !data) return Tensor(name, OnnxType::kFloat, shape, bias);
    std::vector<int32_t> whole;
    std::vector<float> steps;
    for (size_t i = 0; i < bias.size(); ++i) {
      steps.push_back(data->scale * weights->scales[i]);
      const double steps_of = std::nearbyint(static_cast<double>(bias[i]) / steps[i]);
      if (std::abs(steps_of) > std::numeric_limits<int32_t>::max() / 2) {
        return Tensor(name, OnnxType::kFloat, shape, bias);
      }
      whole.push_back(static_cast<int32_t>(steps_of));
    }
    return Scaled(name, OnnxType::kInt32, shape, whole, steps);
  }

  /// Whole numbers, and what is made of them by a scale for each of their first axis.
  template <typename T>
  std::string Scaled(const std::string& name, OnnxType type, const std::vector<int64_t>& shape,
                     const std::vector<T>& whole, const std::vector<float>& scales) {
    const std::string numbers = Tensor(name + ".whole", type, shape, whole);
    const std::string factors =
        Tensor(name + ".scale", OnnxType::kFloat, {static_cast<int64_t>(scales.size())}, scales);
    const std::string zeros = Tensor(name + ".zero", type, {static_cast<int64_t>(scales.size())},
                                     std::vector<T>(scales.size()));
    return EmitNew("DequantizeLinear", {numbers, factors, zeros}, name,
                   {OnnxGraph::Integer("axis", 0)});
  }

  const ov::Model& graph_;
  OnnxGraph graph_out_;
  std::map<Value, std::string> names_;
  std::set<std::string> taken_;
  std::set<const ov::Node*> done_;
  std::map<double, std::string> bounds_;
};

}  // namespace

arrow::Result<std::string> WriteOnnx(const ov::Model& graph, const ExportTexts& texts) {
  return Translation(graph).Translate(texts);
}

}  // namespace pomona
