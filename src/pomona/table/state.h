#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pomona/table/part_record.h"

namespace pomona {

/// The format of states and of `_SUCCESS`. A table of 0.1.0 has neither, and format 1.
inline constexpr int64_t kStateFormat = 2;

/// What the parts of a table have in sum.
struct TableTotals {
  int64_t parts = 0;
  int64_t rows = 0;
  int64_t rejects = 0;
  int64_t references = 0;

  void Add(const PartRecord& part);
  void Remove(const PartRecord& part);
  bool operator==(const TableTotals&) const = default;
};

/// A file of part entries, one a line: those of the parts from 1,024 x its place on.
struct SegmentRecord {
  std::string name;  ///< relative to the output
  int64_t parts = 0;
  int64_t bytes = 0;
  std::string sha256;  ///< hex
};

/// One committed state of a table, as the file `_pomona/states/<number>.jsonl` has it: that of the
/// number before it, but for one part that was added or replaced. Each 1,024th, and each that
/// begins a table, is a base: it names all parts itself, by their segments.
struct TableState {
  struct Base {
    RunRecord run;
    std::vector<SegmentRecord> segments;
  };

  int64_t number = 0;
  int epoch = 0;         ///< of the run that wrote it
  std::string previous;  ///< SHA-256 of the state before, as hex; empty of the first
  std::string options;   ///< SHA-256 of RunRecord::options
  TableTotals totals;    ///< after the change
  std::optional<Base> base;
  std::optional<PartRecord> change;
};

/// A line of JSON, and one of the change, if any.
std::string ToText(const TableState& state);
/// DamagedData if it is none; Invalid, saying what to do, if a newer version wrote it.
arrow::Result<TableState> ParseState(const std::string& text);

}  // namespace pomona
