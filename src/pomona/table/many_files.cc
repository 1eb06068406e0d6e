#include "pomona/table/many_files.h"

#include <algorithm>
#include <future>
#include <utility>

#include "pomona/table/damaged_manifest.h"

namespace pomona {
namespace {

arrow::Status TakeText(const std::string& name, arrow::Result<std::string> text, size_t index,
                       const std::function<arrow::Status(size_t index, std::string text)>& take) {
  if (text.status().IsKeyError()) return DamagedManifest(name, "it is missing");
  ARROW_RETURN_NOT_OK(text.status());
  return take(index, *std::move(text));
}

}  // namespace

arrow::Status ReadAll(const OutputStore& store, const std::vector<std::string>& names,
                      const std::function<arrow::Status(size_t index, std::string text)>& take) {
  const size_t at_once = store.at_once();
  if (names.size() == 1 || at_once == 1) {
    for (size_t i = 0; i < names.size(); ++i) {
      ARROW_RETURN_NOT_OK(TakeText(names[i], store.Get(names[i]), i, take));
    }
    return arrow::Status::OK();
  }
  for (size_t first = 0; first < names.size(); first += at_once) {
    std::vector<std::future<arrow::Result<std::string>>> reads;
    for (size_t i = first; i < std::min(first + at_once, names.size()); ++i) {
      reads.push_back(std::async(std::launch::async, [&, i] { return store.Get(names[i]); }));
    }
    for (size_t i = 0; i < reads.size(); ++i) {
      ARROW_RETURN_NOT_OK(TakeText(names[first + i], reads[i].get(), first + i, take));
    }
  }
  return arrow::Status::OK();
}

arrow::Status DeleteAll(OutputStore& store, const std::vector<std::string>& names) {
  const size_t at_once = store.at_once();
  if (at_once == 1) {
    for (const auto& name : names) ARROW_RETURN_NOT_OK(store.Delete(name));
    return arrow::Status::OK();
  }
  for (size_t first = 0; first < names.size(); first += at_once) {
    std::vector<std::future<arrow::Status>> removals;
    for (size_t i = first; i < std::min(first + at_once, names.size()); ++i) {
      removals.push_back(std::async(std::launch::async, [&, i] { return store.Delete(names[i]); }));
    }
    arrow::Status ended;
    for (auto& removal : removals) ended &= removal.get();
    ARROW_RETURN_NOT_OK(ended);
  }
  return arrow::Status::OK();
}

}  // namespace pomona
