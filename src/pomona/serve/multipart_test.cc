#include "pomona/serve/multipart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pomona/serve/photo_body.h"

namespace pomona {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kType[] = "multipart/form-data; boundary=\"a b\"";

std::string Part(const std::string& disposition, const std::string& body) {
  return "--a b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + body + "\r\n";
}

std::string WhyNot(const std::string& body, const std::string& type = kType) {
  const auto parts = ParseForm(type, body, 5);
  return parts.ok() ? "it is one" : parts.status().message();
}

TEST(MultipartTest, parts_are_what_stands_between_the_marks) {
  const std::string body = "for nobody\r\n" + Part("name=one; filename=\"x;\\\".jpg\"", "1\r\n2") +
                           Part("name=\"two\"", "") + Part("filename*=UTF-8''a; name=3", "--a") +
                           "--a b--\r\nfor nobody";
  const auto parts = ParseForm(kType, body, 5);
  ASSERT_TRUE(parts.ok()) << parts.status();
  ASSERT_THAT(*parts, SizeIs(3));
  EXPECT_EQ((*parts)[0].name, "one");
  EXPECT_TRUE((*parts)[0].is_file);
  EXPECT_EQ((*parts)[0].body, "1\r\n2");
  EXPECT_EQ((*parts)[1].name, "two");
  EXPECT_FALSE((*parts)[1].is_file);
  EXPECT_EQ((*parts)[1].body, "");
  EXPECT_TRUE((*parts)[2].is_file);
  EXPECT_EQ((*parts)[2].body, "--a");
}

TEST(MultipartTest, a_part_without_a_line_of_its_own_is_empty) {
  const auto parts = ParseForm(kType, "--a b\r\nContent-Disposition: x; name=n\r\n\r\n--a b--", 5);
  ASSERT_TRUE(parts.ok()) << parts.status();
  EXPECT_EQ(parts->front().body, "");
}

TEST(MultipartTest, what_breaks_off_is_refused) {
  const std::string whole = Part("name=one; filename=x", "photo") + "--a b--";
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(WhyNot(whole.substr(0, length)), "it is one") << length;
  }
  EXPECT_EQ(WhyNot(whole), "it is one");
}

TEST(MultipartTest, what_is_no_form_is_refused) {
  EXPECT_THAT(WhyNot("--a b--", "multipart/form-data"), HasSubstr("names a boundary"));
  EXPECT_THAT(WhyNot("--a b--", "multipart/form-data; boundary=" + std::string(71, 'b')),
              HasSubstr("1 to 70"));
  EXPECT_THAT(WhyNot("\xff\xd8\xff"), HasSubstr("does not have its boundary"));
  EXPECT_THAT(WhyNot("--a bc\r\n"), HasSubstr("text behind it"));
  EXPECT_THAT(WhyNot("--a b\r\nContent-Type: image/jpeg\r\n\r\nx\r\n--a b--"),
              HasSubstr("has no name"));
  std::string many;
  for (int i = 0; i < 6; ++i) many += Part("name=p; filename=p", "x");
  EXPECT_THAT(WhyNot(many + "--a b--"), HasSubstr("more than 5 parts"));
}

TEST(MultipartTest, photos_are_slices_of_the_body) {
  const auto body = arrow::Buffer::FromString(Part("name=p; filename=p", "one") +
                                              Part("name=q; filename=q", "two") + "--a b--");
  const auto photos = PhotosOf(kType, body);
  ASSERT_TRUE(photos.ok()) << photos.status();
  ASSERT_THAT(*photos, SizeIs(2));
  EXPECT_EQ((*photos)[1]->ToString(), "two");
  EXPECT_GE((*photos)[1]->data(), body->data());
  EXPECT_EQ(PhotosOf("image/jpeg", body)->front()->size(), body->size());
}

TEST(MultipartTest, a_body_without_a_photo_is_refused) {
  const auto why = [](const std::string& body) {
    return PhotosOf(kType, arrow::Buffer::FromString(body)).status().message();
  };
  EXPECT_THAT(why(""), HasSubstr("has no photo\nhint: curl"));
  EXPECT_THAT(why("--a b--"), HasSubstr("the form has no photo"));
  EXPECT_THAT(why(Part("name=k", "3") + "--a b--"), HasSubstr("field `k` is no file"));
}

}  // namespace
}  // namespace pomona
