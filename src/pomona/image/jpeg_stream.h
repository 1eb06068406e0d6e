#pragma once

#include <arrow/status.h>

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string_view>

// clang-format off: jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>
// clang-format on

#include "pomona/image/image_budget.h"

namespace pomona::image {

/// libjpeg on bytes in memory, with outcomes in place of longjmp and of its standard
/// error stream. One file at a time: Open, Begin, ReadRows..., End. Not thread-safe.
///
/// The source suspends at the end of the data instead of making up an end marker: this
/// is how Pillow notices files that end too early, and so do we.
class JpegStream {
 public:
  enum class Outcome {
    kDone,
    kNeedsData,  ///< the data ends here, the image does not
    kError,      ///< see error_code() and error_text()
  };

  JpegStream() = default;
  ~JpegStream();
  JpegStream(const JpegStream&) = delete;
  JpegStream& operator=(const JpegStream&) = delete;

  /// Reads the header of `encoded`, which must stay valid until the next Open, as `budget`
  /// must. With `keep_app1`, info().marker_list holds the APP1 (EXIF, XMP) segments: less,
  /// together, than `encoded`. `max_pixel_scans`: most scans times pixels.
  Outcome Open(std::span<const uint8_t> encoded, bool keep_app1, ImageBudget* budget,
               int64_t max_pixel_scans);

  /// After Open: what Begin will allocate for a file with several scans, in bytes; else 0.
  uint64_t CoefficientBytes();

  /// After Open: what was found, and how to decode (out_color_space, scale_denom).
  jpeg_decompress_struct& info() { return jpeg_; }
  const jpeg_decompress_struct& info() const { return jpeg_; }

  /// Starts decoding; a progressive file is read to its end here.
  Outcome Begin();

  /// The next `count` rows, `stride` bytes apart; `count` <= 16.
  Outcome ReadRows(uint8_t* rows, size_t stride, int count);

  /// Reads what follows the last row, which may still be found damaged.
  Outcome End();

  /// libjpeg's message number (jerror.h), or one of ours, below.
  int error_code() const { return error_code_; }
  std::string_view error_text() const { return error_text_.data(); }
  /// What the budget said, for kOverBudget.
  const arrow::Status& refusal() const { return refusal_; }

  static constexpr int kMaxRows = 16;
  /// Real progressive files have about ten scans; each may cost as much as decoding the
  /// whole image, however short it is.
  static constexpr int kMaxScans = 500;
  static constexpr int kTooManyScans = -1;
  static constexpr int kTooManyPixelScans = -2;
  static constexpr int kOverBudget = -3;

 private:
  static JpegStream& Of(j_common_ptr jpeg);
  static void OnError(j_common_ptr jpeg);
  static void OnProgress(j_common_ptr jpeg);
  static void SkipInput(j_decompress_ptr jpeg, long bytes);
  /// 0, or the code of what this row of blocks is too much for.
  int CountBlockRow();

  // A longjmp skips destructors: no function that calls setjmp or longjmp has locals that
  // have one.
  jpeg_decompress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  jpeg_source_mgr source_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf on_error_;
  bool created_ = false;
  ImageBudget* budget_ = nullptr;
  int64_t max_pixel_scans_ = 0;
  int error_code_ = 0;
  arrow::Status refusal_;
  std::array<char, JMSG_LENGTH_MAX> error_text_{};
};

}  // namespace pomona::image
