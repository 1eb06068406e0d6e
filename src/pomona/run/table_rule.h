#pragma once

#include <arrow/result.h>

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "pomona/run.h"
#include "pomona/source/listing_rule.h"
#include "pomona/table/part_record.h"

namespace pomona {

// What a table that was made before an option existed means by not recording it.

/// The rule by which a run lists its source: that of the table which it continues, where the run
/// asks for no other patterns than the default ones; else today's. `of_table`: nullptr if there is
/// none.
ListingRule TableRule(const RunOptions& options, const RunRecord* of_table);

/// `rule` in a run record: "glob", and "hidden", which older tables have not.
nlohmann::ordered_json RuleRecord(const ListingRule& rule);

/// What the preset `fast` was when a table with this record was begun, for what `options` do not
/// say: it is chosen once. False, and nothing is set, for a table that was made without it.
bool TakeFastOf(const std::string& of_table, ExtractOptions* options);

/// `record`, of this run, without the options that `of_table` was made before, where that is no
/// difference: no file had too many bytes, and features that are no map have no layout. See
/// OptionsRecord.
std::string WithoutNewerOptions(const std::string& record, const std::string& of_table);

}  // namespace pomona
