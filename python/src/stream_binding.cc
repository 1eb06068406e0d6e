#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <utility>

#include "arrow_capsule.h"
#include "bindings.h"
#include "gil.h"
#include "raise.h"
#include "stream.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

using arrow::Status;

/// A second reader of a stream would find nothing, and take that for all that there is.
void CheckUnread(const Stream& self) {
  if (!self.reader()->at_end()) return;
  RaiseIfError(Status::UnknownError(
      "the stream was read to its end, and is read once\nhint: make it again, or keep what it "
      "gave: table = stream.read_all()"));
}

nb::object Iterate(const nb::object& self) {
  CheckUnread(nb::cast<const Stream&>(self));
  return self;
}

nb::object Next(const Stream& self) {
  auto batch = ValueOrRaise(self.reader()->NextForPython());
  if (batch == nullptr) throw nb::stop_iteration();
  return ToPyarrow(std::move(batch));
}

nb::object ReadAll(const nb::object& self) {
  return nb::module_::import_("pyarrow").attr("Table").attr("from_batches")(nb::list(self),
                                                                            self.attr("schema"));
}

nb::object CStream(const nb::object& self, const nb::object& requested_schema) {
  CheckUnread(nb::cast<const Stream&>(self));
  if (requested_schema.is_none()) return ExportStream(nb::cast<Stream&>(self).reader());
  // pyarrow casts.
  return nb::module_::import_("pyarrow")
      .attr("RecordBatchReader")
      .attr("from_stream")(self)
      .attr("__arrow_c_stream__")(requested_schema);
}

nb::dict Counters(const FeatureStream& self) {
  if (self.reader()->is_of_parent()) {
    RaiseIfError(Status::UnknownError("a stream does not work in the child of a fork"));
  }
  const ExtractCounters counters = WithoutGil([&] { return self.counters(); });
  nb::dict values;
  values["images"] = counters.images;
  values["rejects"] = counters.rejects;
  values["bytes"] = counters.bytes;
  values["requests"] = counters.requests;
  values["retries"] = counters.retries;
  values["fetch_ns"] = counters.fetch_ns;
  values["decode_ns"] = counters.decode_ns;
  values["resize_ns"] = counters.resize_ns;
  values["infer_ns"] = counters.infer_ns;
  values["streams"] = counters.streams;
  values["workers"] = counters.workers;
  return values;
}

nb::dict ToDict(const ListingSummary& listing) {
  nb::dict suffixes;
  for (const auto& [suffix, count] : listing.not_taken_by_suffix) suffixes[suffix.c_str()] = count;
  nb::dict values;
  values["references"] = listing.references;
  values["not_taken"] = listing.not_taken;
  values["not_taken_by_suffix"] = suffixes;
  values["unlabelled"] = listing.unlabelled;
  values["unlabelled_example"] = listing.unlabelled_example;
  nb::list remarks;
  for (const std::string& remark : listing.Remarks()) remarks.append(Spelt(remark));
  values["remarks"] = remarks;
  return values;
}

}  // namespace

Stream::Stream(std::shared_ptr<arrow::RecordBatchReader> reader, std::function<void()> cancel)
    : reader_(ValueOrRaise(InterruptibleReader::Make(std::move(reader), std::move(cancel)))) {}

ListingSummary SeenListing::summary() {
  std::lock_guard lock(mutex_);
  if (const auto listing = listing_.lock()) summary_ = listing->summary();
  return summary_;
}

ImageStream::ImageStream(const std::shared_ptr<ImageListing>& listing,
                         const std::shared_ptr<arrow::StopSource>& stop)
    : Stream(listing, [stop] { stop->RequestStop(); }),
      seen_(std::make_shared<SeenListing>(listing)) {}

void ImageStream::Close() {
  summary();
  Stream::Close();
}

FeatureStream::FeatureStream(const std::shared_ptr<FeatureReader>& reader,
                             const std::shared_ptr<ImageListing>& listing,
                             const std::shared_ptr<arrow::StopSource>& stop)
    : Stream(reader,
             [weak = std::weak_ptr(reader), stop] {
               if (stop != nullptr) stop->RequestStop();
               if (const auto features = weak.lock()) features->Cancel();
             }),
      seen_(std::make_shared<Seen>()),
      listing_(listing ? std::make_shared<SeenListing>(listing) : nullptr) {
  seen_->features = reader;
}

std::optional<ListingSummary> FeatureStream::listing() const {
  if (listing_ == nullptr) return std::nullopt;
  return listing_->summary();
}

ExtractCounters FeatureStream::counters() const {
  std::lock_guard lock(seen_->mutex);
  if (const auto features = seen_->features.lock()) seen_->counters = features->counters();
  return seen_->counters;
}

void FeatureStream::Close() {
  // In a fork's child a lock may have been left taken, by a thread that is not there.
  if (reader()->is_of_parent()) return;
  counters();
  listing();
  Stream::Close();
}

void BindStream(nb::module_& module) {
  nb::class_<Stream>(module, "Stream", "Arrow record batches, read once, as they come.")
      .def("__iter__", &Iterate)
      .def("__next__", &Next)
      .def("__arrow_c_stream__", &CStream, nb::arg("requested_schema") = nb::none(),
           "Arrow's C stream interface. Shares its batches with iteration.")
      .def("__enter__", [](const nb::object& self) { return self; })
      .def("__exit__", [](Stream& self, const nb::args&) { WithoutGil([&] { self.Close(); }); })
      .def(
          "close", [](Stream& self) { WithoutGil([&] { self.Close(); }); },
          "Ends the work behind the stream. A stream that is dropped does too.")
      .def("read_all", &ReadAll, "What is left of the stream, as a pyarrow.Table.")
      .def_prop_ro("schema", [](const Stream& self) { return ToPyarrow(self.reader()->schema()); });
  nb::class_<ImageStream, Stream>(module, "ImageStream", "A stream of references to images.")
      .def(
          "summary", [](const ImageStream& self) { return ToDict(self.summary()); },
          "What the listing came upon so far, and did not take.");
  nb::class_<FeatureStream, Stream>(module, "FeatureStream", "A stream of feature rows.")
      .def("counters", &Counters,
           "What the stream has done so far. Times are sums over threads, in nanoseconds.")
      .def(
          "listing",
          [](const FeatureStream& self) -> nb::object {
            const auto listing = self.listing();
            return listing ? nb::object(ToDict(*listing)) : nb::none();
          },
          "What the source's listing came upon so far, as of ImageStream.summary.");
}

}  // namespace pomona::python
