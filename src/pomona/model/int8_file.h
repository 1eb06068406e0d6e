#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "pomona/model.h"

namespace pomona {

/// The numbers that a tensor was seen to hold.
struct ValueRange {
  double low = 0;
  double high = 0;
};

/// How a network computes in whole numbers of 8 bits: docs/format/int8.md. Weights are not in it,
/// they follow from the network.
struct Int8File {
  std::string network;  ///< digest of the one that it is for
  std::string made_by;  ///< a program and its version
  /// The images whose tensors gave the ranges.
  struct Calibration {
    std::string name;  ///< for people
    std::string digest;
    int64_t images = 0;
    int height = 0, width = 0;  ///< pixels that the network was given
  } calibration;
  std::set<std::string> float_layers;        ///< stay out of it: by the names of their outputs
  std::map<std::string, ValueRange> ranges;  ///< of tensors that layers read, by their names
};

/// DamagedData names `path` and the key.
arrow::Result<Int8File> ParseInt8File(std::string_view text, const std::string& path);

/// Reads the file at `path` if it is the one of `digest`, for the network of digest `network`.
/// IOError if it cannot be read, Invalid if it is another one or for another network.
arrow::Result<Int8File> ReadInt8File(const std::string& path, const std::string& digest,
                                     const std::string& network);

/// Invalid where `model` has no int8 file; costs no look at a disk.
arrow::Status RefuseWithoutInt8(const Model& model);

/// What ParseInt8File reads; the same for equal files.
std::string Int8FileText(const Int8File& file);

/// "300 images of NAME, sha256:...", for people.
std::string DescribeInt8File(const Int8File& file);

/// "sha256:..." of the bytes of such a file.
std::string DigestOfInt8File(std::string_view text);

}  // namespace pomona
