#include "pomona/image/tiff_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

#include "pomona/reject.h"

namespace pomona::image {
namespace {

/// libtiff's own buffers, beside what the file itself takes: a row or a few of a codec, and the
/// places of the strips. Pixels are in ours.
constexpr tmsize_t kMaxAllocation = 64 << 20;

/// A number of up to 8 bytes in the order of the file.
uint64_t NumberAt(std::span<const uint8_t> file, uint64_t at, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; ++i) {
    value = value << 8 | file[at + (file[0] == 'I' ? bytes - 1 - i : i)];
  }
  return value;
}

/// Bytes of a value of field type 0, 1, ...; a type that does not exist has none.
constexpr std::array<uint64_t, 19> kTypeBytes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4,
                                                 8, 4, 8, 4, 0, 0, 8, 8, 8};

/// True where the header, the first directory or what its entries refer to is behind the end. The
/// directory is often the last thing in a file.
bool DirectoryEndsEarly(std::span<const uint8_t> file) {
  if (file.size() < 8) return true;
  const bool is_big = NumberAt(file, 2, 2) == 43;
  if (is_big && file.size() < 16) return true;
  const size_t place_bytes = is_big ? 8 : 4;
  const size_t count_bytes = is_big ? 8 : 2;
  const size_t entry_bytes = is_big ? 20 : 12;
  const uint64_t directory = NumberAt(file, place_bytes, place_bytes);
  if (directory > file.size() || file.size() - directory < count_bytes) return true;
  const uint64_t entries = NumberAt(file, directory, count_bytes);
  const uint64_t begin = directory + count_bytes;
  if (entries > (file.size() - begin) / entry_bytes) return true;
  for (uint64_t i = 0; i < entries; ++i) {
    const uint64_t entry = begin + i * entry_bytes;
    const uint64_t type = NumberAt(file, entry + 2, 2);
    const uint64_t count = NumberAt(file, entry + 4, place_bytes);
    const uint64_t one = type < kTypeBytes.size() ? kTypeBytes[type] : 0;
    if (one == 0 || count <= place_bytes / one) continue;
    const uint64_t place = NumberAt(file, entry + 4 + place_bytes, place_bytes);
    if (place > file.size() || count > (file.size() - place) / one) return true;
  }
  return false;
}

}  // namespace

int TiffFile::OnError(TIFF* /*tiff*/, void* file, const char* /*module*/, const char* format,
                      va_list args) {
  auto& error = static_cast<TiffFile*>(file)->error_;
  // The first one is the cause.
  if (error[0] == '\0') std::vsnprintf(error.data(), error.size(), format, args);
  return 1;
}

TiffFile::TiffFile(std::span<const uint8_t> encoded) : encoded_(encoded) {
  const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                             TIFFOpenOptionsFree);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(),
                                      kMaxAllocation + static_cast<tmsize_t>(encoded.size()));
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), OnError, this);
  TIFFOpenOptionsSetWarningHandlerExtR(
      options.get(), [](TIFF*, void*, const char*, const char*, va_list) { return 1; }, nullptr);
  // "c": strips stay as they are in the file.
  tiff_ = TIFFClientOpenExt(
      "image", "rc", this,
      [](thandle_t handle, void* to, tmsize_t wanted) -> tmsize_t {
        auto* file = static_cast<TiffFile*>(handle);
        const size_t there = file->encoded_.size() - std::min(file->at_, file->encoded_.size());
        const size_t count = std::min(static_cast<size_t>(std::max<tmsize_t>(wanted, 0)), there);
        if (count > 0) std::memcpy(to, file->encoded_.data() + file->at_, count);
        file->at_ += count;
        return static_cast<tmsize_t>(count);
      },
      [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; },
      [](thandle_t handle, toff_t offset, int whence) -> toff_t {
        auto* file = static_cast<TiffFile*>(handle);
        const size_t base = whence == SEEK_CUR   ? file->at_
                            : whence == SEEK_END ? file->encoded_.size()
                                                 : 0;
        file->at_ = base + offset;
        return file->at_;
      },
      [](thandle_t) { return 0; },
      [](thandle_t handle) -> toff_t { return static_cast<TiffFile*>(handle)->encoded_.size(); },
      [](thandle_t handle, void** base, toff_t* size) {
        // libtiff reads a mapped file where it lies, and never writes to it.
        auto* file = static_cast<TiffFile*>(handle);
        *base = const_cast<uint8_t*>(file->encoded_.data());
        *size = file->encoded_.size();
        return 1;
      },
      [](thandle_t, void*, toff_t) {}, options.get());
}

TiffFile::~TiffFile() {
  if (tiff_ != nullptr) TIFFClose(tiff_);
}

uint32_t TiffFile::Field(uint32_t tag, uint32_t otherwise) const {
  uint32_t value = 0;
  return TIFFGetField(tiff_, tag, &value) != 0 ? value : otherwise;
}

uint16_t TiffFile::ShortField(uint32_t tag, uint16_t otherwise) const {
  uint16_t value = 0;
  return TIFFGetField(tiff_, tag, &value) != 0 ? value : otherwise;
}

bool TiffFile::EndsEarly() const {
  if (DirectoryEndsEarly(encoded_)) return true;
  if (tiff_ == nullptr) return false;
  const uint64_t size = encoded_.size();
  for (uint32_t i = 0; i < Pieces(); ++i) {
    const uint64_t offset = TIFFGetStrileOffset(tiff_, i);
    if (offset > size || TIFFGetStrileByteCount(tiff_, i) > size - offset) return true;
  }
  return false;
}

uint32_t TiffFile::Pieces() const {
  return TIFFIsTiled(tiff_) != 0 ? TIFFNumberOfTiles(tiff_) : TIFFNumberOfStrips(tiff_);
}

arrow::Status TiffFile::CheckPieces() const {
  // The old kind of JPEG has other fields for its places.
  if (ShortField(TIFFTAG_COMPRESSION, COMPRESSION_NONE) == COMPRESSION_OJPEG) {
    return arrow::Status::OK();
  }
  for (uint32_t i = 0; i < Pieces(); ++i) {
    // libtiff fills up a list of places that is too short, with zeros.
    if (TIFFGetStrileOffset(tiff_, i) == 0 || TIFFGetStrileByteCount(tiff_, i) == 0) {
      if (EndsEarly()) return Failure();
      return Rejected(
          RejectReason::kCorrupt,
          fmt::format("TIFF does not say where strip or tile {} of {} is", i, Pieces()));
    }
  }
  return arrow::Status::OK();
}

arrow::Status TiffFile::Failure() const {
  if (EndsEarly()) return Rejected(RejectReason::kTruncated, "TIFF ends before its last row");
  return Rejected(RejectReason::kCorrupt,
                  fmt::format("TIFF cannot be decoded: {}",
                              error_[0] != '\0' ? error_.data() : "libtiff does not say why"));
}

}  // namespace pomona::image
