#include "image_list.h"

#include <arrow/array/builder_binary.h>
#include <arrow/type.h>

#include <algorithm>
#include <string>

namespace pomona::python {
namespace nb = nanobind;
namespace {

using arrow::Status;

constexpr int64_t kRows = 256;

/// Copies a batch of images at a time into Arrow's memory.
class ImageListReader : public arrow::RecordBatchReader {
 public:
  explicit ImageListReader(const std::vector<Py_buffer>& buffers) : buffers_(buffers) {}

  std::shared_ptr<arrow::Schema> schema() const override { return ImageList::schema(); }

  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    batch->reset();
    const size_t end = std::min(buffers_.size(), next_ + kRows);
    if (next_ == end) return Status::OK();
    arrow::LargeBinaryBuilder images;
    const auto rows = static_cast<int64_t>(end - next_);
    for (; next_ < end; ++next_) {
      const Py_buffer& buffer = buffers_[next_];
      ARROW_RETURN_NOT_OK(images.Append(static_cast<const uint8_t*>(buffer.buf), buffer.len));
    }
    ARROW_ASSIGN_OR_RAISE(auto column, images.Finish());
    *batch = arrow::RecordBatch::Make(ImageList::schema(), rows, {std::move(column)});
    return Status::OK();
  }

 private:
  const std::vector<Py_buffer>& buffers_;
  size_t next_ = 0;
};

}  // namespace

ImageList::ImageList(const nb::object& images) {
  buffers_.reserve(nb::len(images));
  for (const nb::handle image : images) {
    Py_buffer& buffer = buffers_.emplace_back();
    if (PyObject_GetBuffer(image.ptr(), &buffer, PyBUF_SIMPLE) != 0) {
      buffers_.pop_back();
      Release();
      throw nb::python_error();
    }
  }
}

ImageList::~ImageList() { Release(); }

void ImageList::Release() {
  for (Py_buffer& buffer : buffers_) PyBuffer_Release(&buffer);
  buffers_.clear();
}

std::shared_ptr<arrow::Schema> ImageList::schema() {
  static const auto schema = arrow::schema({arrow::field("image", arrow::large_binary())});
  return schema;
}

std::shared_ptr<arrow::RecordBatchReader> ImageList::Reader() const {
  return std::make_shared<ImageListReader>(buffers_);
}

}  // namespace pomona::python
