#pragma once

#include <string>

#include "pomona/error_kind.h"

namespace pomona {

/// DamagedData of what says which files a table has.
inline arrow::Status DamagedManifest(const std::string& what, const std::string& why) {
  return DamagedData("damaged manifest: ", what, ": ", why,
                     "\nhint: option `overwrite` starts anew");
}

}  // namespace pomona
