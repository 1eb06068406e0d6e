#include "pomona/classify/classifier_file.h"

#include <utility>

#include "pomona/classify/target_names.h"
#include "pomona/features/file_kind.h"
#include "pomona/shown_text.h"
#include "pomona/storage/whole_file.h"

namespace pomona {
namespace {

/// More than 10,000 classes of 32,768 features.
constexpr int64_t kMostBytes = int64_t{4} << 30;

constexpr char kClassifierHint[] = "pomona train FEATURES CLASSIFIER makes one";

}  // namespace

int64_t ClassifierFile::rows() const {
  int64_t rows = 0;
  for (const Classifier& one : classifiers) rows += one.classes();
  return rows;
}

arrow::Result<ClassifierFile> ReadClassifierFile(const std::string& path,
                                                 const StorageOptions& storage) {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_ASSIGN_OR_RAISE(const auto file, WholeFile::At(path, storage));
  ARROW_ASSIGN_OR_RAISE(const auto bytes, file.Get(kMostBytes, kClassifierHint));
  auto classifiers = ClassifiersFromBytes(bytes);
  if (classifiers.ok()) return ClassifierFile{*std::move(classifiers), bytes};
  return NotWhatWasNamed(classifiers.status(), path, *bytes, kClassifierHint);
}

arrow::Result<std::vector<Classifier>> LoadClassifiers(const std::string& path,
                                                       const StorageOptions& storage) {
  ARROW_ASSIGN_OR_RAISE(auto file, ReadClassifierFile(path, storage));
  return std::move(file.classifiers);
}

arrow::Result<Classifier> LoadClassifier(const std::string& path, const StorageOptions& storage,
                                         const std::string& target) {
  ARROW_ASSIGN_OR_RAISE(const auto classifiers, LoadClassifiers(path, storage));
  auto picked = PickTarget(classifiers, target);
  if (picked.ok()) return picked;
  return picked.status().WithMessage(ShownUri(path), ": ", picked.status().message());
}

arrow::Status SaveClassifier(const Classifier& classifier, const std::string& path, bool overwrite,
                             const StorageOptions& storage) {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_ASSIGN_OR_RAISE(const auto file, WholeFile::At(path, storage));
  ARROW_RETURN_NOT_OK(file.CheckCanPut(overwrite));
  ARROW_ASSIGN_OR_RAISE(const auto bytes, classifier.ToBytes());
  return file.Put(std::string_view(*bytes));
}

}  // namespace pomona
