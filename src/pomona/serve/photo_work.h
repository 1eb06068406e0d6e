#pragma once

#include <arrow/result.h>

#include <string>

#include "pomona/base/clock.h"
#include "pomona/serve/http_message.h"
#include "pomona/serve/kept_photos.h"
#include "pomona/serve/serve_metrics.h"
#include "pomona/serve/served_model.h"

namespace pomona {

/// One request with photos, in a thread that computes.
struct PhotoWork {
  const HttpRequest& request;
  const ServedModel& model;
  const KeptPhotos& kept;
  ServeMetrics& metrics;
  Clock::time_point begun;

  /// Counted, and kept where photos are.
  arrow::Result<PhotoFeatures> FeaturesOf(const Photos& photos) const;
};

/// The endpoints of these names. Their errors: Invalid, of the request; a photo's own (Rejected);
/// others are ours.
arrow::Result<HttpReply> Classify(const PhotoWork& work);
arrow::Result<HttpReply> Features(const PhotoWork& work);
arrow::Result<HttpReply> Similar(const PhotoWork& work);
/// Of the model that is called `name`.
arrow::Result<HttpReply> Infer(const PhotoWork& work, const std::string& name);

/// What a client is told of an error.
HttpReply ReplyOf(const arrow::Status& status);

}  // namespace pomona
