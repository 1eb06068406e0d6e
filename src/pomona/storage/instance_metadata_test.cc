#include "pomona/storage/instance_metadata.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "scripted_http_server.h"

namespace pomona {
namespace {

using Request = ScriptedHttpServer::Request;
using Response = ScriptedHttpServer::Response;

class InstanceMetadataTest : public testing::Test {
 protected:
  InstanceMetadataTest() {
    for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION",
                             "AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED"}) {
      unsetenv(name);
    }
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server_.url().c_str(), 1);
  }
  static std::string Disabled() {
    const char* value = std::getenv("AWS_EC2_METADATA_DISABLED");
    return value == nullptr ? "" : value;
  }

  Response answer_{404, ""};
  ScriptedHttpServer server_{[this](const Request&) { return answer_; }};
};

TEST_F(InstanceMetadataTest, any_answer_leaves_the_server_to_the_sdk) {
  for (int status : {200, 401, 404, 503}) {
    answer_.status = status;
    EXPECT_TRUE(ProbeInstanceMetadata()) << status;
    EXPECT_EQ(Disabled(), "") << status;
  }
}

TEST_F(InstanceMetadataTest, deaf_server_is_asked_once_and_then_by_nobody) {
  answer_.ending = ScriptedHttpServer::Ending::kHang;
  EXPECT_FALSE(ProbeInstanceMetadata());
  EXPECT_EQ(Disabled(), "true");
  EXPECT_TRUE(ProbeInstanceMetadata());
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(InstanceMetadataTest, missing_server_is_found_out) {
  setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1/", 1);
  EXPECT_EQ(MetadataEndpoint(), "http://127.0.0.1:1");
  EXPECT_FALSE(ProbeInstanceMetadata());
}

TEST_F(InstanceMetadataTest, who_has_keys_and_a_region_asks_nobody) {
  setenv("AWS_ACCESS_KEY_ID", "k", 1);
  setenv("AWS_SECRET_ACCESS_KEY", "s", 1);
  setenv("AWS_REGION", "eu-west-1", 1);
  EXPECT_TRUE(ProbeInstanceMetadata());
  EXPECT_EQ(server_.connections(), 0);
}

}  // namespace
}  // namespace pomona
