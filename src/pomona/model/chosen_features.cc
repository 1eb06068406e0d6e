#include "pomona/model/chosen_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <openvino/core/node.hpp>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/model/channel_axes.h"
#include "pomona/model/feature_tensor.h"
#include "pomona/model/levels.h"
#include "pomona/model/tensor_kind.h"

namespace pomona {
namespace {

constexpr char kByOption[] = "option `features`";
constexpr char kByCard[] = "the model's card";

/// Finds tensors by what people call them.
class Chooser {
 public:
  Chooser(const ov::Model& network, const ModelCard& card, const NetworkInput& input)
      : network_(network), card_(card), axes_(network, input.layout) {}

  const ChannelAxes& axes() const { return axes_; }

  arrow::Result<FeatureTensor> Last() const {
    if (card_.features.empty()) return FindFeatures(network_);
    return NamedFeatures(network_, card_.features, kByCard);
  }

  /// Those that `features` names, one after the other; whether levels are among them.
  arrow::Result<bool> Named(const std::string& features, std::vector<FeatureTensor>* found) const {
    if (features.empty() || HasTensor(network_, features)) return AddNamed(features, found);
    bool levels = false;
    size_t begin = 0;
    while (begin <= features.size()) {
      const size_t end = std::min(features.find(',', begin), features.size());
      ARROW_ASSIGN_OR_RAISE(const bool are_levels,
                            AddNamed(features.substr(begin, end - begin), found));
      levels = levels || are_levels;
      begin = end + 1;
    }
    return levels;
  }

  arrow::Result<std::vector<FeatureTensor>> Levels() const {
    std::vector<FeatureTensor> levels;
    for (const std::string& name : card_.levels) {
      ARROW_ASSIGN_OR_RAISE(levels.emplace_back(), NamedFeatures(network_, name, kByCard));
    }
    ARROW_ASSIGN_OR_RAISE(FeatureTensor last, Last());
    if (levels.empty()) {
      for (const auto& map : FindLevels(network_, axes_, last.tensor)) {
        levels.push_back({map, "the last map of each size"});
      }
    }
    if (levels.empty()) {
      return arrow::Status::Invalid(
          "model has no levels: no maps of pixels lead to its features\nhint: name tensors with "
          "option `features`; pomona model show MODEL lists them");
    }
    const std::string& why = levels.front().origin;
    const std::string origin =
        why == last.origin ? fmt::format("{} levels and the last layer, {}", levels.size(), why)
                           : fmt::format("{} levels, {}, and {}", levels.size(), why, last.origin);
    levels.push_back(std::move(last));
    for (auto& level : levels) level.origin = origin;
    return levels;
  }

 private:
  arrow::Result<bool> AddNamed(const std::string& name, std::vector<FeatureTensor>* found) const {
    const bool is_word = name.empty() || !HasTensor(network_, name);
    if (is_word && name == "levels") {
      ARROW_ASSIGN_OR_RAISE(auto levels, Levels());
      std::move(levels.begin(), levels.end(), std::back_inserter(*found));
      return true;
    }
    if (is_word && (name.empty() || name == "last")) {
      ARROW_ASSIGN_OR_RAISE(found->emplace_back(), Last());
    } else {
      ARROW_ASSIGN_OR_RAISE(found->emplace_back(), NamedFeatures(network_, name, kByOption));
    }
    return false;
  }

  const ov::Model& network_;
  const ModelCard& card_;
  const ChannelAxes axes_;
};

/// The layout of the map `tensor`, and who says so.
struct Layout {
  std::string name;
  std::string origin;
};

arrow::Result<Layout> FindLayout(const ChannelAxes& axes, const ov::Output<ov::Node>& tensor,
                                 const ModelCard& card, const FeatureWish& wish) {
  if (!wish.layout.empty()) return Layout{wish.layout, ", as option `features_layout` says"};
  // The card speaks of its own tensor.
  const bool is_cards =
      wish.tensors.empty() || wish.tensors == "last" || TensorName(tensor) == card.features;
  if (is_cards && card.features_layout) {
    return Layout{*card.features_layout, ", as the model's card says"};
  }
  if (const auto axis = axes.Of(tensor)) return Layout{*axis == 1 ? "NCHW" : "NHWC", ""};
  return arrow::Status::Invalid("the graph does not tell which axis of tensor `",
                                TensorName(tensor), "` of shape ",
                                tensor.get_partial_shape().to_string(),
                                " holds its channels\nhint: option `features_layout` says "
                                "it, or \"features_layout\" in "
                                "the model's card");
}

arrow::Status RefuseTwice(const std::vector<FeatureTensor>& tensors) {
  for (auto one = tensors.begin(); one != tensors.end(); ++one) {
    const auto is_same = [&](const FeatureTensor& other) { return other.tensor == one->tensor; };
    if (std::any_of(one + 1, tensors.end(), is_same)) {
      return arrow::Status::Invalid("option `features` names tensor `", TensorName(one->tensor),
                                    "` twice");
    }
  }
  return arrow::Status::OK();
}

}  // namespace

std::string FeatureFacts::ToText() const {
  Json parts = Json::array();
  for (const auto& slice : slices) parts.push_back({slice.tensor, slice.pool, slice.length});
  return CompactJson({tensor, origin, layout, input_layout, parts}, /*ascii=*/true);
}

FeatureFacts FeatureFacts::FromText(const std::string& text) {
  const Json facts = ParseJson(text).ValueOrDie();
  FeatureFacts made = {facts.at(0).get<std::string>(),
                       facts.at(1).get<std::string>(),
                       facts.at(2).get<std::string>(),
                       facts.at(3).get<std::string>(),
                       {}};
  for (const Json& slice : facts.at(4)) {
    made.slices.push_back(
        {slice.at(0).get<std::string>(), slice.at(1).get<std::string>(), slice.at(2).get<int>()});
  }
  return made;
}

arrow::Result<ChosenFeatures> ChooseFeatures(const ov::Model& network, const ModelCard& card,
                                             const NetworkInput& input, const FeatureWish& wish) {
  const Chooser chooser(network, card, input);
  std::vector<FeatureTensor> tensors;
  ARROW_ASSIGN_OR_RAISE(const bool levels, chooser.Named(wish.tensors, &tensors));
  ARROW_RETURN_NOT_OK(RefuseTwice(tensors));
  ChosenFeatures chosen;
  chosen.pooling = wish.pooling.value_or(levels ? Pooling::kMeanStd : Pooling::kMean);
  chosen.origin = tensors.front().origin;
  for (const auto& [tensor, origin] : tensors) {
    FeatureSource source{tensor, IsMap(tensor)};
    if (source.is_map) {
      ARROW_ASSIGN_OR_RAISE(Layout layout, FindLayout(chooser.axes(), tensor, card, wish));
      source.channel_axis = layout.name == "NCHW" ? 1 : 3;
      if (chosen.layout.empty()) {
        chosen.layout = layout.name;
        chosen.layout_origin = layout.origin;
      } else if (chosen.layout != layout.name) {
        chosen.layout = "NCHW and NHWC";
      }
    }
    chosen.sources.push_back(source);
  }
  return chosen;
}

FeatureFacts FactsOf(const ChosenFeatures& chosen, const NetworkInput& input,
                     std::vector<FeatureSlice> slices) {
  FeatureFacts facts{.tensor = {},
                     .origin = chosen.origin,
                     .layout = chosen.layout,
                     .input_layout = input.layout,
                     .slices = std::move(slices)};
  std::vector<std::string> maps;
  for (const auto& source : chosen.sources) {
    facts.tensor += (facts.tensor.empty() ? "" : ",") + TensorName(source.tensor);
    if (!source.is_map) continue;
    maps.push_back(source.tensor.get_partial_shape().to_string());
  }
  if (!maps.empty()) {
    facts.origin += fmt::format(
        "; {} {} over height and width ({}{})",
        maps.size() == 1 ? maps[0] : fmt::format("{} maps", maps.size()),
        chosen.pooling == Pooling::kMean ? "averaged" : "pooled to mean and standard deviation",
        chosen.layout, chosen.layout_origin);
  }
  return facts;
}

}  // namespace pomona
