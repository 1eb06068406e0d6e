#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/pca.h"

namespace pomona {

/// All of a model, as its accessors show it.
struct PcaModel::Fields {
  int64_t dim = 0;
  int64_t k = 0;
  int64_t rows = 0;
  bool center = true;
  bool standardize = false;
  std::vector<double> components;  ///< [k][dim]
  std::vector<double> variance;    ///< [dim]
  std::vector<double> mean;        ///< [dim]
  std::vector<double> scale;       ///< [dim], or empty
  std::string features = {};       ///< see PcaModel::features
};

}  // namespace pomona
