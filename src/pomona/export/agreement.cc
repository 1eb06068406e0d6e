#include "pomona/export/agreement.h"

#include <arrow/api.h>

#include <algorithm>
#include <cmath>
#include <openvino/frontend/manager.hpp>
#include <openvino/runtime/core.hpp>
#include <sstream>
#include <utility>
#include <vector>

#include "pomona/base/available_cores.h"
#include "pomona/error_kind.h"
#include "pomona/export/answer_graph.h"
#include "pomona/image/image_reader.h"
#include "pomona/list.h"
#include "pomona/model/openvino_core.h"
#include "pomona/source/fetch_rows.h"
#include "pomona/source/no_images.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;
using Encoded = std::vector<std::shared_ptr<arrow::Buffer>>;

constexpr int kImagesAtOnce = 64;
/// Nearer first two labels may change places.
constexpr float kClear = 0.02F;

/// The answers of the file, an image at a time.
class FileAnswers {
 public:
  FileAnswers(const std::shared_ptr<ov::Model>& graph, int threads)
      : request_(OpenVino()
                     .compile_model(graph, "CPU",
                                    ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY),
                                    ov::inference_num_threads(threads),
                                    ov::hint::inference_precision(ov::element::f32))
                     .create_infer_request()) {}

  /// pixels: [size.height, size.width, 3].
  void Answer(const std::vector<uint8_t>& pixels, ImageSize size) {
    const ov::Shape shape = {1, static_cast<size_t>(size.height), static_cast<size_t>(size.width),
                             3};
    request_.set_tensor(kImage,
                        ov::Tensor(ov::element::u8, shape, const_cast<uint8_t*>(pixels.data())));
    request_.infer();
  }
  const float* probabilities() { return request_.get_tensor(kProbabilities).data<float>(); }
  float unknown() { return *request_.get_tensor(kUnknownScore).data<float>(); }

 private:
  ov::InferRequest request_;
};

Result<std::shared_ptr<arrow::RecordBatch>> ImagesIn(const Encoded& encoded) {
  arrow::BinaryBuilder cells;
  for (const auto& bytes : encoded) {
    ARROW_RETURN_NOT_OK(bytes == nullptr ? cells.AppendNull()
                                         : cells.Append(bytes->data(), bytes->size()));
  }
  ARROW_ASSIGN_OR_RAISE(const auto column, cells.Finish());
  return arrow::RecordBatch::Make(arrow::schema({arrow::field("image", arrow::binary())}),
                                  column->length(), {column});
}

class Measuring {
 public:
  Measuring(const ExportOptions& options, const Classifier& classifier, Extractor& extractor,
            FileAnswers& file)
      : classifier_(classifier), extractor_(extractor), file_(file) {
    found_.resized_by_file = options.format == ExportFormat::kOpenVino;
  }

  Status Add(const Encoded& encoded) {
    ARROW_ASSIGN_OR_RAISE(const auto images, ImagesIn(encoded));
    ARROW_ASSIGN_OR_RAISE(auto one, arrow::RecordBatchReader::Make({images}, images->schema()));
    ARROW_ASSIGN_OR_RAISE(auto stream, extractor_.ExtractImages(std::move(one)));
    std::shared_ptr<arrow::RecordBatch> rows;
    ARROW_RETURN_NOT_OK(stream->ReadNext(&rows));
    const auto& lists = static_cast<const arrow::ListArray&>(*rows->GetColumnByName("features"));
    const auto& values = static_cast<const arrow::FloatArray&>(*lists.values());
    for (int64_t row = 0; row < rows->num_rows(); ++row) {
      const auto& bytes = encoded[static_cast<size_t>(row)];
      if (lists.IsNull(row)) {
        ++found_.rejects;
        continue;
      }
      ARROW_RETURN_NOT_OK(AnswerByFile({bytes->data(), static_cast<size_t>(bytes->size())}));
      Compare(classifier_.Answer(values.raw_values() + lists.value_offset(row), 1));
    }
    return Status::OK();
  }

  ExportAgreement Finish() {
    if (found_.images > 0)
      found_.mean_difference = differences_ / static_cast<double>(found_.images);
    return found_;
  }

 private:
  Status AnswerByFile(std::span<const uint8_t> encoded) {
    ImageOptions image = extractor_.options().image;
    if (found_.resized_by_file) {
      ARROW_ASSIGN_OR_RAISE(const ImageSize size, ImageReader(image).Size(encoded));
      image.width = size.width;
      image.height = size.height;
      image.dct_scaling = false;
    }
    pixels_.resize(static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 3);
    ARROW_RETURN_NOT_OK(ImageReader(image).Read(encoded, pixels_.data()));
    file_.Answer(pixels_, {image.width, image.height});
    return Status::OK();
  }

  void Compare(const Classifier::Answers& ours) {
    const std::vector<float>& wanted = ours.probabilities;
    const float* given = file_.probabilities();
    const auto first = std::max_element(wanted.begin(), wanted.end()) - wanted.begin();
    const auto first_given = std::max_element(given, given + wanted.size()) - given;
    float second = 0;
    float most = 0;
    for (size_t c = 0; c < wanted.size(); ++c) {
      if (static_cast<ptrdiff_t>(c) != first) second = std::max(second, wanted[c]);
      const float off = std::abs(wanted[c] - given[c]);
      most = std::max(most, std::isfinite(off) ? off : 1.0F);
    }
    ++found_.images;
    const double threshold = classifier_.unknown_threshold();
    if ((ours.unknown[0] > threshold) == (file_.unknown() > threshold)) ++found_.same_unknown;
    if (first == first_given) {
      ++found_.same;
    } else if (wanted[static_cast<size_t>(first)] - second > kClear) {
      ++found_.contradicted;
    }
    differences_ += most;
    found_.largest_difference = std::max(found_.largest_difference, static_cast<double>(most));
  }

  const Classifier& classifier_;
  Extractor& extractor_;
  FileAnswers& file_;
  ExportAgreement found_;
  double differences_ = 0;
  std::vector<uint8_t> pixels_;
};

}  // namespace

Result<std::shared_ptr<ov::Model>> ReadExported(ExportFormat format, const OpenVinoFiles& files) {
  try {
    if (format == ExportFormat::kOpenVino) {
      const ov::Tensor weights(ov::element::u8, {files.bin.size()},
                               const_cast<char*>(files.bin.data()));
      return OpenVino().read_model(files.xml, weights);
    }
    ov::frontend::FrontEndManager manager;
    const auto frontend = manager.load_by_framework("onnx");
    std::istringstream text(files.bin);
    std::istream* stream = &text;
    return frontend->convert(frontend->load(stream));
  } catch (const std::exception& exception) {
    return OpenVinoError(kDamagedData, "cannot read what was written", exception);
  }
}

Result<ExportAgreement> MeasureAgreement(const ExportOptions& options,
                                         const std::shared_ptr<ov::Model>& exported,
                                         const ExtractOptions& extract,
                                         const Classifier& classifier) {
  ListOptions list;
  list.source = options.check;
  list.label = "none";
  list.batch_rows = kImagesAtOnce;
  list.storage = options.storage;
  list.stop = options.stop;
  ARROW_ASSIGN_OR_RAISE(const auto listing, ListImages(list));
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(options.check));
  ARROW_ASSIGN_OR_RAISE(const auto source, OpenSource(uri, options.storage, kImagesAtOnce));
  ARROW_ASSIGN_OR_RAISE(const auto extractor, Extractor::Load(extract));
  try {
    FileAnswers file(exported, options.threads > 0 ? options.threads : AvailableCores());
    Measuring measuring(options, classifier, *extractor, file);
    for (;;) {
      std::shared_ptr<arrow::RecordBatch> references;
      ARROW_RETURN_NOT_OK(listing->ReadNext(&references));
      if (references == nullptr) break;
      ARROW_RETURN_NOT_OK(options.stop.Poll());
      ARROW_ASSIGN_OR_RAISE(const auto fetched,
                            FetchRows(*source, *references, extract.image.max_bytes));
      Encoded encoded;
      for (const auto& bytes : fetched) encoded.push_back(bytes.ValueOr(nullptr));
      ARROW_RETURN_NOT_OK(measuring.Add(encoded));
    }
    ExportAgreement found = measuring.Finish();
    if (found.images + found.rejects == 0) return NoImages(list, listing->summary());
    return found;
  } catch (const std::exception& exception) {
    return OpenVinoError(kDamagedData, "cannot compute what was written", exception);
  }
}

}  // namespace pomona
