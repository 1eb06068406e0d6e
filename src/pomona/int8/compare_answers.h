#pragma once

#include "pomona/int8.h"
#include "pomona/int8/photo_features.h"

namespace pomona {

/// The cosine of the two rows of each photo that both have.
struct Cosines {
  double mean = 0;
  double least = 0;
  int64_t count = 0;
};
Cosines CompareRows(const PhotoFeatures& a, const PhotoFeatures& b);

/// Fills what `report` says of answers. Photos without a label, and those that one of both could
/// not decode, are left out.
void CompareAnswers(const PhotoFeatures& f32, const PhotoFeatures& int8, Int8Report* report);

}  // namespace pomona
