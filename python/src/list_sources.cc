#include "list_sources.h"

#include <utility>

#include "options.h"
#include "raise.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

using arrow::Result;
using arrow::Status;

class Listings : public ImageListing {
 public:
  explicit Listings(std::vector<std::shared_ptr<ImageListing>> listings)
      : listings_(std::move(listings)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return ReferenceSchema(); }

  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    for (batch->reset(); next_ < listings_.size(); ++next_) {
      ARROW_RETURN_NOT_OK(listings_[next_]->ReadNext(batch));
      if (*batch != nullptr) return Status::OK();
    }
    return Status::OK();
  }

  ListingSummary summary() const override {
    ListingSummary all;
    for (const auto& listing : listings_) all.Add(listing->summary());
    return all;
  }

 private:
  const std::vector<std::shared_ptr<ImageListing>> listings_;
  size_t next_ = 0;
};

}  // namespace

std::vector<std::string> SourcesOf(const nb::object& given) {
  if (!nb::isinstance<nb::list>(given) && !nb::isinstance<nb::tuple>(given)) {
    return {PathOf(given)};
  }
  std::vector<std::string> sources;
  for (const nb::handle source : given) sources.push_back(PathOf(nb::borrow(source)));
  if (sources.empty()) RaiseIfError(Status::Invalid("no source: the list is empty"));
  return sources;
}

Result<std::shared_ptr<ImageListing>> ListSources(const std::vector<std::string>& sources,
                                                  const ListOptions& options) {
  ListOptions one = options;
  std::vector<std::shared_ptr<ImageListing>> listings;
  for (const std::string& source : sources) {
    one.source = source;
    ARROW_ASSIGN_OR_RAISE(auto listing, ListImages(one));
    listings.push_back(std::move(listing));
  }
  if (listings.size() == 1) return listings.front();
  return std::make_shared<Listings>(std::move(listings));
}

}  // namespace pomona::python
