#include "pomona/classify/official_part.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "pomona/shown_text.h"

namespace pomona {
namespace {

enum class OfficialFolder : uint8_t { kNone, kTrain, kTest, kValidation };

OfficialFolder FolderOfName(std::string_view name) {
  // No such name is longer: a long one is not copied.
  if (name.size() > 10) return OfficialFolder::kNone;
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (lower == "train" || lower == "training") return OfficialFolder::kTrain;
  if (lower == "test" || lower == "testing") return OfficialFolder::kTest;
  if (lower == "val" || lower == "valid" || lower == "validation") {
    return OfficialFolder::kValidation;
  }
  return OfficialFolder::kNone;
}

/// The file's own name is no folder. The nearest to it counts: above a data set may lie others.
OfficialFolder FolderOfPath(std::string_view path) {
  size_t end = path.rfind('/');
  while (end != std::string_view::npos && end > 0) {
    const size_t slash = path.rfind('/', end - 1);
    const size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
    const OfficialFolder folder = FolderOfName(path.substr(begin, end - begin));
    if (folder != OfficialFolder::kNone) return folder;
    end = slash;
  }
  return OfficialFolder::kNone;
}

}  // namespace

arrow::Result<std::vector<SplitPart>> OfficialParts(const std::vector<std::string_view>& paths) {
  std::vector<OfficialFolder> folders(paths.size());
  std::transform(paths.begin(), paths.end(), folders.begin(), FolderOfPath);
  const auto none = std::count(folders.begin(), folders.end(), OfficialFolder::kNone);
  if (none > 0) {
    const auto first = std::find(folders.begin(), folders.end(), OfficialFolder::kNone);
    return arrow::Status::Invalid(
        "option `by=official`: ", none, " of ", paths.size(),
        " paths have no folder that is called Training, Test or Validation, such as ",
        ShownUri(paths[static_cast<size_t>(first - folders.begin())]),
        "\nhint: option `test_share` or option `folds` tells rows apart without folders");
  }
  const bool has_test =
      std::find(folders.begin(), folders.end(), OfficialFolder::kTest) != folders.end();
  std::vector<SplitPart> parts(paths.size());
  std::transform(folders.begin(), folders.end(), parts.begin(), [&](OfficialFolder folder) {
    if (folder == OfficialFolder::kTrain) return SplitPart::kTrain;
    return folder == OfficialFolder::kValidation && has_test ? SplitPart::kCalibration
                                                             : SplitPart::kTest;
  });
  return parts;
}

}  // namespace pomona
