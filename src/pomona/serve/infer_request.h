#pragma once

#include <arrow/result.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/serve/photo_body.h"

namespace pomona {

/// A request of the Open Inference Protocol, version 2, with its binary extension: what it asks of
/// the one input that there is, `images`, of type BYTES, each an encoded image.
struct InferRequest {
  struct Output {
    std::string name;
    bool binary = false;
  };

  std::string id;               ///< empty: none
  Photos images;                ///< slices of the body, or decoded from base64
  std::vector<Output> outputs;  ///< empty: all
  bool binary_outputs = false;  ///< of all, where none is named
};

/// Images of one request.
inline constexpr size_t kMostInferImages = 32;

/// Takes a body apart. `json_length`: the header Inference-Header-Content-Length, the bytes of JSON
/// before what is binary; empty: all of it is JSON, whose images are base64.
/// Invalid says what is wrong: JSON, lengths, another input, type or shape, too many images.
arrow::Result<InferRequest> ParseInferRequest(std::string_view json_length,
                                              const std::shared_ptr<arrow::Buffer>& body);

}  // namespace pomona
