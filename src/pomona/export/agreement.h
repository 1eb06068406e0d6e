#pragma once

#include <arrow/result.h>

#include <openvino/core/model.hpp>

#include "pomona/classifier.h"
#include "pomona/export.h"
#include "pomona/export/openvino_file.h"
#include "pomona/extract.h"

namespace pomona {

/// Reads back what was written, by OpenVINO's reader of that format. DamagedData says what it said.
arrow::Result<std::shared_ptr<ov::Model>> ReadExported(ExportFormat format,
                                                       const OpenVinoFiles& files);

/// Runs the images of `options.check` through `exported` and through `extract` and `classifier`,
/// side by side. OpenVINO's reader of ONNX leaves out the antialiasing of its Resize: such a graph
/// gets images that Pomona resized, which it then leaves as they are. Cancelled; errors of
/// ListImages and Extractor::Load; Invalid: no image.
arrow::Result<ExportAgreement> MeasureAgreement(const ExportOptions& options,
                                                const std::shared_ptr<ov::Model>& exported,
                                                const ExtractOptions& extract,
                                                const Classifier& classifier);

}  // namespace pomona
