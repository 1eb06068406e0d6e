#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pomona/table/layout.h"
#include "pomona/table/part_record.h"

namespace pomona {

/// Tests: the records of a table that has no files.
inline constexpr char kTestUuid[] = "0f3a2b1c-1111-4222-8333-444455556666";

inline RunRecord TestRun() {
  return {.uuid = kTestUuid,
          .version = "0.1.0",
          .options = R"({"source":"file:/data/Apple Braeburn","precision":"f32"})"};
}

/// A part of ten references.
inline PartRecord TestPart(int64_t index, int epoch = 0, int generation = 0, int64_t rejects = 0) {
  const PartId id{.index = index, .epoch = epoch};
  PartRecord part{
      .id = id,
      .generation = generation,
      .data = {.name = PartFileName(id, kTestUuid),
               .rows = 10 - rejects,
               .bytes = 4711,
               .sha256 = "d"},
      .references =
          FileRecord{.name = ReferencesFileName(id), .rows = 10, .bytes = 12, .sha256 = "r"},
      .rejects = std::nullopt};
  if (rejects > 0) {
    part.rejects =
        FileRecord{.name = RejectsFileName(id), .rows = rejects, .bytes = 7, .sha256 = "j"};
  }
  return part;
}

}  // namespace pomona
