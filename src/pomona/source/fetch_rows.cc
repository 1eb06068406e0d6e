#include "pomona/source/fetch_rows.h"

#include <arrow/array.h>

#include <future>
#include <utility>

namespace pomona {

using Fetched = arrow::Result<std::shared_ptr<arrow::Buffer>>;

arrow::Result<std::vector<Fetched>> FetchRows(Source& source, const arrow::RecordBatch& references,
                                              int64_t max_bytes) {
  const auto& uris = static_cast<const arrow::StringArray&>(*references.column(0));
  const auto& sizes = static_cast<const arrow::Int64Array&>(*references.column(1));
  std::vector<Uri> addresses;
  for (int64_t row = 0; row < references.num_rows(); ++row) {
    ARROW_ASSIGN_OR_RAISE(addresses.emplace_back(), Uri::Parse(uris.GetView(row)));
  }
  std::vector<std::future<Fetched>> under_way;
  for (int64_t row = 0; row < references.num_rows(); ++row) {
    auto promise = std::make_shared<std::promise<Fetched>>();
    under_way.push_back(promise->get_future());
    source.Fetch({.uri = std::move(addresses[static_cast<size_t>(row)]),
                  .size = sizes.IsNull(row) ? kUnknownSize : sizes.Value(row),
                  .mtime_us = 0,
                  .version = "",
                  .max_bytes = max_bytes},
                 [promise](auto image) { promise->set_value(std::move(image)); });
  }
  std::vector<Fetched> images;
  for (auto& image : under_way) images.push_back(image.get());
  return images;
}

}  // namespace pomona
