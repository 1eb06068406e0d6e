#pragma once

#include <arrow/record_batch.h>
#include <nanobind/nanobind.h>

#include <memory>
#include <vector>

namespace pomona::python {

/// Encoded images in Python's memory, as a stream for Extractor::ExtractImages. Their buffers are
/// held until the list is destroyed: with the GIL, and after its readers. They are copied into
/// Arrow's memory a batch at a time, which takes no GIL.
class ImageList {
 public:
  /// `images`: any sequence of bytes, bytearray, memoryview or other buffers. TypeError.
  explicit ImageList(const nanobind::object& images);
  ~ImageList();
  ImageList(const ImageList&) = delete;
  ImageList& operator=(const ImageList&) = delete;

  int64_t size() const { return static_cast<int64_t>(buffers_.size()); }

  static std::shared_ptr<arrow::Schema> schema();

  /// Batches of one column, large_binary, of 256 images.
  std::shared_ptr<arrow::RecordBatchReader> Reader() const;

 private:
  void Release();

  std::vector<Py_buffer> buffers_;
};

}  // namespace pomona::python
