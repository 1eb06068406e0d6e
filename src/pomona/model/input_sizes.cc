#include "pomona/model/input_sizes.h"

#include "pomona/model/chosen_features.h"
#include "pomona/model/network.h"
#include "pomona/model/network_input.h"

namespace pomona {

arrow::Result<InputSizes> FindInputSizes(const Model& model, const EngineOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const auto network, ReadNetwork(model));
  ARROW_ASSIGN_OR_RAISE(NetworkInput input, FixInput(model.card, /*input_size=*/0, network.get()));
  ARROW_ASSIGN_OR_RAISE(
      const auto chosen,
      ChooseFeatures(*network, model.card, input,
                     {options.features, options.features_layout, options.pooling}));
  InputSizes sizes{input.height, input.width};
  // Any other size tells.
  constexpr int kStep = 32;
  const auto part = CutAt(*network, chosen.sources);
  sizes.may_change = ResizeInput(input.height + kStep, &input, part.get()).ok();
  return sizes;
}

}  // namespace pomona
