// Prints "path label first-feature" for every image below a folder: list, then extract.
#include <arrow/api.h>
#include <pomona/extract.h>
#include <pomona/list.h>

#include <iostream>

arrow::Status Run(const std::string& folder) {
  pomona::ListOptions list;
  list.source = folder;
  ARROW_ASSIGN_OR_RAISE(auto references, pomona::ListImages(list));
  ARROW_ASSIGN_OR_RAISE(auto extractor, pomona::Extractor::Load(pomona::ExtractOptions{}));
  ARROW_ASSIGN_OR_RAISE(auto features, extractor->Extract(references));
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(auto batch, features->Next());
    if (batch == nullptr) return arrow::Status::OK();
    for (int64_t row = 0; row < batch->num_rows(); ++row) {
      for (const char* column : {"uri", "label", "features", "reject"}) {
        ARROW_ASSIGN_OR_RAISE(auto cell, batch->GetColumnByName(column)->GetScalar(row));
        std::cout << (cell->is_valid ? cell->ToString().substr(0, 60) : "-") << '\t';
      }
      std::cout << '\n';
    }
  }
}

int main(int argc, char** argv) {
  const arrow::Status status = Run(argc > 1 ? argv[1] : ".");
  if (!status.ok()) std::cerr << status.message() << '\n';
  return status.ok() ? 0 : 1;
}
