#pragma once

#include <openvino/core/model.hpp>
#include <optional>

#include "pomona/model/constant_nodes.h"

namespace pomona {

/// Goes back from a network's output to where its head begins: past activations, biases, reshapes,
/// normalisation to length 1 and pooling, to the last layer with weights.
class HeadWalk {
 public:
  explicit HeadWalk(const ov::Model& network) : constants_(network) {}

  enum class End {
    kDense,        ///< a dense layer: its input is the features
    kConvolution,  ///< a convolution that makes class scores: its input is the features
    kNoHead,       ///< the output itself is the features
    kUnclear,      ///< `features` and the output are candidates, and nothing tells which
  };

  struct Found {
    End end = End::kUnclear;
    ov::Output<ov::Node> features;
    /// Probabilities come out, or their logarithms: nobody would call those features.
    bool probabilities = false;
  };

  Found From(const ov::Output<ov::Node>& output) const;

  /// The input of the convolution that, with nothing but activations and biases after it, makes
  /// `map`; absent for another layer.
  std::optional<ov::Output<ov::Node>> ConvolutionInput(const ov::Output<ov::Node>& map) const;

  bool IsWeights(const ov::Output<ov::Node>& value) const { return constants_.Has(value); }

 private:
  std::optional<ov::Output<ov::Node>> DenseInput(const ov::Node* node) const;
  std::optional<ov::Output<ov::Node>> Through(const ov::Node* node) const;
  std::optional<ov::Output<ov::Node>> ThroughGate(const ov::Node* node) const;
  bool Leads(const ov::Output<ov::Node>& from, const ov::Output<ov::Node>& to) const;
  bool IsBehindDense(const ov::Output<ov::Node>& output) const;

  const ConstantNodes constants_;
};

}  // namespace pomona
