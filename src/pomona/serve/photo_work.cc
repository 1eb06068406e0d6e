#include "pomona/serve/photo_work.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "pomona/error_kind.h"
#include "pomona/serve/infer_reply.h"
#include "pomona/serve/infer_request.h"
#include "pomona/serve/photo_answers.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Of what is asked for behind the question mark.
constexpr int64_t kMostAsked = 100;

Result<int64_t> CountIn(const HttpRequest& request, const std::string& name, int64_t otherwise) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return otherwise;
  const std::string& text = found->second;
  int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc() && end == text.data() + text.size() && count >= 1 &&
      count <= kMostAsked) {
    return count;
  }
  return Status::Invalid("`", name, "` is 1 to ", kMostAsked, ", got `", ShownText(text), "`");
}

Status CheckNames(const HttpRequest& request, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(known, name) == known.end()) {
      return Status::Invalid("there is no parameter `", ShownText(name), "` here");
    }
  }
  return Status::OK();
}

Result<PhotoFeatures> FeaturesOfBody(const PhotoWork& work) {
  ARROW_ASSIGN_OR_RAISE(const auto photos,
                        PhotosOf(work.request.header("Content-Type"), work.request.body));
  return work.FeaturesOf(photos);
}

int StatusOf(RejectReason reason) {
  switch (reason) {
    case RejectReason::kEmptyFile:
      return 400;
    case RejectReason::kUnsupportedFormat:
      return 415;
    case RejectReason::kTooManyPixels:
    case RejectReason::kTooManyBytes:
    case RejectReason::kTooMuchMemory:
      return 413;
    default:
      return 422;
  }
}

}  // namespace

Result<PhotoFeatures> PhotoWork::FeaturesOf(const Photos& photos) const {
  ExtractCounters done;
  auto features = model.Features(photos, &done);
  metrics.Extracted(done, features.status());
  if (features.ok()) ARROW_RETURN_NOT_OK(kept.Keep(photos));
  return features;
}

Result<HttpReply> Classify(const PhotoWork& work) {
  ARROW_RETURN_NOT_OK(CheckNames(work.request, {"k", "top"}));
  PhotoQuestions asked;
  ARROW_ASSIGN_OR_RAISE(asked.neighbours, CountIn(work.request, "k", 3));
  ARROW_ASSIGN_OR_RAISE(asked.top, CountIn(work.request, "top", 3));
  ARROW_ASSIGN_OR_RAISE(const auto features, FeaturesOfBody(work));
  return ClassifyReply(work.model, features, asked, SecondsSince(work.begun));
}

Result<HttpReply> Features(const PhotoWork& work) {
  ARROW_RETURN_NOT_OK(CheckNames(work.request, {}));
  ARROW_ASSIGN_OR_RAISE(const auto features, FeaturesOfBody(work));
  return FeaturesReply(work.model, features, SecondsSince(work.begun));
}

Result<HttpReply> Similar(const PhotoWork& work) {
  if (!work.model.has_table()) {
    return ErrorReply(404, "no_table",
                      "there is no table to look in\nhint: pomona serve --table names one");
  }
  ARROW_RETURN_NOT_OK(CheckNames(work.request, {"k"}));
  PhotoQuestions asked;
  ARROW_ASSIGN_OR_RAISE(asked.neighbours, CountIn(work.request, "k", 10));
  ARROW_ASSIGN_OR_RAISE(const auto features, FeaturesOfBody(work));
  return SimilarReply(work.model, features, asked, SecondsSince(work.begun));
}

Result<HttpReply> Infer(const PhotoWork& work, const std::string& name) {
  ARROW_RETURN_NOT_OK(CheckNames(work.request, {}));
  ARROW_ASSIGN_OR_RAISE(
      const auto asked,
      ParseInferRequest(work.request.header("Inference-Header-Content-Length"), work.request.body));
  ARROW_ASSIGN_OR_RAISE(const auto features, work.FeaturesOf(asked.images));
  return InferReply(name, work.model, asked, features);
}

HttpReply ReplyOf(const Status& status) {
  if (const auto reason = RejectReasonOf(status)) {
    return ErrorReply(StatusOf(*reason), RejectCode(*reason), status.message());
  }
  if (KindOf(status) == ErrorKind::kRequest) {
    return ErrorReply(400, "bad_request", status.message());
  }
  if (status.IsOutOfMemory()) return ErrorReply(503, "out_of_memory", status.message());
  return ErrorReply(500, "failed", status.message());
}

}  // namespace pomona
