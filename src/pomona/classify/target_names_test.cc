#include "pomona/classify/target_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pomona {
namespace {

using ::testing::HasSubstr;

TEST(TargetNames, of_several_they_end_names_of_columns) {
  EXPECT_TRUE(CheckTargetNames({"species", "state"}).ok());
  for (const auto& [targets, words] : std::vector<std::pair<std::vector<std::string>, const char*>>{
           {{"species", "how ripe"}, "`how ripe` cannot end the name of a column"},
           {{"species", ""}, "cannot end the name"},
           {{"species", "Äpfel"}, "cannot end the name"},
           {{"species", "state", "species"}, "`species` is named twice"},
           {{"state", "State"}, "`State` is named twice"},
           {{"x", "score_x"}, "both give the column `unknown_score_x`"},
       }) {
    const auto status = CheckTargetNames(targets);
    EXPECT_TRUE(status.IsInvalid()) << targets.back();
    EXPECT_THAT(status.message(), HasSubstr(words));
  }
}

TEST(TargetNames, one_alone_ends_none) {
  EXPECT_TRUE(CheckTargetNames({"how ripe"}).ok());
  EXPECT_TRUE(CheckTargetNames({""}).ok());
}

}  // namespace
}  // namespace pomona
