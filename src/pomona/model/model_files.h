#pragma once

#include <arrow/result.h>

#include <filesystem>
#include <string>
#include <vector>

#include "pomona/model.h"

namespace pomona {

/// One file of a network.
struct ModelFile {
  std::filesystem::path path;
  std::string name;  ///< relative to the folder of the network, '/' between its parts
};

/// The files that make the network at `network`, by name: an .xml and its .bin; an .onnx and all
/// files where its tensors say that their data lies; a .tflite; of a SavedModel folder
/// saved_model.pb and what is in variables/ and assets/.
/// IOError names one that is missing or cannot be read. Invalid: external data of ONNX or a part of
/// a SavedModel that is outside of the network's folder, also through a link; a Git LFS pointer; an
/// ONNX graph that is none.
arrow::Result<std::vector<ModelFile>> ModelFiles(const std::filesystem::path& network);

/// Fills path, digest and bytes of `model` from the network at `network`. Errors as ModelFiles.
/// Cost: reads every byte, each time (20 MB in about 15 ms).
arrow::Status DigestModel(const std::filesystem::path& network, Model* model);

/// Invalid where the files of `model` are not those that its digest is of.
arrow::Status RefuseChangedModel(const Model& model);

}  // namespace pomona
