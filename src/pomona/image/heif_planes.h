#pragma once

#include "pomona/image/heif_library.h"
#include "pomona/image/yuv_rows.h"

namespace pomona::image {

/// Finds the planes of an image that was decoded as libheif likes it best, from a file that claims
/// the matrix of identity and the full range: up to libheif 1.19 that is RGB, in which this matrix
/// leaves the numbers as they are and repeats those of the smaller planes; newer ones may leave all
/// as stored. Repeated numbers are made one again, in the image.
///
/// `picture` has its chroma, as the file says; its size, depth, planes and whether they are
/// premultiplied are filled in. They live as long as `image`. False where planes are not as they
/// should be, or not of 8, 10 or 12 bits.
bool FindPlanes(const HeifLibrary& heif, const heif_image_handle* handle, heif_image* image,
                YuvPicture& picture);

}  // namespace pomona::image
