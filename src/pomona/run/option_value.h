#pragma once

#include <nlohmann/json_fwd.hpp>

#include "pomona/options.h"

namespace pomona {

/// What `options` have for it. Null: nothing is set.
nlohmann::ordered_json OptionValue(const Option& option, const RunOptions& options);

}  // namespace pomona
