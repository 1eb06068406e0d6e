#include "pomona/model/git_lfs_pointer.h"

#include "pomona/error_kind.h"

namespace pomona {

arrow::Status RefuseGitLfsPointer(const std::string& path, std::string_view content) {
  // The specification: the version comes first, and a pointer is below 1,024 bytes.
  constexpr std::string_view kBeginning = "version https://git-lfs.github.com/spec/";
  constexpr size_t kLongest = 1024;
  if (content.size() >= kLongest || !content.starts_with(kBeginning)) return arrow::Status::OK();
  return DamagedData("`", path,
                     "` is a Git LFS pointer: the file that it stands for was not fetched"
                     "\nhint: git lfs pull, in the repository that it is from");
}

}  // namespace pomona
