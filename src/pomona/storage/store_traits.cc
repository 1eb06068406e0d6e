#include "pomona/storage/store_traits.h"

#include <string>

namespace pomona {

StoreTraits TraitsOf(const arrow::fs::FileSystem& filesystem) {
  const std::string type = filesystem.type_name();
  if (type == "local")
    return {.moves_at_once = true, .moves_onto_files = true, .has_links = true, .wants_sync = true};
  if (type == "hdfs") {
    return {.takes_modified_utf8 = true,
            .reads_in_pieces = true,
            .moves_at_once = true,
            .makes_parents = true};
  }
  if (type == "gcs") return {.hides_folders = true};
  return {};
}

}  // namespace pomona
