#include "cli/listing_remarks.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/spelling.h"

namespace pomona::cli {

void PrintRemarks(const ListingSummary& listing) {
  for (const std::string& remark : listing.Remarks()) fmt::print(stderr, "{}\n", Spelt(remark));
}

}  // namespace pomona::cli
