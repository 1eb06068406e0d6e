#pragma once

#include <arrow/status.h>

#include <string>
#include <vector>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// How large a set to draw.
struct DemoOptions {
  /// Images of a class below Training/. Cost: about 1 core-ms and 4 kB an image.
  int training_per_class = 75;

  /// Images of a class below Test/.
  int test_per_class = 25;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// The classes of the set, which are its folders' names: "Apple Braeburn", "Lemon", ...
std::vector<std::string> DemoClasses();

/// Draws a set of fruit images in `folder`, which is made if it is missing:
/// FOLDER/Training/CLASS/N_100.jpg and FOLDER/Test/CLASS/N_100.jpg, JPEGs of 100x100 pixels
/// on white, no two the same. The same options give the same bytes, wherever the JPEG
/// library is the same.
///
/// Files appear whole. Those that are there already are kept, so a set that is complete
/// costs a look, and one that was interrupted is finished.
/// Cost: about 1.2 core-seconds for the default 1,200 images; uses up to 8 cores.
/// Errors: Invalid for a bad option, or if `folder` holds anything that is not of the set;
/// IOError.
arrow::Status DrawDemo(const std::string& folder, const DemoOptions& options = {});

}  // namespace pomona
