#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "pomona/source/source.h"

namespace pomona {

/// What a store can do that another cannot; the suite asks for no more than that.
struct StoreCapabilities {
  /// Files come in byte order of their URIs.
  bool list_in_order = true;
  /// A change that leaves the size alone is seen when the file is fetched.
  bool tell_versions = true;
  /// So many files are more than a page of its listing, where making them takes no minutes.
  int hold_many = 1100;
  /// Bytes that no name in it may have.
  std::string not_have_in_names = {};
};

/// An empty folder in some store, which the suite writes to and a Source reads.
class TestStore {
 public:
  virtual ~TestStore() = default;
  /// The folder's, without a slash at its end.
  virtual const std::string& uri() const = 0;
  virtual StoreCapabilities can() const { return {}; }
  virtual std::shared_ptr<Source> Open() = 0;
  /// `name` may hold slashes: the folders on the way are made.
  virtual void Write(const std::string& name, const std::string& bytes) = 0;
  virtual void Remove(const std::string& name) = 0;
};

/// A store under the name that its tests have.
struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<TestStore>()> make;
};

/// GoogleTest calls this for its messages.
inline void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }

/// One suite for every source: the same expectations whatever lies behind it. A source takes part
/// by linking source_conformance.cc and, in one file of its own,
///
///     INSTANTIATE_TEST_SUITE_P(Mine, SourceConformance, testing::ValuesIn(MyStoreKinds()),
///                              StoreKindName);
class SourceConformance : public ::testing::TestWithParam<StoreKind> {
 protected:
  /// All that is listed, by URI.
  std::vector<ListedFile> Refs();
  /// Their names below the store's folder. Each URI must be under it.
  std::vector<std::string> Names();
  bool Allowed(const std::string& name) const;

  std::unique_ptr<TestStore> store_ = GetParam().make();
  std::shared_ptr<Source> source_ = store_->Open();
};

inline std::string StoreKindName(const ::testing::TestParamInfo<StoreKind>& kind) {
  return kind.param.name;
}

/// A real server takes part where `variable` names it; `Store` is made from its value. A run
/// without it says so.
template <typename Store>
std::vector<StoreKind> StoreOfEnvironment(const char* name, const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr) {
    // GoogleTest asks once for each test.
    static std::set<std::string> said;
    if (!said.insert(name).second) return {};
    std::cout << "NOTICE: not run against " << name << ": " << variable << " is not set\n";
    return {};
  }
  return {{name, [value] { return std::make_unique<Store>(value); }}};
}

}  // namespace pomona
