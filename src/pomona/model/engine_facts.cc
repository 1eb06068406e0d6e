#include "pomona/model/engine_facts.h"

#include <algorithm>
#include <openvino/core/version.hpp>
#include <openvino/runtime/properties.hpp>

#include "pomona/model/openvino_core.h"

namespace pomona {

arrow::Result<EngineFacts> FindEngineFacts() {
  try {
    EngineFacts facts;
    facts.version = ov::get_openvino_version().buildNumber;
    facts.cpu = OpenVino().get_property("CPU", ov::device::full_name);
    facts.capabilities = OpenVino().get_property("CPU", ov::device::capabilities);
    const bool bf16 = std::find(facts.capabilities.begin(), facts.capabilities.end(),
                                ov::device::capability::BF16) != facts.capabilities.end();
    if (bf16) facts.auto_precision = Precision::kBf16;
    return facts;
  } catch (const std::exception& exception) {
    return OpenVinoError(arrow::StatusCode::UnknownError, "the inference engine does not start",
                         exception);
  }
}

}  // namespace pomona
