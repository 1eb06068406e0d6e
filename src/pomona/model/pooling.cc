#include "pomona/model.h"
#include "pomona/shown_text.h"

namespace pomona {

std::string_view PoolingName(Pooling pooling) {
  return pooling == Pooling::kMean ? "mean" : "mean+std";
}

arrow::Result<Pooling> ParsePooling(std::string_view name) {
  for (const Pooling pooling : {Pooling::kMean, Pooling::kMeanStd}) {
    if (name == PoolingName(pooling)) return pooling;
  }
  return arrow::Status::Invalid("no pooling `", ShownText(name), "`\nhint: mean or mean+std");
}

}  // namespace pomona
