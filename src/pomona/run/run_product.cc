#include "pomona/run/run_product.h"

namespace pomona {

MakeProduct FeaturesAsProduct(const RunOptions& options) {
  return [&options](const Extractor& extractor, const std::string&) -> arrow::Result<RunProduct> {
    const bool views = HasViewsColumn(extractor.options());
    return RunProduct{.rows = FeaturesThemselves(options.features_as, views)};
  };
}

}  // namespace pomona
