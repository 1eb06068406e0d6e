#pragma once

#include <arrow/result.h>
#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <vector>

#include "pomona/list.h"

namespace pomona::python {

/// A source, or a sequence of them, each a string or an object with __fspath__. TypeError;
/// InvalidOption if there are none.
std::vector<std::string> SourcesOf(const nanobind::object& given);

/// The listings of `sources`, one after the other; `options.source` is of no account. All options
/// are checked now, and each source is listed when the one before it has ended.
arrow::Result<std::shared_ptr<ImageListing>> ListSources(const std::vector<std::string>& sources,
                                                         const ListOptions& options);

}  // namespace pomona::python
