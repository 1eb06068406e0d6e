#include "pomona/export/answer_graph.h"

#include <cmath>
#include <openvino/opsets/opset13.hpp>
#include <span>
#include <string>
#include <vector>

namespace pomona {
namespace {

namespace ops = ov::opset13;
using Value = ov::Output<ov::Node>;

Value Number(double number) {
  return ops::Constant::create(ov::element::f32, {1}, {static_cast<float>(number)});
}

Value Rows(std::span<const double> matrix, size_t rows) {
  return ops::Constant::create(ov::element::f32, {rows, matrix.size() / rows},
                               std::vector<float>(matrix.begin(), matrix.end()));
}

Value Row(std::span<const double> row) { return Rows(row, 1); }

/// [columns][rows] as the second factor of a product: [rows, columns].
Value Columns(std::span<const double> matrix, size_t columns) {
  const size_t rows = matrix.size() / columns;
  std::vector<float> turned(matrix.size());
  for (size_t column = 0; column < columns; ++column) {
    for (size_t row = 0; row < rows; ++row) {
      turned[row * columns + column] = static_cast<float>(matrix[column * rows + row]);
    }
  }
  return ops::Constant::create(ov::element::f32, {rows, columns}, turned);
}

template <typename Operation>
Value Make(const Value& one, const Value& other) {
  return std::make_shared<Operation>(one, other);
}

/// Over the rows of [m, n]: to [m], or [m, 1] where the axis is kept; over [n], of axis 0, to [1]
/// where it is kept.
template <typename Reduction>
Value Reduced(const Value& rows, bool keep, int64_t axis = 1) {
  const auto axes = ops::Constant::create(ov::element::i64, {1}, {axis});
  return std::make_shared<Reduction>(rows, axes, keep);
}

Value Resized(const Value& image, const ov::Shape& shape) {
  ops::Interpolate::InterpolateAttrs how;
  how.mode = ops::Interpolate::InterpolateMode::BICUBIC_PILLOW;
  how.shape_calculation_mode = ops::Interpolate::ShapeCalcMode::SIZES;
  how.pads_begin = {0};
  how.pads_end = {0};
  how.cube_coeff = -0.5;
  const std::vector<int64_t> size = {static_cast<int64_t>(shape[1]),
                                     static_cast<int64_t>(shape[2])};
  return std::make_shared<ops::Interpolate>(
      image, ops::Constant::create(ov::element::i64, {2}, size),
      ops::Constant::create(ov::element::i64, {2}, {1, 2}), how);
}

/// Scores [1, classes], how far a row is from all classes [1]: MeanScores::Of; and z [1, rank].
struct Scored {
  Value scores, unknown, position;
};

/// Means of classes of length 1; one of 0 stays.
std::vector<double> Directions(std::span<const double> means, size_t classes) {
  std::vector<double> directions(means.begin(), means.end());
  const size_t rank = means.size() / classes;
  for (size_t c = 0; c < classes; ++c) {
    double square = 0;
    for (size_t i = 0; i < rank; ++i) square += means[c * rank + i] * means[c * rank + i];
    if (square == 0) continue;
    for (size_t i = 0; i < rank; ++i) directions[c * rank + i] /= std::sqrt(square);
  }
  return directions;
}

std::vector<double> HalfSquares(std::span<const double> means, size_t classes) {
  std::vector<double> halves(classes);
  const size_t rank = means.size() / classes;
  for (size_t i = 0; i < means.size(); ++i) halves[i / rank] += means[i] * means[i] / 2;
  return halves;
}

Scored ByMeans(const Value& z, const Classifier& classifier) {
  const auto classes = static_cast<size_t>(classifier.classes());
  const auto means = classifier.class_means();
  if (classifier.score_kind() == ScoreKind::kCosine) {
    const Value square = Reduced<ops::ReduceSum>(Make<ops::Multiply>(z, z), true);
    // A row of 0 has the cosine 0 to all classes.
    const Value length = Make<ops::Maximum>(std::make_shared<ops::Sqrt>(square), Number(1e-30));
    const Value products = Make<ops::MatMul>(z, Columns(Directions(means, classes), classes));
    const Value scores =
        std::make_shared<ops::Clamp>(Make<ops::Divide>(products, length), -1.0, 1.0);
    return {scores, Make<ops::Subtract>(Number(1), Reduced<ops::ReduceMax>(scores, false)), z};
  }
  const Value scores = Make<ops::Subtract>(Make<ops::MatMul>(z, Columns(means, classes)),
                                           Row(HalfSquares(means, classes)));
  // |z|^2 - 2 max(scores) is the same in real numbers; in float32 a near class would be lost in it.
  const Value away = Make<ops::Subtract>(z, Rows(means, classes));
  const Value squares = Reduced<ops::ReduceSum>(Make<ops::Multiply>(away, away), false);
  const Value least = Reduced<ops::ReduceMax>(Make<ops::Subtract>(Number(0), squares), true, 0);
  return {scores, Make<ops::Subtract>(Number(0), least), z};
}

Scored ScoredBy(const Classifier& classifier, const Value& features) {
  const Value row = Make<ops::Subtract>(features, Row(classifier.mean()));
  const auto projection = classifier.projection();
  const Value z =
      projection.empty()
          ? row
          : Make<ops::MatMul>(row, Columns(projection, static_cast<size_t>(classifier.rank())));
  Scored scored = ByMeans(z, classifier);
  if (!classifier.weights().empty()) {
    const auto classes = static_cast<size_t>(classifier.classes());
    scored.scores = Make<ops::Add>(Make<ops::MatMul>(row, Columns(classifier.weights(), classes)),
                                   Row(classifier.bias()));
  }
  return scored;
}

Value Sure(const Classifier& classifier, const Value& scores) {
  const Value sharpened = Make<ops::Multiply>(scores, Number(1 / classifier.temperature()));
  const Value shares = std::make_shared<ops::Softmax>(sharpened, 1);
  const double doubt = classifier.doubt();
  return Make<ops::Add>(Make<ops::Multiply>(shares, Number(1 - doubt)),
                        Number(doubt / static_cast<double>(classifier.classes())));
}

std::shared_ptr<ops::Result> Output(Value value, const char* name) {
  value.get_node()->set_friendly_name(name);
  value.set_names({name});
  return std::make_shared<ops::Result>(value);
}

}  // namespace

std::shared_ptr<ov::Model> AnswerGraph(const std::shared_ptr<ov::Model>& features,
                                       const Classifier& classifier) {
  const auto pixels = features->get_parameters().at(0);
  const auto readers = pixels->output(0).get_target_inputs();
  const auto image =
      std::make_shared<ops::Parameter>(ov::element::u8, ov::PartialShape{1, -1, -1, 3});
  const Value resized = Resized(image, pixels->get_shape());
  for (auto reader : readers) reader.replace_source_output(resized);
  // Names of the network's own tensors are no names of this graph.
  for (const auto& node : features->get_ordered_ops()) {
    for (auto& output : node->outputs()) output.set_names({});
  }
  image->set_friendly_name(kImage);
  image->output(0).set_names({kImage});
  const Value vector = features->get_results().at(0)->input_value(0);
  const Scored scored = ScoredBy(classifier, vector);
  return std::make_shared<ov::Model>(
      ov::ResultVector{Output(Sure(classifier, scored.scores), kProbabilities),
                       Output(scored.unknown, kUnknownScore), Output(vector, kFeatures),
                       Output(scored.position, kPosition)},
      ov::ParameterVector{image});
}

}  // namespace pomona
