#include "pomona/demo.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <system_error>
#include <thread>

#include "pomona/demo/fruit.h"
#include "pomona/demo/fruit_jpeg.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;

/// One image of the set.
struct Drawing {
  const Fruit* fruit;
  uint64_t seed;
  std::string path;  ///< below the folder, with slashes
};

constexpr char kUnfinished[] = ".drawing";  ///< end of the name of a file that is not whole

std::vector<Drawing> AllDrawings(const DemoOptions& options) {
  std::vector<Drawing> drawings;
  uint64_t fruit_seed = 0;
  for (const Fruit& fruit : Fruits()) {
    ++fruit_seed;
    const auto add = [&](const char* set, int count, uint64_t first_seed) {
      for (int i = 0; i < count; ++i) {
        drawings.push_back(
            {&fruit, first_seed + static_cast<uint64_t>(i),
             std::string(set) + "/" + fruit.name + "/" + std::to_string(i) + "_100.jpg"});
      }
    };
    add("Training", options.training_per_class, fruit_seed << 40);
    add("Test", options.test_per_class, fruit_seed << 40 | uint64_t{1} << 32);
  }
  return drawings;
}

/// The files below `folder`, with slashes, without those an interrupted drawing left.
arrow::Result<std::set<std::string>> FilesBelow(const fs::path& folder) {
  std::set<std::string> files;
  std::error_code error;
  if (!fs::exists(folder, error)) return files;
  fs::recursive_directory_iterator walk(folder, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    if (walk->is_directory(error)) continue;
    auto path = walk->path().lexically_relative(folder).generic_string();
    if (!path.ends_with(kUnfinished)) files.insert(std::move(path));
  }
  if (error) return arrow::Status::IOError("cannot read ", folder.string(), ": ", error.message());
  return files;
}

arrow::Status WriteWhole(const fs::path& path, const std::string& content) {
  const fs::path unfinished = path.string() + kUnfinished;
  std::ofstream file(unfinished, std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  std::error_code error;
  if (file) fs::rename(unfinished, path, error);
  if (!file || error) {
    return arrow::Status::IOError("cannot write ", path.string(), error ? ": " : "",
                                  error ? error.message() : "");
  }
  return arrow::Status::OK();
}

arrow::Status Draw(const Drawing& drawing, const fs::path& folder) {
  ARROW_ASSIGN_OR_RAISE(const std::string jpeg, FruitJpeg(*drawing.fruit, drawing.seed));
  return WriteWhole(folder / drawing.path, jpeg);
}

arrow::Status DrawAll(const std::vector<Drawing>& drawings, const fs::path& folder) {
  std::atomic<size_t> next = 0;
  const auto work = [&]() -> arrow::Status {
    for (size_t i = next++; i < drawings.size(); i = next++) {
      ARROW_RETURN_NOT_OK(Draw(drawings[i], folder));
    }
    return arrow::Status::OK();
  };
  std::vector<std::future<arrow::Status>> workers;
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  for (unsigned i = 1; i < threads; ++i) workers.push_back(std::async(std::launch::async, work));
  arrow::Status status = work();
  for (auto& worker : workers) status &= worker.get();
  return status;
}

}  // namespace

arrow::Status DemoOptions::Validate() const {
  constexpr int kMost = 1'000'000;
  if (training_per_class < 0 || training_per_class > kMost) {
    return arrow::Status::Invalid("training_per_class: ", training_per_class, ", not 0 to ", kMost);
  }
  if (test_per_class < 0 || test_per_class > kMost) {
    return arrow::Status::Invalid("test_per_class: ", test_per_class, ", not 0 to ", kMost);
  }
  return arrow::Status::OK();
}

std::vector<std::string> DemoClasses() {
  std::vector<std::string> names;
  for (const Fruit& fruit : Fruits()) names.emplace_back(fruit.name);
  return names;
}

arrow::Status DrawDemo(const std::string& folder, const DemoOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  std::vector<Drawing> missing = AllDrawings(options);
  ARROW_ASSIGN_OR_RAISE(std::set<std::string> strangers, FilesBelow(folder));
  std::erase_if(missing, [&](const Drawing& drawing) { return strangers.erase(drawing.path) > 0; });
  if (!strangers.empty()) {
    return arrow::Status::Invalid("the folder ", folder,
                                  " holds something else: ", *strangers.begin(),
                                  "\nhint: name an empty folder");
  }
  std::set<fs::path> folders;
  for (const Drawing& drawing : missing)
    folders.insert((folder / fs::path(drawing.path)).parent_path());
  for (const fs::path& path : folders) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) {
      return arrow::Status::IOError("cannot make the folder ", path.string(), ": ",
                                    error.message());
    }
  }
  return DrawAll(missing, folder);
}

}  // namespace pomona
