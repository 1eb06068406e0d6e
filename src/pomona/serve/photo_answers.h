#pragma once

#include <arrow/result.h>

#include <span>
#include <string>
#include <vector>

#include "pomona/classifier.h"
#include "pomona/serve/http_message.h"
#include "pomona/serve/served_model.h"

namespace pomona {

/// Of photos of one fruit, taken together.
struct FruitAnswer {
  std::vector<size_t> order;  ///< classes, the likeliest first; of equals the first label
  std::vector<float> probabilities;  ///< [classes]: the mean over the photos
  std::vector<size_t> set;  ///< classes that hold with the classifier's coverage
  float unknown_score = 0;  ///< the mean over the photos
  bool unknown = false;
};
FruitAnswer AnswerOf(const Classifier& classifier, const PhotoFeatures& photos);

/// What an endpoint takes behind its question mark.
struct PhotoQuestions {
  int64_t neighbours = 0;  ///< rows of the table
  int64_t top = 0;         ///< likeliest labels
};

/// What /classify, /features and /similar say of photos. `seconds`: since the request began.
arrow::Result<HttpReply> ClassifyReply(const ServedModel& model, const PhotoFeatures& photos,
                                       const PhotoQuestions& asked, double seconds);
HttpReply FeaturesReply(const ServedModel& model, const PhotoFeatures& photos, double seconds);
arrow::Result<HttpReply> SimilarReply(const ServedModel& model, const PhotoFeatures& photos,
                                      const PhotoQuestions& asked, double seconds);

}  // namespace pomona
