#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "pomona/public.h"
#include "pomona/run.h"

namespace POMONA_PUBLIC pomona {

/// What Run would do now.
struct Plan {
  struct Part {
    int64_t index = 0;
    std::string action;  ///< "skip", "rewrite" or "extract"
    int64_t references = 0;
    std::string reason;  ///< for people
  };
  std::vector<Part> parts;
  int64_t references = 0;  ///< in the source
  ListingSummary listing;  ///< of the source: what is not taken, what has no label
  int64_t unchanged = 0, added = 0, changed = 0, deleted = 0, retried = 0;
  int64_t bytes_to_fetch = 0;
  bool finished = false;  ///< nothing to do: the output is complete and up to date
  std::string refusal;    ///< why Run would refuse; empty: it would not

  std::string ToJson() const;
};

/// Lists the source, reads the manifest and compares. Writes nothing.
/// Memory: about 100 bytes a part.
arrow::Result<Plan> MakePlan(const RunOptions& options);

}  // namespace pomona
