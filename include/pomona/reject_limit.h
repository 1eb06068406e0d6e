#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// How many images of a table may be rejects before its run is an error. A value.
class RejectLimit {
 public:
  /// Any number, but not all of them: a table without a row is no result.
  RejectLimit() = default;

  /// "100": so many. "2.5%": such a share of the references; "100%" lets all be rejects.
  /// Invalid for anything else.
  static arrow::Result<RejectLimit> Parse(const std::string& text);

  /// The limit as Parse takes it; empty where any number is allowed, but not all.
  std::string ToString() const;

  bool IsExceeded(int64_t rejects, int64_t references) const;

  /// The same before the end: whether nothing that comes can bring the run back below the limit.
  /// `references`: all of the source, where they are counted already.
  bool IsExceededFor(int64_t rejects_so_far, std::optional<int64_t> references) const;

 private:
  std::optional<int64_t> count_;
  std::optional<double> percent_;
};

/// What ends a run that has more than its limit. `reasons`: counts by reason code.
arrow::Status TooManyRejects(int64_t rejects, int64_t references,
                             const std::map<std::string, int64_t>& reasons);

/// Whether `status` is one of those.
bool IsTooManyRejects(const arrow::Status& status);

/// "12 truncated, 3 forbidden": the most frequent first.
std::string DescribeRejects(const std::map<std::string, int64_t>& reasons);

}  // namespace pomona
