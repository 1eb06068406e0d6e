#include "cli/listing_remarks.h"

#include <fmt/format.h>

#include <cstdio>

namespace pomona::cli {

void PrintRemarks(const ListingSummary& listing) {
  for (const std::string& remark : listing.Remarks()) fmt::print(stderr, "{}\n", remark);
}

}  // namespace pomona::cli
