#include "pomona/source/no_images.h"

#include "pomona/shown_text.h"

namespace pomona {

arrow::Status NoImages(const ListOptions& options, const ListingSummary& summary) {
  std::string there;
  for (const std::string& remark : summary.Remarks()) there += ": " + remark;
  return arrow::Status::Invalid(
      "no images in ", ShownUri(options.source), there,
      "\nhint: option `glob` says which files are images; pomona list shows "
      "what is found");
}

}  // namespace pomona
