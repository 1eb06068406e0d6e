#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pomona/report/page_data.h"

namespace pomona {

/// What is needed to make the page again, as names and values for people, in the order in which
/// they are shown: versions, the table's digests and the options of its run, those of the page.
/// Nothing secret.
std::vector<std::pair<std::string, std::string>> ProvenanceOf(const PageData& page);

}  // namespace pomona
