#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <string>

#include "pomona/list.h"
#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// Where in pictures the labels of a classifier are seen.
struct LocateOptions {
  /// `images.source` holds them; their labels are not looked at.
  ListOptions images;

  /// The Parquet file to write, a path or URI.
  std::string output;

  /// The file that `pomona train` wrote: over the last layer, with scores by cosine.
  std::string classifier;

  /// Of a file of several targets the one that is meant. Empty: there is one.
  std::string target;

  /// The network's path. Empty: by its name in the catalogue, which the classifier knows.
  std::string model;

  /// Side in pixels of the square that a picture is resized to, 32 to 2,048: larger finds what is
  /// smaller. 0: that of the images that the classifier learned from, or is like.
  int input_size = 0;

  /// Side of the windows that are looked at, in cells of the network's map, which are 32 pixels for
  /// most networks; at least 1.
  int cells = 3;

  /// The least score of a box, -1 to 1.
  double least_score = 0.3;

  /// A folder of this machine for a picture of each image with its boxes, SVG. Empty: none.
  std::string draw;

  /// Cores to use; 0: all.
  int threads = 0;

  /// Replace the file that is there.
  bool overwrite = false;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// What was found.
struct LocateReport {
  std::string version, source, output;
  int64_t images = 0;   ///< that were looked at
  int64_t rejects = 0;  ///< that cannot be read or decoded: they are in the file with a reason
  int64_t boxes = 0;
  int64_t empty = 0;                  ///< images without a box
  int map_height = 0, map_width = 0;  ///< of the network's map, in cells
  double seconds = 0;

  std::string ToJson() const;
};

/// Looks at each window of each picture as a classifier looks at a whole one: a classifier over the
/// mean of a map knows the mean over a part of it as well, so that all windows cost one pass of the
/// network. Windows that touch and have the same first label become one box, with the score of the
/// best: 1 less its unknown score, the cosine to the nearest class's mean.
///
/// The file has a row a box, in the order of the paths, in a picture the best first: `path`,
/// `label`, `score` float, `x`, `y`, `width`, `height` int32 in pixels of the picture as it is
/// decoded, `reject`. An image without a box has a row of its path alone, one that is a reject its
/// reason.
///
/// Cost: the network once a picture, at `input_size`. The same rows for any number of threads.
///
/// Errors: Invalid (an option; a classifier that scores by distance, or over more than one map; no
/// images; then nothing is changed), KeyError (the network), DamagedData (no classifier), IOError,
/// Cancelled (nothing is written but pictures).
arrow::Result<LocateReport> Locate(const LocateOptions& options);

}  // namespace pomona
