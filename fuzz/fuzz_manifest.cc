// Whatever lies in a manifest, a state or a seal is refused or read; what is read, and written
// again, is the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "pomona/error_kind.h"
#include "pomona/table/part_record.h"
#include "pomona/table/seal.h"
#include "pomona/table/state.h"

namespace {

template <typename Record>
void GoRound(const arrow::Result<Record>& parsed,
             arrow::Result<Record> (*parse)(const std::string&)) {
  if (!parsed.ok()) {
    if (pomona::KindOf(parsed.status()) != pomona::ErrorKind::kData) std::abort();
    return;
  }
  const std::string once = pomona::ToJson(*parsed);
  const auto again = parse(once);
  if (!again.ok() || pomona::ToJson(*again) != once) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto run = pomona::ParseRunRecord(text);
  GoRound(run, pomona::ParseRunRecord);
  if (run.ok() && !pomona::DifferingOptions(run->options, run->options).empty()) std::abort();
  const auto part = pomona::ParsePartRecord(text);
  GoRound(part, pomona::ParsePartRecord);
  if (part.ok()) {
    // A name must not lead out of the output.
    if (part->data.name.find('/') != std::string::npos) std::abort();
    if (part->references && !part->references->name.starts_with("_pomona/references/part-")) {
      std::abort();
    }
  }
  GoRound(pomona::ParseSeal(text), pomona::ParseSeal);
  const auto state = pomona::ParseState(text);
  if (state.ok()) {
    const std::string once = pomona::ToText(*state);
    const auto again = pomona::ParseState(once);
    if (!again.ok() || pomona::ToText(*again) != once) std::abort();
  } else if (pomona::KindOf(state.status()) == pomona::ErrorKind::kStorage) {
    std::abort();
  }
  return 0;
}
