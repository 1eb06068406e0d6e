#include "pomona/model/onnx_external_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_onnx.h"

namespace pomona {
namespace {

using namespace test_onnx;  // NOLINT
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

arrow::Result<std::set<std::string>> Locations(const std::string& onnx) {
  return OnnxExternalLocations({reinterpret_cast<const uint8_t*>(onnx.data()), onnx.size()});
}

std::string At(std::string_view location) { return External("t", {1}, location); }

TEST(OnnxExternalLocations, finds_every_place_that_a_tensor_can_be_in) {
  const std::string sparse = Field(1, At("values")) + Field(2, At("indices"));
  const std::string subgraph = Field(5, At("subgraph"));
  const std::string attributes = Field(5, Field(5, At("t"))) + Field(5, Field(10, At("tensors"))) +
                                 Field(5, Field(6, subgraph)) +
                                 Field(5, Field(11, Field(5, At("graphs")))) +
                                 Field(5, Field(22, Field(1, At("sparse_tensor")))) +
                                 Field(5, Field(23, Field(1, At("sparse_tensors"))));
  const std::string graph = Field(1, attributes) + Field(5, At("initializer")) + Field(15, sparse);
  const std::string function =
      Field(7, Field(5, Field(5, At("function")))) + Field(11, Field(5, At("function attribute")));
  const std::string training =
      Field(1, Field(5, At("initialization"))) + Field(2, Field(5, At("algorithm")));
  const auto found = Locations(Model(graph) + Field(25, function) + Field(20, training));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(*found, ElementsAre("algorithm", "function", "function attribute", "graphs",
                                  "indices", "initialization", "initializer", "sparse_tensor",
                                  "sparse_tensors", "subgraph", "t", "tensors", "values"));
}

TEST(OnnxExternalLocations, names_each_place_once) {
  EXPECT_THAT(*Locations(Classifier("sub/weights.bin")), ElementsAre("sub/weights.bin"));
}

TEST(OnnxExternalLocations, leaves_out_tensors_whose_data_is_inside) {
  const std::string inside = Field(9, std::string(1'000, 'x')) + Pair("location", "unused");
  EXPECT_THAT(*Locations(Model(Field(5, inside + Number(14, 0)))), IsEmpty());
  EXPECT_THAT(*Locations(Model(Field(5, inside))), IsEmpty());
  EXPECT_THAT(*Locations(""), IsEmpty());
}

TEST(OnnxExternalLocations, refuses_an_external_tensor_without_a_place) {
  EXPECT_THAT(Locations(Model(Field(5, Pair("offset", "0") + Number(14, 1)))).status().message(),
              HasSubstr("names no file"));
}

TEST(OnnxExternalLocations, refuses_what_is_no_graph) {
  EXPECT_TRUE(Locations("this is no network").status().IsInvalid());
  const std::string whole = Classifier("w");
  EXPECT_TRUE(Locations(whole.substr(0, whole.size() - 1)).status().IsInvalid());
}

TEST(OnnxExternalLocations, refuses_graphs_inside_graphs_without_end) {
  std::string graph = Field(5, At("deepest"));
  for (int i = 0; i < 30; ++i) graph = Field(1, Field(5, Field(6, graph)));
  EXPECT_THAT(*Locations(Model(graph)), ElementsAre("deepest"));
  for (int i = 0; i < 5'000; ++i) graph = Field(1, Field(5, Field(6, graph)));
  EXPECT_THAT(Locations(Model(graph)).status().message(), HasSubstr("100 levels deep"));
}

}  // namespace
}  // namespace pomona
