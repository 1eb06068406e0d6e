#include "pomona/base/json.h"
#include "pomona/export.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"

namespace pomona {

using arrow::Status;

std::string_view ExportFormatName(ExportFormat format) {
  return format == ExportFormat::kOnnx ? "onnx" : "openvino";
}

arrow::Result<ExportFormat> ParseExportFormat(std::string_view name) {
  for (const ExportFormat format : {ExportFormat::kOnnx, ExportFormat::kOpenVino}) {
    if (name == ExportFormatName(format)) return format;
  }
  return Status::Invalid("no format `", ShownText(name), "`\nhint: onnx or openvino");
}

Status ExportOptions::Validate() const {
  ARROW_RETURN_NOT_OK(Uri::Parse(classifier).status());
  ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  if (format == ExportFormat::kOpenVino && !output.ends_with(".xml")) {
    return Status::Invalid("option `output` is ", ShownUri(output),
                           ", but OpenVINO reads a network by a name that ends in .xml");
  }
  if (precision && *precision != Precision::kF32 && *precision != Precision::kInt8) {
    return Status::Invalid("option `precision` is ", PrecisionName(*precision),
                           "; a file computes in f32 or int8");
  }
  if (!check.empty()) ARROW_RETURN_NOT_OK(Uri::Parse(check).status());
  return storage.Validate();
}

std::string ExportReport::ToJson() const {
  Json json = {{"pomona", version},
               {"output", ShownUri(output)},
               {"format", std::string(ExportFormatName(format))},
               {"precision", std::string(PrecisionName(precision))},
               {"same_arithmetic", same_arithmetic},
               {"bytes", bytes},
               {"classes", classes},
               {"dim", dim},
               {"height", height},
               {"width", width}};
  if (agreement) {
    json["agreement"] = {{"images", agreement->images},
                         {"rejects", agreement->rejects},
                         {"same", agreement->same},
                         {"contradicted", agreement->contradicted},
                         {"same_unknown", agreement->same_unknown},
                         {"largest_difference", agreement->largest_difference},
                         {"mean_difference", agreement->mean_difference},
                         {"resized_by_file", agreement->resized_by_file}};
  }
  return JsonDocument(json);
}

}  // namespace pomona
