#pragma once

#include <arrow/result.h>

#include <nlohmann/json.hpp>

#include "pomona/run.h"
#include "pomona/source/listing_rule.h"
#include "pomona/table/output_store.h"

namespace pomona {

/// The rule by which a run lists its source: that of the table which it continues, where the run
/// asks for no other patterns than the default ones; else today's. What the table records is
/// checked elsewhere: a record that cannot be read is none here.
arrow::Result<ListingRule> TableRule(const RunOptions& options, const OutputStore& store);

/// Adds `rule` to the options of a run record: "glob", and "hidden", which older tables have not.
void RecordRule(const ListingRule& rule, nlohmann::ordered_json& record);

}  // namespace pomona
