#include "pomona/image/turn_square.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace pomona::image {
namespace {

/// A picture of letters, turned.
std::string Turned(View view, const std::string& letters) {
  const int side = 2;
  std::vector<uint8_t> from;
  for (const char letter : letters) {
    for (int channel = 0; channel < 3; ++channel) {
      from.push_back(static_cast<uint8_t>(letter + channel));
    }
  }
  std::vector<uint8_t> to(from.size());
  TurnSquare(view, side, from.data(), to.data());
  std::string turned;
  for (size_t i = 0; i < to.size(); i += 3) {
    EXPECT_EQ(to[i + 1], to[i] + 1);
    EXPECT_EQ(to[i + 2], to[i] + 2);
    turned += static_cast<char>(to[i]);
  }
  return turned;
}

TEST(TurnSquare, is_what_pillow_makes) {
  // Image.transpose of "AB" above "CD"; of the mirrored, ROTATE_90 after FLIP_LEFT_RIGHT.
  const std::map<View, std::string> expected = {
      {View::kRot90, "BDAC"},        {View::kRot180, "DCBA"},      {View::kRot270, "CADB"},
      {View::kMirror, "BADC"},       {View::kMirrorRot90, "ACBD"}, {View::kMirrorRot180, "CDAB"},
      {View::kMirrorRot270, "DBCA"},
  };
  for (const auto& [view, letters] : expected) {
    EXPECT_EQ(Turned(view, "ABCD"), letters) << ViewName(view);
  }
}

TEST(ParseViews, reads_names_and_all_of_them) {
  EXPECT_TRUE(ParseViews("none")->empty());
  EXPECT_EQ(ViewNames({}), "none");
  EXPECT_EQ(ParseViews("dihedral")->size(), 7U);
  EXPECT_EQ(ViewNames(*ParseViews("mirror,rot90")), "mirror,rot90");
  for (const auto& [names, message] : std::map<std::string, std::string>{
           {"rot45", "option `views` names no view `rot45`"},
           {"", "option `views` names no view ``"},
           {"rot90,", "option `views` names no view ``"},
           {"mirror,mirror", "option `views` names mirror twice"},
           {"dihedral,rot90", "option `views` names no view `dihedral`"}}) {
    const auto status = ParseViews(names).status();
    EXPECT_TRUE(status.IsInvalid());
    EXPECT_EQ(status.message().substr(0, message.size()), message);
  }
}

}  // namespace
}  // namespace pomona::image
