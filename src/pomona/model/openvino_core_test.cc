#include "pomona/model/openvino_core.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace pomona {
namespace {

TEST(OpenVinoMessage, keeps_the_one_line_that_matters) {
  EXPECT_EQ(OpenVinoMessage("Exception from src/inference/src/cpp/core.cpp:97:\n"
                            "Exception from src/frontends/ir/src/input_model.cpp:33:\n"
                            "Check 'a == b' failed at src/frontends/ir/src/x.cpp:12:\n"
                            "Incorrect weights in bin file!\n\n"),
            "Incorrect weights in bin file!");
}

TEST(OpenVinoMessage, joins_lines_and_drops_repeats) {
  EXPECT_EQ(OpenVinoMessage("first:\n  second\nfirst\n"), "first; second");
}

TEST(OpenVinoMessage, is_never_empty_nor_endless) {
  EXPECT_EQ(OpenVinoMessage("Exception from src/a.cpp:1:\n"),
            "no reason given by the inference engine");
  EXPECT_EQ(OpenVinoMessage(std::string(10'000, 'x')).size(), 403U);
}

TEST(OpenVinoError, tells_where_there_is_no_memory) {
  EXPECT_TRUE(OpenVinoError(arrow::StatusCode::Invalid, "cannot do it",
                            std::runtime_error("Exception from src/a.cpp:1:\nstd::bad_alloc\n"))
                  .IsOutOfMemory());
}

TEST(OpenVinoError, ends_with_the_hint) {
  const auto status = OpenVinoError(arrow::StatusCode::Invalid, "cannot do it",
                                    std::runtime_error("because"), "do another");
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_EQ(status.message(), "cannot do it: because\nhint: do another");
}

}  // namespace
}  // namespace pomona
