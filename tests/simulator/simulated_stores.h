#pragma once

#include <memory>

#include "pomona/table/output_store.h"
#include "simulator/world.h"

namespace pomona {

/// The store of the schedule's kind, as `writer` has it: the real MovingStore or UploadingStore
/// over a simulated file system, with what each kind does otherwise.
std::shared_ptr<OutputStore> MakeSimulatedStore(World& world, int writer);

}  // namespace pomona
