#pragma once

#include <arrow/result.h>

#include <memory>
#include <openvino/core/model.hpp>
#include <string>

#include "pomona/export/export_texts.h"

namespace pomona {

/// The two files of an OpenVINO IR.
struct OpenVinoFiles {
  std::string xml, bin;
};

/// Writes `graph`, which is changed: weights that are rounded to 8 bits are kept as such, and its
/// texts are its rt_info below "pomona". The same graph, the same bytes. Invalid says what OpenVINO
/// said.
arrow::Result<OpenVinoFiles> WriteOpenVino(const std::shared_ptr<ov::Model>& graph,
                                           const ExportTexts& texts);

}  // namespace pomona
