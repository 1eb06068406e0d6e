#pragma once

#include <nlohmann/json_fwd.hpp>

#include "pomona/list.h"

namespace pomona {

/// {"files": 7, "suffixes": {".bmp": 4, "": 3}, "by_old_rule": 0}
nlohmann::ordered_json NotTakenJson(const ListingSummary& listing);

}  // namespace pomona
