// Whatever somebody wrote as a label map is refused as damaged or applied.

#include <arrow/array.h>
#include <arrow/builder.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/classify/label_map.h"
#include "pomona/error_kind.h"

namespace {

std::shared_ptr<arrow::StringArray> Texts(const std::vector<std::string>& values) {
  arrow::StringBuilder builder;
  std::shared_ptr<arrow::StringArray> array;
  if (!builder.AppendValues(values).ok() || !builder.Finish(&array).ok()) std::abort();
  return array;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto map =
      pomona::LabelMap::Parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!map.ok()) {
    const auto kind = pomona::KindOf(map.status());
    if (kind != pomona::ErrorKind::kData && !map.status().IsOutOfMemory()) std::abort();
    return 0;
  }
  const auto paths = Texts({"/b/11_O.jpg", "/b/12_R.jpg", "/c/1.jpg"});
  const auto labels = Texts({"banana", "banana", "apple"});
  const auto mapped = map->Apply(paths.get(), *labels);
  if (!mapped.ok()) {
    if (pomona::KindOf(mapped.status()) != pomona::ErrorKind::kRequest) std::abort();
    return 0;
  }
  for (const auto& target : mapped->targets) {
    if (target.value.size() != 3) std::abort();
    for (const int32_t value : target.value) {
      if (value < -1 || value >= static_cast<int32_t>(target.values.size())) std::abort();
    }
  }
  return 0;
}
