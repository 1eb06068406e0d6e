#include "pomona/image/jpeg_stream.h"

#include <algorithm>

namespace pomona::image {

JpegStream& JpegStream::Of(j_common_ptr jpeg) {
  return *static_cast<JpegStream*>(jpeg->client_data);
}

void JpegStream::OnError(j_common_ptr jpeg) {
  JpegStream& self = Of(jpeg);
  self.error_code_ = jpeg->err->msg_code;
  jpeg->err->format_message(jpeg, self.error_text_.data());
  std::longjmp(self.on_error_, 1);
}

void JpegStream::OnProgress(j_common_ptr jpeg) {
  JpegStream& self = Of(jpeg);
  self.error_code_ = self.CountBlockRow();
  if (self.error_code_ != 0) std::longjmp(self.on_error_, 1);
}

int JpegStream::CountBlockRow() {
  const int64_t scans = jpeg_.input_scan_number;
  if (scans > kMaxScans) return kTooManyScans;
  const int64_t pixels = int64_t{jpeg_.image_width} * jpeg_.image_height;
  if (scans > 1 && scans * pixels > max_pixel_scans_) return kTooManyPixelScans;
  refusal_ = budget_->Spend(int64_t{jpeg_.image_width} * jpeg_.max_v_samp_factor * DCTSIZE);
  return refusal_.ok() ? 0 : kOverBudget;
}

uint64_t JpegStream::CoefficientBytes() {
  if (!jpeg_has_multiple_scans(&jpeg_)) return 0;
  uint64_t blocks = 0;
  for (int i = 0; i < jpeg_.num_components; ++i) {
    const jpeg_component_info& component = jpeg_.comp_info[i];
    blocks += uint64_t{component.width_in_blocks} * component.height_in_blocks;
  }
  return blocks * sizeof(JBLOCK);
}

void JpegStream::SkipInput(j_decompress_ptr jpeg, long bytes) {
  // A segment longer than the file: nothing is left, the next read suspends.
  jpeg_source_mgr& source = *jpeg->src;
  const size_t skip = std::min(source.bytes_in_buffer, static_cast<size_t>(std::max(bytes, 0l)));
  source.next_input_byte += skip;
  source.bytes_in_buffer -= skip;
}

JpegStream::~JpegStream() {
  if (created_) jpeg_destroy_decompress(&jpeg_);
}

JpegStream::Outcome JpegStream::Open(std::span<const uint8_t> encoded, bool keep_app1,
                                     ImageBudget* budget, int64_t max_pixel_scans) {
  // A new decompressor per file: an old one would keep the quantisation and Huffman tables
  // of the last file, and a damaged file that lacks its own would silently use them.
  if (created_) jpeg_destroy_decompress(&jpeg_);
  created_ = false;
  error_code_ = 0;
  error_text_[0] = '\0';
  budget_ = budget;
  max_pixel_scans_ = max_pixel_scans;

  jpeg_.err = jpeg_std_error(&errors_);
  errors_.error_exit = OnError;
  errors_.output_message = [](j_common_ptr) {};
  errors_.emit_message = [](j_common_ptr info, int level) {
    if (level < 0) ++info->err->num_warnings;
  };
  jpeg_.client_data = this;
  if (setjmp(on_error_) != 0) return Outcome::kError;
  jpeg_create_decompress(&jpeg_);
  created_ = true;
  jpeg_.client_data = this;

  source_ = {};
  source_.init_source = [](j_decompress_ptr) {};
  source_.fill_input_buffer = [](j_decompress_ptr) -> boolean { return FALSE; };
  source_.skip_input_data = SkipInput;
  source_.resync_to_restart = jpeg_resync_to_restart;
  source_.term_source = [](j_decompress_ptr) {};
  source_.next_input_byte = encoded.data();
  source_.bytes_in_buffer = encoded.size();
  jpeg_.src = &source_;
  progress_ = {};
  progress_.progress_monitor = OnProgress;
  jpeg_.progress = &progress_;
  if (keep_app1) jpeg_save_markers(&jpeg_, JPEG_APP0 + 1, 0xffff);

  int header;
  do {
    header = jpeg_read_header(&jpeg_, FALSE);
  } while (header == JPEG_HEADER_TABLES_ONLY);
  return header == JPEG_HEADER_OK ? Outcome::kDone : Outcome::kNeedsData;
}

JpegStream::Outcome JpegStream::Begin() {
  if (setjmp(on_error_) != 0) return Outcome::kError;
  return jpeg_start_decompress(&jpeg_) ? Outcome::kDone : Outcome::kNeedsData;
}

JpegStream::Outcome JpegStream::ReadRows(uint8_t* rows, size_t stride, int count) {
  std::array<JSAMPROW, kMaxRows> pointers;
  for (int r = 0; r < count; ++r) pointers[r] = rows + stride * r;
  if (setjmp(on_error_) != 0) return Outcome::kError;
  const JDIMENSION end = jpeg_.output_scanline + static_cast<JDIMENSION>(count);
  const JDIMENSION begin = jpeg_.output_scanline;
  while (jpeg_.output_scanline < end) {
    JSAMPROW* next = pointers.data() + (jpeg_.output_scanline - begin);
    if (jpeg_read_scanlines(&jpeg_, next, end - jpeg_.output_scanline) == 0) {
      return Outcome::kNeedsData;
    }
  }
  return Outcome::kDone;
}

JpegStream::Outcome JpegStream::End() {
  if (setjmp(on_error_) != 0) return Outcome::kError;
  return jpeg_finish_decompress(&jpeg_) ? Outcome::kDone : Outcome::kNeedsData;
}

}  // namespace pomona::image
