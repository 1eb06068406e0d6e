#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/extract/reference_feed.h"
#include "pomona/image/image_reader.h"
#include "pomona/report/report_rows.h"
#include "pomona/report/sprite_sheet.h"

namespace pomona {

/// Gets the pictures of rows from where their paths say, small. Whatever is wrong with one is its
/// own trouble. For one thread.
class PictureLoader {
 public:
  /// `rows` live longer. Opens no store yet.
  PictureLoader(const ReportRows& rows, const StorageOptions& storage, int threads);

  /// The cells of these rows, in their order; nothing where there is no picture. At most kFetches
  /// reads are under way and kFetchedBytes bytes not yet decoded. Cancelled.
  arrow::Result<std::vector<std::optional<SpriteCell>>> Load(std::span<const int64_t> rows,
                                                             const arrow::StopToken& stop);

  /// Why there were none, with how often and for which path first: "not_found: 3 pictures ...".
  std::vector<std::string> Troubles() const;

  static constexpr int kFetches = 64;
  static constexpr int64_t kFetchedBytes = int64_t{64} << 20;

 private:
  arrow::Result<std::unique_ptr<ReferenceFeed>> FeedOf(std::span<const int64_t> rows) const;

  struct Trouble {
    std::string reason, path, message;
    int64_t count = 0;
  };

  const ReportRows& rows_;
  StorageOptions storage_;
  ImageOptions image_;
  ThreadTeam team_;
  std::vector<Trouble> troubles_;  ///< in the order in which they came
};

}  // namespace pomona
