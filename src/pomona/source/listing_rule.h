#pragma once

#include <arrow/result.h>

#include <memory>
#include <string>
#include <vector>

#include "pomona/list.h"
#include "pomona/storage/uri.h"

namespace pomona {

/// Which of the files below a source are images. A table keeps the rule that it was begun with, so
/// that a newer version does not find new images in an old source.
struct ListingRule {
  std::vector<std::string> globs;
  /// Hides every name that begins with an underscore, as versions did that recorded no rule.
  bool hides_underscore = false;
};

/// What ListImages goes by.
ListingRule RuleOf(const ListOptions& options);

/// ListImages by another rule, of options that were validated and whose source is `source`. What
/// `options` would take and `rule` does not is counted in ListingSummary::not_taken_by_old_rule.
arrow::Result<std::shared_ptr<ImageListing>> ListImagesBy(const ListingRule& rule,
                                                          const Uri& source,
                                                          const ListOptions& options);

}  // namespace pomona
