#include "pomona/image/heif_items.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "pomona/image/iso_box.h"

namespace pomona::image {
namespace {

using Bytes = std::span<const uint8_t>;
using Items = std::unordered_map<uint64_t, HeifItem>;

/// Version and flags, from the front of a box that has them.
struct IsoVersion {
  explicit IsoVersion(Bytes& content) : version(TakeNumber(content, 1)) {
    flags = TakeNumber(content, 3);
  }
  uint64_t version;
  uint64_t flags;
};

Items ReadTypes(Bytes iinf) {
  Items items;
  const bool many = IsoVersion(iinf).version != 0;
  TakeNumber(iinf, many ? 4 : 2);
  while (const std::optional<IsoBox> box = TakeBox(iinf)) {
    Bytes infe = box->content;
    const uint64_t version = IsoVersion(infe).version;
    if (box->type != "infe" || version < 2) continue;
    const uint64_t id = TakeNumber(infe, version == 2 ? 2 : 4);
    TakeNumber(infe, 2);
    if (infe.size() < 4) continue;
    HeifItem item;
    item.type = FourLetters(infe);
    items.emplace(id, std::move(item));
  }
  return items;
}

/// Where the bytes of items are: in the file or, by its construction method 1, in `idat`.
void ReadPlaces(Bytes iloc, Bytes file, Bytes idat, Items& items) {
  const uint64_t version = IsoVersion(iloc).version;
  const uint64_t sizes = TakeNumber(iloc, 2);
  const auto size = [&](int shift) {
    const uint64_t bytes = sizes >> shift & 0x0f;
    return bytes == 4 || bytes == 8 ? static_cast<size_t>(bytes) : 0;
  };
  const size_t offset_size = size(12);
  const size_t length_size = size(8);
  const size_t base_size = size(4);
  const size_t index_size = version == 0 ? 0 : size(0);
  for (uint64_t count = TakeNumber(iloc, version < 2 ? 2 : 4); count > 0 && !iloc.empty();
       --count) {
    const uint64_t id = TakeNumber(iloc, version < 2 ? 2 : 4);
    const uint64_t method = version == 0 ? 0 : TakeNumber(iloc, 2) & 0x0f;
    TakeNumber(iloc, 2);  // another file, of which nobody takes notice
    const uint64_t base = TakeNumber(iloc, base_size);
    const auto found = items.find(id);
    // The first place that an item has is its place.
    const bool ours = found != items.end() && found->second.pieces.empty() && method <= 1;
    const Bytes whole = method == 0 ? file : idat;
    uint64_t extents = TakeNumber(iloc, 2);
    if (length_size == 0) {
      iloc = iloc.subspan(std::min(iloc.size(), extents * (index_size + offset_size)));
      extents = 0;
    }
    for (; extents > 0 && !iloc.empty(); --extents) {
      TakeNumber(iloc, index_size);
      const uint64_t offset = base + TakeNumber(iloc, offset_size);
      const uint64_t length = TakeNumber(iloc, length_size);
      const bool there =
          offset >= base && offset <= whole.size() && length <= whole.size() - offset;
      if (ours && there && length > 0) {
        found->second.pieces.push_back(whole.subspan(offset, length));
      }
    }
  }
}

void ReadConfigurations(Bytes iprp, Items& items) {
  ForEachProperty(iprp, [&](uint64_t id, const IsoBox& property) {
    const auto found = items.find(id);
    if (found == items.end() || !found->second.configuration.empty()) return;
    const std::string_view wanted = found->second.type == "av01" ? "av1C" : "hvcC";
    if (property.type == wanted) found->second.configuration = property.content;
  });
}

/// What an item needs: itself from what, and whether as a part.
using Needs = std::multimap<uint64_t, std::pair<uint64_t, bool>>;

/// Parts (`dimg`), and alpha or another picture beside (`auxl`).
Needs ReadNeeds(Bytes iref) {
  Needs needs;
  const size_t id_size = IsoVersion(iref).version == 0 ? 2 : 4;
  while (const std::optional<IsoBox> box = TakeBox(iref)) {
    const bool parts = box->type == "dimg";
    if (!parts && box->type != "auxl") continue;
    Bytes references = box->content;
    const uint64_t from = TakeNumber(references, id_size);
    for (uint64_t count = TakeNumber(references, 2); count > 0 && !references.empty(); --count) {
      const uint64_t to = TakeNumber(references, id_size);
      if (parts) {
        needs.emplace(from, std::pair(to, true));
      } else {
        needs.emplace(to, std::pair(from, false));
      }
    }
  }
  return needs;
}

arrow::Status ReadMeta(Bytes file, Bytes meta, ImageBudget& budget, std::vector<HeifItem>& found) {
  TakeNumber(meta, 4);  // version and flags
  const Bytes iinf = FindBox(meta, "iinf");
  const Bytes iloc = FindBox(meta, "iloc");
  const Bytes iref = FindBox(meta, "iref");
  // What is made of these boxes below.
  constexpr uint64_t kTimes = 48;
  ARROW_RETURN_NOT_OK(budget.Take(kTimes * (iinf.size() + iloc.size() + iref.size())));
  Items items = ReadTypes(iinf);
  ReadPlaces(iloc, file, FindBox(meta, "idat"), items);
  ReadConfigurations(FindBox(meta, "iprp"), items);
  const Needs needs = ReadNeeds(iref);

  Bytes pitm = FindBox(meta, "pitm");
  const bool long_item = IsoVersion(pitm).version != 0;
  std::vector<std::pair<uint64_t, bool>> open{{TakeNumber(pitm, long_item ? 4 : 2), false}};
  while (!open.empty()) {
    const auto [id, is_part] = open.back();
    open.pop_back();
    // Each is taken once.
    auto item = items.extract(id);
    if (item.empty()) continue;
    item.mapped().is_part = is_part;
    found.push_back(std::move(item.mapped()));
    const auto [begin, end] = needs.equal_range(id);
    for (auto need = begin; need != end; ++need) {
      open.emplace_back(need->second.first, is_part || need->second.second);
    }
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<std::vector<HeifItem>> HeifItemsOf(std::span<const uint8_t> file,
                                                 ImageBudget& budget) {
  std::vector<HeifItem> found;
  // Readers differ in which of several they take.
  Bytes boxes = file;
  while (const std::optional<IsoBox> box = TakeBox(boxes)) {
    if (box->type == "meta") ARROW_RETURN_NOT_OK(ReadMeta(file, box->content, budget, found));
  }
  return found;
}

}  // namespace pomona::image
