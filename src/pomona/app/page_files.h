#pragma once

#include <arrow/result.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/app/app_folder.h"

namespace pomona {

/// The page as it came with the library: its folder `share/pomona/app`, which holds `page`,
/// `runtime`, `cards.csv` and `licences.txt`. Invalid, with a hint: the installation has none.
arrow::Result<std::filesystem::path> PageSource();

/// Copies the files that are the same in every app, and index.html and the manifest under that
/// title.
arrow::Status PutPage(const std::filesystem::path& source, const std::string& title,
                      AppFolder* folder);

/// Writes the service worker, after all other files: it knows each of them by its hash.
arrow::Status PutServiceWorker(const std::filesystem::path& source, AppFolder* folder);

}  // namespace pomona
