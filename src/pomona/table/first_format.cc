#include "pomona/table/first_format.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "pomona/table/damaged_manifest.h"
#include "pomona/table/layout.h"
#include "pomona/table/many_files.h"

namespace pomona {
namespace {

bool IsEntry(const OutputStore::Entry& file) {
  const std::string_view base = std::string_view(file.name).substr(file.name.rfind('/') + 1);
  return file.size > 0 && base.starts_with("part-") && base.ends_with(".json");
}

}  // namespace

arrow::Result<std::optional<FirstFormatTable>> LoadFirstFormat(const OutputStore& store) {
  auto text = store.Get(kRunFile);
  if (text.status().IsKeyError()) return std::nullopt;
  ARROW_RETURN_NOT_OK(text.status());
  if (text->empty()) return std::nullopt;
  FirstFormatTable table;
  ARROW_ASSIGN_OR_RAISE(table.run, ParseRunRecord(*text));

  ARROW_ASSIGN_OR_RAISE(auto entries, store.List(kManifestFolder));
  std::vector<std::string> names;
  for (const auto& entry : entries) {
    if (IsEntry(entry)) names.push_back(entry.name);
  }
  auto& parts = table.parts;
  ARROW_RETURN_NOT_OK(ReadAll(store, names, [&](size_t i, std::string entry) -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(auto part, ParsePartRecord(entry));
    if (names[i] != PartEntryName(part.id)) {
      return DamagedManifest(names[i], "holds another part's entry");
    }
    parts.push_back(std::move(part));
    return arrow::Status::OK();
  }));
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return std::pair(a.id.index, -a.id.epoch) < std::pair(b.id.index, -b.id.epoch);
  });
  const auto same_part = [](const auto& a, const auto& b) { return a.id.index == b.id.index; };
  parts.erase(std::unique(parts.begin(), parts.end(), same_part), parts.end());
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].id.index != static_cast<int64_t>(i)) {
      return DamagedManifest(PartEntryName({.index = static_cast<int64_t>(i), .epoch = 0}),
                             "missing, though later parts exist");
    }
  }
  return table;
}

}  // namespace pomona
