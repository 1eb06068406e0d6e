#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pomona/model.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// What a classifier is written as, for programs that have no Pomona.
enum class ExportFormat {
  kOnnx,      ///< one file of opset 18, for ONNX Runtime, in a browser too
  kOpenVino,  ///< an IR: FILE.xml, and its weights FILE.bin beside it
  kBundle,    ///< a new folder with an IR, OpenVINO's library and a program that names frames
};

/// "onnx", "openvino", "bundle".
std::string_view ExportFormatName(ExportFormat format);
/// Invalid, with a hint: no such format.
arrow::Result<ExportFormat> ParseExportFormat(std::string_view name);

/// A classifier with all that is before it as one network: docs/format/export.md.
struct ExportOptions {
  /// The file that `pomona train` wrote, a path or URI.
  std::string classifier;

  /// The file to write, a path or URI. Of kOpenVino it ends in ".xml"; of kBundle it is a folder on
  /// this machine that is not there yet.
  std::string output;

  ExportFormat format = ExportFormat::kOnnx;

  /// Of the network's arithmetic, kF32 or kInt8; the classifier's own is always float32. Absent:
  /// that of the features that were learned from, and kF32 where these are kBf16.
  std::optional<Precision> precision;

  /// Of a file of several targets the one that is meant. Empty: there is one.
  std::string target;

  /// The network's path. Empty: by its name in the catalogue, which the classifier knows.
  std::string model;

  /// Images, a folder, file or URI, by which the file is checked before it is written. Empty: none.
  std::string check;

  /// Cores to check with; 0: all.
  int threads = 0;

  /// Replace what is there; never a bundle.
  bool overwrite = false;

  StorageOptions storage;

  /// Ends the check with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// How far the answers of the file are from those of Predict, on the same images.
struct ExportAgreement {
  int64_t images = 0;   ///< that both answered
  int64_t rejects = 0;  ///< that cannot be decoded
  int64_t same = 0;     ///< of the images: those with the same first label
  /// Those with another first label although the first two probabilities of Predict are more than
  /// 0.02 apart.
  int64_t contradicted = 0;
  int64_t same_unknown = 0;       ///< of the images: unknown in both, or in neither
  double largest_difference = 0;  ///< of any probability
  double mean_difference = 0;     ///< of the largest of each image
  /// Whether the images were resized by the file; else by Pomona, as the engine that checks would
  /// resize otherwise than the format says.
  bool resized_by_file = true;

  /// What is promised of a file whose network computes as that of Predict: nothing contradicted,
  /// and no probability further off than 0.01.
  bool holds() const { return contradicted == 0 && largest_difference <= 0.01; }
};

/// What was written.
struct ExportReport {
  std::string version, output;
  ExportFormat format = ExportFormat::kOnnx;
  Precision precision = Precision::kF32;
  int64_t bytes = 0;  ///< of all that was written
  int64_t classes = 0;
  int64_t dim = 0;              ///< features
  int height = 0, width = 0;    ///< pixels that the image is resized to
  bool same_arithmetic = true;  ///< as the features that were learned from
  std::optional<ExportAgreement> agreement;

  std::string ToJson() const;
};

/// Writes a classifier, its network, its resize and its normalisation as one network from `image`,
/// uint8 [1, height, width, 3] RGB of any size, to `probabilities` [1, classes], `unknown_score`
/// [1], `features` [1, dim] and `position` [1, rank] (z, as Classifier has it), all float32.
/// Labels, thresholds, licence and digests are its metadata.
///
/// Cost: reading the network; its weights are held three times. The check computes each image
/// twice.
///
/// Errors: Invalid (an option; a file that is there; a classifier that does not say how its
/// features were made, or whose features no graph can make; a network that has no int8 file, or an
/// operation that the format's writer does not know; then nothing is changed), KeyError (the
/// network), DamagedData (no classifier; with `check`, same_arithmetic and an agreement that does
/// not hold: nothing is written), IOError, Cancelled.
arrow::Result<ExportReport> Export(const ExportOptions& options);

}  // namespace pomona
