#include "pomona/features/feature_slices.h"

#include "pomona/base/json.h"
#include "pomona/error_kind.h"

namespace pomona {
namespace {

arrow::Result<FeatureSlice> SliceOf(const Json& json) {
  FeatureSlice slice;
  try {
    slice.tensor = json.at("tensor").get<std::string>();
    slice.pool = json.at("pool").get<std::string>();
    slice.length = json.at("length").get<int>();
  } catch (const Json::exception& error) {
    return DamagedData("the feature slices in the table's footer: ", error.what());
  }
  if (slice.length > 0) return slice;
  return DamagedData("a feature slice in the table's footer has the length ", slice.length);
}

}  // namespace

arrow::Result<std::vector<FeatureSlice>> FeatureSlicesOf(const std::string& made_of, int64_t dim) {
  const std::vector<FeatureSlice> one = {{"", "", static_cast<int>(dim)}};
  if (made_of.empty()) return one;
  const auto record = ParseJson(made_of);
  if (!record.ok() || !record->is_object()) return DamagedData("the table's footer is no JSON");
  const Json listed = record->value("feature_slices", Json());
  if (!listed.is_array()) return one;
  std::vector<FeatureSlice> slices;
  int64_t sum = 0;
  for (const Json& slice : listed) {
    ARROW_ASSIGN_OR_RAISE(auto read, SliceOf(slice));
    sum += read.length;
    slices.push_back(std::move(read));
  }
  if (sum == dim) return slices;
  return DamagedData("the feature slices in the table's footer have ", sum, " numbers, rows have ",
                     dim);
}

arrow::Result<FeatureRange> LastLayerOf(const std::string& made_of, int64_t dim) {
  ARROW_ASSIGN_OR_RAISE(const auto slices, FeatureSlicesOf(made_of, dim));
  // A map is pooled; the last layer is as it is, and behind them.
  if (slices.size() < 2 || !slices.back().pool.empty()) return FeatureRange{0, dim};
  return FeatureRange{dim - slices.back().length, slices.back().length};
}

}  // namespace pomona
