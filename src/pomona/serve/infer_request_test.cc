#include "pomona/serve/infer_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pomona {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

arrow::Result<InferRequest> Parse(const std::string& body, const std::string& length = "") {
  return ParseInferRequest(length, arrow::Buffer::FromString(body));
}

std::string WhyNot(const std::string& body, const std::string& length = "") {
  const auto request = Parse(body, length);
  return request.ok() ? "it is one" : request.status().message();
}

/// Of one input.
std::string Request(const std::string& input, const std::string& more = "") {
  return R"({"inputs":[{"name":"images","datatype":"BYTES",)" + input + "}]" + more + "}";
}

std::string Length(const std::string& json) { return std::to_string(json.size()); }

TEST(InferRequestTest, images_in_json_are_base64) {
  const auto request =
      Parse(Request(R"("shape":[2,1],"data":[["b25l"],["dHdv"]])",
                    R"(,"id":"7","outputs":[{"name":"label","parameters":{"binary_data":true}}])"));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->id, "7");
  ASSERT_THAT(request->images, SizeIs(2));
  EXPECT_EQ(request->images[1]->ToString(), "two");
  ASSERT_THAT(request->outputs, SizeIs(1));
  EXPECT_EQ(request->outputs[0].name, "label");
  EXPECT_TRUE(request->outputs[0].binary);
}

TEST(InferRequestTest, images_behind_the_json_have_their_lengths) {
  const std::string data("\3\0\0\0one\0\0\0\0", 11);
  const std::string json = Request(R"("shape":[2],"parameters":{"binary_data_size":11})",
                                   R"(,"parameters":{"binary_data_output":true})");
  const auto request = Parse(json + data, Length(json));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->images[0]->ToString(), "one");
  EXPECT_EQ(request->images[1]->size(), 0);
  EXPECT_TRUE(request->binary_outputs);
  EXPECT_THAT(request->outputs, SizeIs(0));
}

TEST(InferRequestTest, lengths_that_do_not_agree_are_refused) {
  const std::string json = Request(R"("shape":[1],"parameters":{"binary_data_size":7})");
  const std::string data("\3\0\0\0one", 7);
  EXPECT_EQ(WhyNot(json + data, Length(json)), "it is one");
  EXPECT_THAT(WhyNot(json + data + "x", Length(json)), HasSubstr("is not what follows"));
  EXPECT_THAT(WhyNot(json + std::string("\4\0\0\0one", 7), Length(json)), HasSubstr("breaks off"));
  EXPECT_THAT(WhyNot(json + std::string("\1\0\0\0one", 7), Length(json)), HasSubstr("breaks off"));
  for (const char* length : {"-1", "99999", "x", "18446744073709551617"}) {
    EXPECT_THAT(WhyNot(json + data, length), HasSubstr("Inference-Header-Content-Length"));
  }
  EXPECT_THAT(WhyNot(json + data), HasSubstr("is no JSON"));
}

TEST(InferRequestTest, what_is_no_request_is_refused) {
  EXPECT_THAT(WhyNot("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(WhyNot(R"({"inputs":[NaN]})"), HasSubstr("is no JSON"));
  EXPECT_THAT(WhyNot("{}"), HasSubstr("one input"));
  EXPECT_THAT(WhyNot(R"({"inputs":{}})"), HasSubstr("`inputs` is no list"));
  EXPECT_THAT(WhyNot(R"({"inputs":[{"name":"x"}]})"), HasSubstr("no input `x`"));
  EXPECT_THAT(WhyNot(R"({"inputs":[{"name":"images","datatype":"FP32"}]})"),
              HasSubstr("is of type BYTES, got `FP32`"));
  for (const char* shape : {"[]", "[0]", "[1,2]", "[1,1,1]", "[1.5]", "[\"1\"]"}) {
    EXPECT_THAT(WhyNot(Request("\"shape\":" + std::string(shape))), HasSubstr("[n] or [n, 1]"));
  }
  EXPECT_THAT(WhyNot(Request(R"("shape":[33])")), HasSubstr("32 images at most"));
  EXPECT_THAT(WhyNot(Request(R"("shape":[2],"data":["b25l"])")),
              HasSubstr("says 2, its data has 1"));
  EXPECT_THAT(WhyNot(Request(R"("shape":[1],"data":["no base64!"])")), HasSubstr("not base64"));
  EXPECT_THAT(WhyNot(Request(R"("shape":[1],"data":[[["b25l"]]])")), HasSubstr("list of base64"));
  EXPECT_THAT(WhyNot(Request(R"("shape":[1])")), HasSubstr("list of base64"));
  EXPECT_THAT(WhyNot(Request(R"("shape":[1],"data":["b25l"])",
                             R"(,"outputs":[{"name":"label","parameters":{"classification":3}}])")),
              HasSubstr("`classification`"));
}

}  // namespace
}  // namespace pomona
