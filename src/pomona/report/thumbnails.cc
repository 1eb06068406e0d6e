#include "pomona/report/thumbnails.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pomona/report/picture_loader.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr size_t kMostThumbnails = 10'000;
/// Pictures that are asked for at once; so many first, to see whether there are any.
constexpr size_t kBatch = 256, kFirst = 32;
/// Sheets that are encoded beside each other.
constexpr size_t kSheetsAtOnce = 4;
constexpr auto kPerSheet = static_cast<size_t>(SpriteLayout::kPerSheet);

/// Sheets as they fill, as long as there is room for them.
class SheetWriter {
 public:
  SheetWriter(int64_t most_bytes, int threads) : room_(most_bytes), team_(threads) {}

  bool full() const { return full_; }
  size_t shown() const { return made_.rows.size() + rows_.size(); }

  Status Add(int64_t row, SpriteCell cell) {
    rows_.push_back(row);
    cells_.push_back(std::move(cell));
    return cells_.size() == kPerSheet * kSheetsAtOnce ? Flush() : Status::OK();
  }

  /// Encodes what there is; the last sheet may have fewer pictures than others.
  Status Flush() {
    const size_t sheets = (cells_.size() + kPerSheet - 1) / kPerSheet;
    std::vector<Result<std::string>> encoded(sheets);
    team_.Run(static_cast<int64_t>(sheets), [&](int64_t s) {
      const auto at = static_cast<size_t>(s);
      encoded[at] = EncodeSheet(CellsOf(at * kPerSheet, kPerSheet));
    });
    for (size_t s = 0; s < sheets && !full_; ++s) {
      ARROW_RETURN_NOT_OK(encoded[s].status());
      ARROW_RETURN_NOT_OK(Take(s * kPerSheet, *std::move(encoded[s])));
    }
    rows_.clear();
    cells_.clear();
    return Status::OK();
  }

  Thumbnails Finish() { return std::move(made_); }

 private:
  std::span<const SpriteCell> CellsOf(size_t first, size_t count) const {
    return std::span(cells_).subspan(first, std::min(count, cells_.size() - first));
  }

  /// A sheet that does not fit is made again of fewer cells, and is the last.
  Status Take(size_t first, std::string sheet) {
    size_t count = CellsOf(first, kPerSheet).size();
    const auto size = [&] { return static_cast<int64_t>((sheet.size() + 2) / 3 * 4); };
    while (size() > room_) {
      full_ = true;
      const double share =
          static_cast<double>(std::max<int64_t>(room_, 0)) / static_cast<double>(size());
      count = std::min(count - 1, static_cast<size_t>(static_cast<double>(count) * share));
      if (count == 0) return Status::OK();
      ARROW_ASSIGN_OR_RAISE(sheet, EncodeSheet(CellsOf(first, count)));
    }
    room_ -= size();
    const auto from = rows_.begin() + static_cast<int64_t>(first);
    made_.rows.insert(made_.rows.end(), from, from + static_cast<int64_t>(count));
    made_.sheets.push_back(std::move(sheet));
    return Status::OK();
  }

  int64_t room_;
  ThreadTeam team_;
  bool full_ = false;
  std::vector<int64_t> rows_;
  std::vector<SpriteCell> cells_;
  Thumbnails made_;
};

}  // namespace

Result<Thumbnails> MakeThumbnails(const ReportRows& rows, std::span<const int64_t> wanted,
                                  int64_t most_bytes, int threads, const StorageOptions& storage,
                                  const arrow::StopToken& stop, Remarks* remarks) {
  PictureLoader loader([&](int64_t row) { return rows.path(row); }, storage, threads);
  SheetWriter writer(most_bytes, threads);
  int64_t missing = 0;
  for (size_t first = 0; first < wanted.size() && !writer.full();) {
    if (writer.shown() == kMostThumbnails) break;
    const size_t count = std::min(
        {first == 0 ? kFirst : kBatch, wanted.size() - first, kMostThumbnails - writer.shown()});
    const auto batch = wanted.subspan(first, count);
    ARROW_ASSIGN_OR_RAISE(auto cells, loader.Load(batch, stop));
    for (size_t i = 0; i < count; ++i) {
      if (cells[i]) {
        ARROW_RETURN_NOT_OK(writer.Add(batch[i], *std::move(cells[i])));
      } else {
        ++missing;
      }
    }
    first += count;
    if (first == kFirst && missing == static_cast<int64_t>(kFirst) && first < wanted.size()) {
      remarks->push_back({"samples", fmt::format("none of the first {} pictures can be read: no "
                                                 "more were tried",
                                                 kFirst)});
      break;
    }
  }
  ARROW_RETURN_NOT_OK(writer.Flush());
  for (const std::string& one : loader.Troubles()) remarks->push_back({"samples", one});
  Thumbnails made = writer.Finish();
  made.missing = missing;
  return made;
}

}  // namespace pomona
