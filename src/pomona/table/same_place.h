#pragma once

#include "pomona/storage/uri.h"

namespace pomona {

/// Whether `inner` is `outer`, or lies in it: whatever happens to all of `outer` happens to it. In
/// doubt (a name node without a port, a key of S3 with "..") they are taken for the same.
/// Cost: of local paths, a look at each folder on the way to the root.
bool Holds(const Uri& outer, const Uri& inner);

}  // namespace pomona
