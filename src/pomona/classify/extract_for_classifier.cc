#include "pomona/classify/extract_for_classifier.h"

#include "pomona/features/made_of.h"
#include "pomona/shown_text.h"

namespace pomona {

arrow::Result<ExtractOptions> ExtractForClassifier(const Classifier& classifier,
                                                   const std::string& path,
                                                   const std::string& model) {
  const std::string named = ShownUri(path);
  if (classifier.features().empty()) {
    return arrow::Status::Invalid(
        "the classifier ", named, " does not say how the features were made that it learned from",
        "\nhint: make features of the images in the same way, and name their "
        "table as the source");
  }
  auto made = ExtractOptionsOf(classifier.features(), model);
  if (made.status().IsKeyError()) {
    const std::string& message = made.status().message();
    return made.status().WithMessage(
        "the classifier ", named, " learned from features of a network that is not here: ",
        message.substr(0, message.find("\nhint: ")), "\nhint: option `model` names its file");
  }
  return made;
}

}  // namespace pomona
