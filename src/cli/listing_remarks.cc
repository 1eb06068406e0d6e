#include "cli/listing_remarks.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/spelling.h"

namespace pomona::cli {

void PrintRemarks(const std::vector<std::string>& remarks) {
  for (const std::string& remark : remarks) fmt::print(stderr, "{}\n", Spelt(remark));
}

}  // namespace pomona::cli
