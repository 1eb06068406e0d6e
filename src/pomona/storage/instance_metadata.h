#pragma once

#include <string>

namespace pomona {

/// Where an EC2 instance says its role and region: AWS_EC2_METADATA_SERVICE_ENDPOINT, else the
/// address of every instance.
std::string MetadataEndpoint();

/// Asks that server once, for a second and a half at most, whether it is there; anything it
/// answers will do. Elsewhere than on an instance the SDK would wait for it a dozen times over,
/// in silence, for keys and for a region, although both may be known.
///
/// False: it does not answer, and AWS_EC2_METADATA_DISABLED is set to "true" for this process, so
/// that the SDK does not ask. True as well where nobody will ask: keys and region are in the
/// environment, or it is disabled already. To be called before the SDK starts, by one thread.
bool ProbeInstanceMetadata();

}  // namespace pomona
