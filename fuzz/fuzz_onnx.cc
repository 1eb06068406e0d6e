// Any bytes as an ONNX graph: refused, or the places of its external data are named.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "pomona/model/onnx_external_data.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto locations = pomona::OnnxExternalLocations({data, size});
  if (!locations.ok()) {
    if (!locations.status().IsInvalid()) std::abort();
    return 0;
  }
  // A place is some of the bytes of the graph; it is never empty.
  for (const auto& location : *locations) {
    if (location.empty() || location.size() > size) std::abort();
  }
  return 0;
}
