#include "pomona/storage/s3/multipart_xml.h"

#include <pugixml.hpp>
#include <utility>

#include "pomona/storage/s3/encoding.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

struct TextWriter : pugi::xml_writer {
  std::string text;
  void write(const void* data, size_t size) override {
    text.append(static_cast<const char*>(data), size);
  }
};

void AddChild(pugi::xml_node* parent, const char* name, const std::string& text) {
  parent->append_child(name).append_child(pugi::node_pcdata).set_value(text.c_str());
}

}  // namespace

std::string S3CompletionXml(std::span<const S3Part> parts) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  for (size_t i = 0; i < parts.size(); ++i) {
    pugi::xml_node part = root.append_child("Part");
    AddChild(&part, "ChecksumSHA256", parts[i].checksum);
    AddChild(&part, "ETag", "\"" + parts[i].etag + "\"");
    AddChild(&part, "PartNumber", std::to_string(i + 1));
  }
  TextWriter writer;
  document.save(writer, "", pugi::format_raw | pugi::format_no_declaration);
  return std::move(writer.text);
}

Result<std::string> ParseS3UploadId(std::string_view xml) {
  pugi::xml_document document;
  document.load_buffer(xml.data(), xml.size());
  std::string id = document.child("InitiateMultipartUploadResult").child_value("UploadId");
  if (id.empty()) return Status::IOError("an S3 server began an upload without a name");
  return id;
}

std::string ParseS3CompletedChecksum(std::string_view xml) {
  pugi::xml_document document;
  document.load_buffer(xml.data(), xml.size());
  return document.child("CompleteMultipartUploadResult").child_value("ChecksumSHA256");
}

Result<S3UploadsPage> S3UploadsPage::Parse(std::string_view xml) {
  pugi::xml_document document;
  document.load_buffer(xml.data(), xml.size());
  const pugi::xml_node root = document.child("ListMultipartUploadsResult");
  if (!root) return Status::NotImplemented("not an answer of an S3 listing of uploads");
  const bool encoded = std::string_view(root.child_value("EncodingType")) == "url";
  const auto key_of = [&](const pugi::xml_node& node, const char* name) {
    return encoded ? S3Decode(node.child_value(name)) : std::string(node.child_value(name));
  };
  S3UploadsPage page;
  for (const pugi::xml_node node : root.children("Upload")) {
    Upload upload{key_of(node, "Key"), node.child_value("UploadId")};
    if (upload.key.empty() || upload.id.empty()) {
      return Status::IOError("an S3 listing of uploads has one without a name");
    }
    page.uploads.push_back(std::move(upload));
  }
  page.is_last = std::string_view(root.child_value("IsTruncated")) != "true";
  page.next_key = key_of(root, "NextKeyMarker");
  page.next_id = root.child_value("NextUploadIdMarker");
  return page;
}

}  // namespace pomona
