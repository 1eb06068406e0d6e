#pragma once

#include <arrow/result.h>

#include "pomona/model.h"
#include "pomona/model/engine.h"

namespace pomona {

/// The size in pixels of a network's image, and whether it may get square ones of another size.
struct InputSizes {
  int height = 0;
  int width = 0;
  bool may_change = false;
};

/// For the features that `options` name. Cost: reading the network. Errors as Engine::Load.
arrow::Result<InputSizes> FindInputSizes(const Model& model, const EngineOptions& options);

}  // namespace pomona
