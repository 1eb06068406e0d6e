#include "pomona/locate/boxes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pomona/classify/classifier_fields.h"
#include "pomona/locate/box_drawing.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Of cells with two features: the first is a lemon's, the second a plum's.
Classifier LemonOrPlum() {
  Classifier::Fields fields;
  fields.method = LearnMethod::kCentroid;
  fields.labels = {"lemon", "plum"};
  fields.counts = {1, 1};
  fields.mean = {0, 0};
  fields.class_means = {1, 0, 0, 1};
  return Classifier(fields);
}

/// A letter a cell: l and p are fruit, a dot has nothing of either.
FeatureMap Map(const std::vector<std::string>& rows) {
  FeatureMap map{static_cast<int>(rows.size()), static_cast<int>(rows[0].size()), 2, {}};
  for (const std::string& row : rows) {
    for (const char cell : row) {
      map.cells.push_back(cell == 'l' ? 1 : cell == '.' ? -1 : 0);
      map.cells.push_back(cell == 'p' ? 1 : cell == '.' ? -1 : 0);
    }
  }
  return map;
}

std::vector<std::vector<int64_t>> BoxesOf(const FeatureMap& map, int cells) {
  std::vector<std::vector<int64_t>> found;
  for (const CellBox& box : FindBoxes(map, LemonOrPlum(), cells, 0.9, 1)) {
    found.push_back({box.label, box.x, box.y, box.width, box.height});
  }
  return found;
}

TEST(Boxes, windows_that_touch_and_look_alike_are_one) {
  EXPECT_THAT(BoxesOf(Map({"l....", ".l..p", "....p", "l...."}), 1),
              ElementsAre(ElementsAre(0, 0, 0, 2, 2), ElementsAre(1, 4, 1, 1, 2),
                          ElementsAre(0, 0, 3, 1, 1)));
}

TEST(Boxes, another_label_between_them_keeps_two_apart) {
  EXPECT_THAT(BoxesOf(Map({"lpl"}), 1),
              ElementsAre(ElementsAre(0, 0, 0, 1, 1), ElementsAre(1, 1, 0, 1, 1),
                          ElementsAre(0, 2, 0, 1, 1)));
}

TEST(Boxes, a_window_is_what_the_mean_of_its_cells_looks_like) {
  EXPECT_THAT(BoxesOf(Map({"ll..", "ll..", "...."}), 2), ElementsAre(ElementsAre(0, 0, 0, 2, 2)));
  EXPECT_THAT(BoxesOf(Map({"..", ".."}), 2), ElementsAre());
}

TEST(Boxes, a_window_is_no_larger_than_the_map) {
  EXPECT_THAT(BoxesOf(Map({"ppp"}), 3), ElementsAre(ElementsAre(1, 0, 0, 3, 1)));
}

TEST(Boxes, the_best_comes_first) {
  FeatureMap map = Map({"l.p"});
  map.cells[1] = 0.3F;
  const auto boxes = FindBoxes(map, LemonOrPlum(), 1, 0.9, 1);
  ASSERT_EQ(boxes.size(), 2);
  EXPECT_EQ(boxes[0].label, 1);
  EXPECT_GT(boxes[0].score, boxes[1].score);
}

TEST(BoxDrawing, escapes_labels_and_has_the_picture_in_it) {
  const std::vector<uint8_t> encoded = {1, 2, 3};
  const std::string svg =
      DrawBoxes(encoded, {40, 20}, {{"a<b & c", 0.5F, 1, 2, 30, 15}}, /*upright=*/false);
  EXPECT_THAT(svg, HasSubstr("viewBox=\"0 0 40 20\""));
  EXPECT_THAT(svg, HasSubstr("data:;base64,AQID"));
  EXPECT_THAT(svg, HasSubstr("a&#60;b &#38; c 0.50"));
  EXPECT_THAT(svg, HasSubstr("x=\"1\" y=\"2\" width=\"30\" height=\"15\""));
  EXPECT_THAT(svg, HasSubstr("image-orientation:none"));
}

}  // namespace
}  // namespace pomona
