#pragma once

#include <arrow/status.h>
#include <tiffio.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace pomona::image {

/// The first directory of a TIFF in memory, through libtiff; its messages are kept, not printed.
/// Not thread-safe.
class TiffFile {
 public:
  /// `encoded` must outlive this.
  explicit TiffFile(std::span<const uint8_t> encoded);
  ~TiffFile();
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  /// nullptr where libtiff cannot read the header or the directory: see Failure().
  TIFF* get() const { return tiff_; }

  /// A field of one number; `otherwise` where the file has none.
  uint32_t Field(uint32_t tag, uint32_t otherwise) const;
  /// The same for the many fields of 16 bits.
  uint16_t ShortField(uint32_t tag, uint16_t otherwise) const;

  /// Corrupt where a strip or tile has no place in the file.
  arrow::Status CheckPieces() const;

  /// What the last error was: `truncated` where the file refers to bytes behind its end, else
  /// `corrupt`.
  arrow::Status Failure() const;

 private:
  static int OnError(TIFF* tiff, void* file, const char* module, const char* format, va_list args);
  bool EndsEarly() const;
  uint32_t Pieces() const;  ///< strips or tiles

  const std::span<const uint8_t> encoded_;
  size_t at_ = 0;
  std::array<char, 200> error_{};
  TIFF* tiff_ = nullptr;
};

}  // namespace pomona::image
