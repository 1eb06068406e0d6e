#pragma once

#include <arrow/result.h>

#include <nlohmann/json.hpp>

#include "pomona/run.h"
#include "pomona/source/listing_rule.h"
#include "pomona/table/output_store.h"

namespace pomona {

// What a table that was made before an option existed means by not recording it.

/// The rule by which a run lists its source: that of the table which it continues, where the run
/// asks for no other patterns than the default ones; else today's. What the table records is
/// checked elsewhere: a record that cannot be read is none here.
arrow::Result<ListingRule> TableRule(const RunOptions& options, const OutputStore& store);

/// `rule` in a run record: "glob", and "hidden", which older tables have not.
nlohmann::ordered_json RuleRecord(const ListingRule& rule);

/// `record`, of this run, without the options that `of_table` was made before, where that is no
/// difference: no file had too many bytes, and features that are no map have no layout.
nlohmann::ordered_json WithoutNewerOptions(nlohmann::ordered_json record,
                                           const nlohmann::ordered_json& of_table);

}  // namespace pomona
