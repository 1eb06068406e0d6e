#include "pomona/serve/photo_body.h"

#include "pomona/serve/multipart.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kHint[] =
    "\nhint: curl --data-binary @photo.jpg ADDRESS, or curl -F photo=@photo.jpg ADDRESS";

}  // namespace

std::shared_ptr<arrow::Buffer> SliceOf(const std::shared_ptr<arrow::Buffer>& body,
                                       std::string_view part) {
  const auto* first = reinterpret_cast<const uint8_t*>(part.data());
  return arrow::SliceBuffer(body, first - body->data(), std::ssize(part));
}

Result<Photos> PhotosOf(std::string_view content_type, const std::shared_ptr<arrow::Buffer>& body) {
  if (body->size() == 0) return Status::Invalid("the request has no photo", kHint);
  if (!IsMediaType(content_type, "multipart/form-data")) return Photos{body};
  ARROW_ASSIGN_OR_RAISE(const auto parts,
                        ParseForm(content_type, std::string_view(*body), kMostPhotos));
  Photos photos;
  for (const FormPart& part : parts) {
    if (!part.is_file) {
      return Status::Invalid("the form's field `", ShownText(part.name), "` is no file", kHint);
    }
    photos.push_back(SliceOf(body, part.body));
  }
  if (photos.empty()) return Status::Invalid("the form has no photo", kHint);
  return photos;
}

}  // namespace pomona
