#include "pomona/classify/feature_slices.h"

#include <numeric>

#include "pomona/base/json.h"
#include "pomona/error_kind.h"

namespace pomona {

arrow::Result<std::vector<int64_t>> FeatureSliceLengths(const std::string& made_of, int64_t dim) {
  if (made_of.empty()) return std::vector<int64_t>{dim};
  const auto record = ParseJson(made_of);
  if (!record.ok() || !record->is_object()) return DamagedData("the table's footer is no JSON");
  const Json slices = record->value("feature_slices", Json());
  if (!slices.is_array()) return std::vector<int64_t>{dim};
  std::vector<int64_t> lengths;
  for (const Json& slice : slices) {
    const Json length = slice.is_object() ? slice.value("length", Json()) : Json();
    if (!length.is_number_unsigned() || length.get<int64_t>() < 1) {
      return DamagedData("a feature slice has the length ", CompactJson(length));
    }
    lengths.push_back(length.get<int64_t>());
  }
  // Principal components keep their table's description, and are other numbers.
  if (std::accumulate(lengths.begin(), lengths.end(), int64_t{0}) == dim) return lengths;
  return DamagedData("the feature slices in the table's footer do not add up to ", dim);
}

}  // namespace pomona
