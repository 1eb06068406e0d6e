#pragma once

#include <arrow/result.h>

#include <openvino/core/model.hpp>
#include <string>

#include "pomona/export/export_texts.h"

namespace pomona {

/// `graph` as the bytes of an ONNX file with `texts` for its metadata: each operation as one of
/// ONNX's, layers that compute in 8 bits as QuantizeLinear and DequantizeLinear around them, with
/// their weights in int8 and their bias in int32. The same graph, the same bytes.
///
/// Known are the operations of the networks of the catalogue, of AnswerGraph and of Quantise.
/// Invalid names one that is not.
arrow::Result<std::string> WriteOnnx(const ov::Model& graph, const ExportTexts& texts);

}  // namespace pomona
