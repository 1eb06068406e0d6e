#pragma once

#include <arrow/status.h>

#include <string>

#include "pomona/classifier.h"
#include "pomona/export/openvino_file.h"

namespace pomona {

/// Invalid where WriteBundle would not: `folder` is there, is no place on this machine, or a label
/// has a line feed, which a list of lines cannot hold.
arrow::Status CheckBundle(const std::string& folder, const Classifier& classifier);

/// Writes a folder from which a program is built that names frames: the graph, the labels a line
/// each, the OpenVINO library that this process has loaded with its headers, and
/// examples/name_frames. It appears whole. IOError.
arrow::Status WriteBundle(const std::string& folder, const OpenVinoFiles& files,
                          const Classifier& classifier);

/// Bytes of all files in it. IOError.
arrow::Result<int64_t> BytesOfBundle(const std::string& folder);

}  // namespace pomona
