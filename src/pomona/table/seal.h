#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>

#include "pomona/table/manifest.h"

namespace pomona {

/// The state that a finished table is in, in `_SUCCESS`: a table that lost a state, or got
/// another's, is not the one that was sealed.
struct Seal {
  int64_t state = 0;   ///< its number
  std::string sha256;  ///< of it, as 64 hexadecimal digits
  TableTotals totals;

  bool operator==(const Seal&) const = default;
};

Seal SealOf(const Manifest& manifest);

std::string ToJson(const Seal& seal);
/// DamagedData if it is no seal.
arrow::Result<Seal> ParseSeal(const std::string& text);

enum class SealFound { kNone, kOfOlderState, kOfNewestState };

/// Reads `_SUCCESS` of a table; without one, or with that of an older state than the newest, it is
/// not finished. DamagedData: as IsSealedBy. IOError: storage.
arrow::Result<SealFound> FindSeal(const OutputStore& store, const Manifest& manifest);

/// Whether there is a seal of ours: where no manifest is, that one was lost.
bool HasSeal(const OutputStore& store);

/// What `success`, the text of `_SUCCESS`, says of `manifest`. DamagedData, saying what differs,
/// unless it seals it, or an older state than the newest: then another run has begun since, and the
/// table is not finished: false. Tables of 0.1.0 have an empty one.
arrow::Result<bool> IsSealedBy(const std::string& success, const Manifest& manifest);

}  // namespace pomona
