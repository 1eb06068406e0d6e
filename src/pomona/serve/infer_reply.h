#pragma once

#include <string>

#include <arrow/result.h>

#include "pomona/serve/http_message.h"
#include "pomona/serve/infer_request.h"
#include "pomona/serve/served_model.h"

namespace pomona {

/// The Open Inference Protocol's metadata of a model called `name`: its input and outputs.
std::string ModelMetadata(const std::string& name, const ServedModel& model);

/// Its answer to a request: the outputs that are asked for, as JSON or binary. Each image by
/// itself. Invalid: there is no such output.
arrow::Result<HttpReply> InferReply(const std::string& name, const ServedModel& model,
                                    const InferRequest& request, const PhotoFeatures& images);

}  // namespace pomona
