#pragma once

#include <arrow/buffer.h>
#include <arrow/result.h>

#include <memory>
#include <string_view>
#include <vector>

namespace pomona {

/// Encoded images of a request.
using Photos = std::vector<std::shared_ptr<arrow::Buffer>>;

/// So many photos of one fruit are taken together.
inline constexpr size_t kMostPhotos = 5;

/// The photos that a body holds: itself, or the files of a form, up to kMostPhotos. They are slices
/// of `body`. Whether they are images is not looked at. Invalid, with a hint: none, more, a form
/// that is damaged or has fields of another kind.
arrow::Result<Photos> PhotosOf(std::string_view content_type,
                               const std::shared_ptr<arrow::Buffer>& body);

/// The slice of `body` that `part` is.
std::shared_ptr<arrow::Buffer> SliceOf(const std::shared_ptr<arrow::Buffer>& body,
                                       std::string_view part);

}  // namespace pomona
