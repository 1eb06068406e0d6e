#include "file_system_store.h"
#include "source_conformance.h"
#include "temp_folder.h"

namespace pomona {
namespace {

class LocalStore : public FileSystemStore {
 public:
  LocalStore() { OpenFolder("file:" + folder_.string()); }

 private:
  TempFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Local, SourceConformance,
                         testing::Values(StoreKind{"local", std::make_unique<LocalStore>}),
                         StoreKindName);

}  // namespace
}  // namespace pomona
