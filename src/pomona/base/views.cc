#include <algorithm>
#include <array>
#include <utility>

#include "pomona/image.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

constexpr std::array<std::pair<View, std::string_view>, 7> kNames = {{
    {View::kRot90, "rot90"},
    {View::kRot180, "rot180"},
    {View::kRot270, "rot270"},
    {View::kMirror, "mirror"},
    {View::kMirrorRot90, "mirror-rot90"},
    {View::kMirrorRot180, "mirror-rot180"},
    {View::kMirrorRot270, "mirror-rot270"},
}};

arrow::Result<View> ParseView(std::string_view name) {
  for (const auto& [view, known] : kNames) {
    if (known == name) return view;
  }
  std::string known = "none, dihedral (all)";
  for (const auto& [view, view_name] : kNames) known += ", " + std::string(view_name);
  return arrow::Status::Invalid("option `views` names no view `", ShownText(name),
                                "`\nhint: known are ", known);
}

}  // namespace

std::string_view ViewName(View view) {
  return std::find_if(kNames.begin(), kNames.end(),
                      [&](const auto& named) { return named.first == view; })
      ->second;
}

arrow::Result<std::vector<View>> ParseViews(std::string_view names) {
  std::vector<View> views;
  if (names == "dihedral") {
    for (const auto& [view, name] : kNames) views.push_back(view);
    return views;
  }
  if (names == "none") return views;
  for (size_t begin = 0; begin <= names.size();) {
    const size_t end = std::min(names.find(',', begin), names.size());
    ARROW_ASSIGN_OR_RAISE(const View view, ParseView(names.substr(begin, end - begin)));
    if (std::find(views.begin(), views.end(), view) != views.end()) {
      return arrow::Status::Invalid("option `views` names ", ViewName(view), " twice");
    }
    views.push_back(view);
    begin = end + 1;
  }
  return views;
}

std::string ViewNames(const std::vector<View>& views) {
  if (views.empty()) return "none";
  std::string names;
  for (const View view : views) names += (names.empty() ? "" : ",") + std::string(ViewName(view));
  return names;
}

}  // namespace pomona
