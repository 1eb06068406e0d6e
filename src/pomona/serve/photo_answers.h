#pragma once

#include <arrow/result.h>

#include <cstdint>

#include "pomona/serve/http_message.h"
#include "pomona/serve/served_model.h"

namespace pomona {

/// What an endpoint takes behind its question mark.
struct PhotoQuestions {
  int64_t neighbours = 0;
  int64_t top = 0;  ///< likeliest labels
};

/// What /classify, /features and /similar say of photos. `seconds`: since the request began.
arrow::Result<HttpReply> ClassifyReply(const ServedModel& model, const PhotoFeatures& photos,
                                       const PhotoQuestions& asked, double seconds);
HttpReply FeaturesReply(const ServedModel& model, const PhotoFeatures& photos, double seconds);
arrow::Result<HttpReply> SimilarReply(const ServedModel& model, const PhotoFeatures& photos,
                                      const PhotoQuestions& asked, double seconds);

}  // namespace pomona
