#include "pomona/app.h"
#include "pomona/base/available_cores.h"
#include "pomona/base/json.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"

namespace pomona {

using arrow::Status;

Status AppOptions::Validate() const {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_RETURN_NOT_OK(Uri::Parse(classifier).status());
  if (!cards.empty()) ARROW_RETURN_NOT_OK(Uri::Parse(cards).status());
  ARROW_ASSIGN_OR_RAISE(const Uri folder, Uri::Parse(output));
  if (folder.scheme != Scheme::kLocal) {
    return Status::Invalid("option `output` must be a local folder, not ", ShownUri(output),
                           "\nhint: write it here, then copy it to its host");
  }
  if (title.empty() || title.size() > 60) {
    return Status::Invalid(
        "option `title` must have 1 to 60 bytes: a phone shows it below an icon");
  }
  if (precision && *precision != Precision::kF32 && *precision != Precision::kInt8) {
    return Status::Invalid("option `precision` must be f32 or int8, not ",
                           PrecisionName(*precision));
  }
  return CheckThreads(threads);
}

std::string AppReport::ToJson() const {
  return JsonDocument({{"pomona", version},
                       {"classifier", ShownUri(classifier)},
                       {"output", ShownUri(output)},
                       {"labels", labels},
                       {"cards", cards},
                       {"labels_without_card", labels_without_card},
                       {"pictures", pictures},
                       {"missing", missing},
                       {"precision", PrecisionName(precision)},
                       {"same_arithmetic", same_arithmetic},
                       {"files", files},
                       {"bytes", bytes},
                       {"remarks", remarks},
                       {"seconds", seconds}});
}

}  // namespace pomona
