#pragma once

#include <arrow/util/key_value_metadata.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "pomona/run.h"
#include "pomona/source/listing_rule.h"

namespace pomona {

/// Everything that decides the rows of a table, with all defaults resolved: two runs with
/// equal records give equal rows. Nothing secret is in it. `rule`: by which the source is listed.
arrow::Result<nlohmann::ordered_json> OptionsRecord(const RunOptions& options,
                                                    const ListingRule& rule,
                                                    const Extractor& extractor);

/// Footer of each part: Spark's row metadata, and `pomona.*` from the record.
std::shared_ptr<const arrow::KeyValueMetadata> FooterMetadata(const nlohmann::ordered_json& record,
                                                              FeatureFormat format);

}  // namespace pomona
