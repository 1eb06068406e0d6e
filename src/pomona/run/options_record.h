#pragma once

#include <arrow/util/key_value_metadata.h>

#include <memory>
#include <string>
#include <vector>

#include "pomona/run.h"
#include "pomona/source/listing_rule.h"
#include "pomona/storage/uri.h"

namespace pomona {

/// Everything that decides the rows of a table, with all defaults resolved: two runs with
/// equal records give equal rows: the text of a JSON object. Nothing secret is in it. The source is
/// listed by `rule`.
arrow::Result<std::string> OptionsRecord(const RunOptions& options, const Uri& source,
                                         const ListingRule& rule, const Extractor& extractor);

/// The record, and what another JSON object adds to it.
std::string RecordWith(const std::string& record, const std::string& more);

/// What the footer of each part says: Spark's row metadata of `columns`, and `pomona.*` from the
/// record.
std::shared_ptr<const arrow::KeyValueMetadata> FooterMetadata(const std::string& record,
                                                              const arrow::Schema& columns);

/// "pomona.precision: bf16 in its footer, f32 in the record" for everything in which the footer of
/// a part (null: it says nothing) is not that of a table of this record. What only one of them
/// knows, as a table of an older version, is no difference, but the network is.
std::vector<std::string> DifferingFooter(const std::string& record,
                                         const arrow::KeyValueMetadata* footer);

}  // namespace pomona
